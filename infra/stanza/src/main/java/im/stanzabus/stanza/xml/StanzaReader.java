package im.stanzabus.stanza.xml;

import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;

/// Reads stanzas that were stored: whole, as {@link StanzaWriter} or {@link im.stanzabus.stanza.XmlText} wrote them,
/// with or without `xmlns='jabber:client'`. Safe from any thread.
public final class StanzaReader {
    /// What has been stored was within the limits of its stream, whatever they were.
    private static final StreamLimits LIMITS = new StreamLimits(Integer.MAX_VALUE, 1024, 1024, 65_536);

    private StanzaReader() {}

    /// @throws IllegalArgumentException if it is not exactly one stanza
    public static Stanza read(byte[] document) {
        StreamParser parser = StreamParser.forFrames(LIMITS, Namespaces.CLIENT);
        parser.feed(document);
        try {
            StreamEvent event = parser.next();
            if (event instanceof Stanza stanza && !parser.hasUnread()) {
                return stanza;
            }
        } catch (StreamErrorException e) {
            throw new IllegalArgumentException("not a stanza: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("not a stanza");
    }
}
