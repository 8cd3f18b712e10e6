package im.stanzabus.sender;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stanza.xml.StreamLimits;
import im.stanzabus.stanza.xml.StreamParser;
import java.nio.charset.StandardCharsets;

/// Reads the text of one stanza as strictly as a stream of a client is read (RFC 6120 sections 8
/// and 11).
final class StanzaText {
    private static final String ONE = "not one message, presence or iq in jabber:client: ";

    /// What a text is.
    sealed interface Reading {}

    /// A stanza that says from whom and to whom it is.
    record Addressed(Stanza stanza, Jid from, Jid to) implements Reading {}

    /// None that can be sent.
    ///
    /// @param reason in words for people
    record Wrong(String reason) implements Reading {}

    private StanzaText() {}

    static Reading read(String text) {
        StreamParser parser = StreamParser.forFrames(StreamLimits.DEFAULT, Namespaces.CLIENT);
        parser.feed(text.getBytes(StandardCharsets.UTF_8));
        StreamEvent event;
        try {
            event = parser.next();
        } catch (StreamErrorException e) {
            return new Wrong(String.valueOf(e.getMessage()));
        }
        return switch (event) {
            case null -> new Wrong(parser.hasUnread() ? ONE + "it does not end" : ONE + "there is nothing");
            case Stanza stanza when parser.hasUnread() -> new Wrong(ONE + "something follows the " + name(stanza));
            case Stanza stanza -> addressed(stanza);
            case StreamEvent.BadStanza bad -> new Wrong(words(bad.error()));
            case StreamEvent.Nonza nonza -> new Wrong(ONE + nonza.element().name());
            case StreamEvent.Opened _, StreamEvent.Closed _ -> new Wrong(ONE + "a part of a stream");
        };
    }

    private static Reading addressed(Stanza stanza) {
        Jid from = stanza.from();
        Jid to = stanza.to();
        if (from == null) {
            return new Wrong("the " + name(stanza) + " has no from");
        }
        return to == null ? new Wrong("the " + name(stanza) + " has no to") : new Addressed(stanza, from, to);
    }

    private static String name(Stanza stanza) {
        return stanza.kind().wire();
    }

    private static String words(StanzaError error) {
        return error.condition().wire() + (error.text() == null ? "" : ": " + error.text());
    }
}
