package im.stanzabus.s2s.dns;

/// No name server has answered, or none in a way that can be used: nothing is known of the name. The message is
/// fit for the log.
public final class DnsFailure extends Exception {
    private static final long serialVersionUID = 1L;

    DnsFailure(String message) {
        super(message, null, false, false);
    }
}
