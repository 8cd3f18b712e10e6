package im.stanzabus.s2s.remote;

import im.stanzabus.stanza.StanzaError;

/// There is no connection to a remote domain. The message is one line for the log that says of each target why.
public final class Unreachable extends Exception {
    private static final long serialVersionUID = 1L;

    private final StanzaError.Condition condition;

    Unreachable(StanzaError.Condition condition, String message) {
        super(message, null, false, false);
        this.condition = condition;
    }

    /// What to tell those who wait: `remote-server-not-found` if DNS says that there is no such domain, no XMPP
    /// service or no address (RFC 6120 section 8.3.3.16), else `remote-server-timeout` (section 8.3.3.17).
    public StanzaError.Condition condition() {
        return condition;
    }
}
