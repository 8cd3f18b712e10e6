package im.stanzabus.c2s;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import org.jspecify.annotations.Nullable;

/// What a bound client may ask that concerns its stream and not its account.
final class StreamRequests {
    private StreamRequests() {}

    static boolean isForServer(@Nullable Jid to, Jid client) {
        return to == null || to.toString().equals(client.domain()) || to.equals(client.bare());
    }

    /// The answer to a request of the client; null if it is not for the gateway to answer.
    static @Nullable Stanza answer(Stanza iq, Jid client) {
        if (iq.payload().has("bind", Namespaces.BIND)) {
            // RFC 6120 section 7.1: one resource per stream
            return iq.withFrom(client).error(Condition.NOT_ALLOWED);
        }
        if (iq.type() == StanzaType.SET && iq.payload().has("session", Namespaces.SESSION)) {
            return iq.withFrom(client).result();
        }
        return null;
    }
}
