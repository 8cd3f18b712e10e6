package im.stanzabus.processor.loading;

import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;

/// Which stanzas take part in the promise that what is acknowledged is not lost, and which may be
/// answered with an error.
final class Promised {
    private Promised() {}

    /// Messages of the types chat and normal, IQ requests, presence that manages subscriptions.
    static boolean isPromised(Stanza stanza) {
        return switch (stanza.kind()) {
            case MESSAGE -> stanza.type() == StanzaType.CHAT || stanza.type() == StanzaType.NORMAL;
            case IQ -> stanza.isRequest();
            case PRESENCE -> stanza.type().isSubscription();
        };
    }

    /// RFC 6120 section 8.3.1, RFC 6121 section 8.5: errors, results and presence that asks for
    /// nothing have no errors.
    static boolean isAnswerable(Stanza stanza) {
        return switch (stanza.kind()) {
            case MESSAGE -> !stanza.isError();
            case IQ -> stanza.isRequest();
            case PRESENCE -> stanza.type() == StanzaType.SUBSCRIBE || stanza.type() == StanzaType.AVAILABLE;
        };
    }
}
