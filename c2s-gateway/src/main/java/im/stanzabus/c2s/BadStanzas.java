package im.stanzabus.c2s;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.StreamEvent;
import org.jspecify.annotations.Nullable;

/// Answers stanzas that the parser could not make sense of.
final class BadStanzas {
    private BadStanzas() {}

    /// The stanza error; null if the stanza is an answer itself (RFC 6120 section 8.3.1).
    ///
    /// @param client who sent it; null before it has a full address
    static @Nullable Stanza answer(StreamEvent.BadStanza bad, @Nullable Jid client) {
        return bad.type() == StanzaType.ERROR || bad.type() == StanzaType.RESULT
                ? null
                : new Stanza(
                        bad.kind(),
                        StanzaType.ERROR,
                        bad.id(),
                        bad.to(),
                        client,
                        null,
                        Payload.of(bad.error().toElement()));
    }
}
