package im.stanzabus.stanza;

/// Thrown for a text that is not an address by RFC 7622. The message says why and is fit to be sent to the user.
public final class JidSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    public JidSyntaxException(String message) {
        super(message, null, false, false);
    }
}
