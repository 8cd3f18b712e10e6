package im.stanzabus.offline.archive;

import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.ElementName;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.XmlText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an asker is sent of its archive (XEP-0313 section 4.2): each message in a message, then the end
/// of the page.
final class ArchiveAnswer {
    private static final ElementName[] RESULT = {new ElementName(Archive.NAMESPACE, "result")};
    private static final String END = "</forwarded></result>";

    private ArchiveAnswer() {}

    static IqRequest.Answer of(ArchiveIds ids, ArchiveQuery query, ArchivePage page, @Nullable Jid asker) {
        List<ArchivedMessage> order = query.flipped() ? page.messages().reversed() : page.messages();
        List<Stanza> results = new ArrayList<>(order.size());
        for (ArchivedMessage message : order) {
            results.add(new Stanza(
                    Stanza.Kind.MESSAGE,
                    StanzaType.NORMAL,
                    null,
                    query.account(),
                    asker,
                    null,
                    new Payload(result(ids.write(message.id()), query.queryId(), message), RESULT)));
        }
        return new IqRequest.Answer(List.copyOf(results), List.of(fin(ids, page)));
    }

    /// The stored bytes are put in as they are.
    private static byte[] result(String id, @Nullable String queryId, ArchivedMessage message) {
        Element start = Element.builder("result", Archive.NAMESPACE)
                .attribute("queryid", queryId)
                .attribute("id", id)
                .child(Element.builder("forwarded", Namespaces.FORWARD)
                        .child(Element.builder("delay", Namespaces.DELAY)
                                .attribute("stamp", time(message.received()))
                                .build())
                        .build())
                .build();
        String around = XmlText.write(List.of(start), "");
        byte[] head = around.substring(0, around.length() - END.length()).getBytes(StandardCharsets.UTF_8);
        byte[] tail = END.getBytes(StandardCharsets.UTF_8);
        byte[] whole = Arrays.copyOf(head, head.length + message.stanza().length + tail.length);
        System.arraycopy(message.stanza(), 0, whole, head.length, message.stanza().length);
        System.arraycopy(tail, 0, whole, whole.length - tail.length, tail.length);
        return whole;
    }

    /// Its ids are those of the oldest and the newest message of the page, also if it is flipped: that
    /// changes the order of sending only (section 4.3.4).
    private static Element fin(ArchiveIds ids, ArchivePage page) {
        Element.Builder set = Element.builder("set", PageRequest.NAMESPACE);
        if (!page.messages().isEmpty()) {
            set.childText("first", ids.write(page.messages().getFirst().id()));
            set.childText("last", ids.write(page.messages().getLast().id()));
        }
        if (page.count() != null) {
            set.childText("count", Long.toString(page.count()));
        }
        return Element.builder("fin", Archive.NAMESPACE)
                .attribute("complete", page.complete() ? "true" : null)
                .child(set.build())
                .build();
    }

    /// Section 5.
    static Element metadata(ArchiveIds ids, List<ArchivedMessage> ends) {
        Element.Builder metadata = Element.builder("metadata", Archive.NAMESPACE);
        if (!ends.isEmpty()) {
            metadata.child(end(ids, "start", ends.getFirst()));
            metadata.child(end(ids, "end", ends.getLast()));
        }
        return metadata.build();
    }

    private static Element end(ArchiveIds ids, String name, ArchivedMessage message) {
        return Element.builder(name, Archive.NAMESPACE)
                .attribute("id", ids.write(message.id()))
                .attribute("timestamp", time(message.received()))
                .build();
    }

    /// As exact as it is stored (XEP-0082): an asker that gives the time back finds the message.
    private static String time(Instant instant) {
        return DateTimeFormatter.ISO_INSTANT.format(instant);
    }
}
