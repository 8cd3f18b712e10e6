package im.stanzabus.stanza.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.ElementName;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.xml.stream.XMLStreamException;

/// Checks that a stream means the same to the stream parser and to another parser, and that what is forwarded means the
/// same to the receiver.
final class Agreement {
    static final String HEADER = header(Namespaces.CLIENT);

    private static final Set<Condition> BROKEN = Set.of(Condition.NOT_WELL_FORMED, Condition.UNSUPPORTED_ENCODING);

    private final String contentNamespace;

    private Agreement(String contentNamespace) {
        this.contentNamespace = contentNamespace;
    }

    private static String header(String contentNamespace) {
        return "<stream:stream xmlns='" + contentNamespace + "'"
                + " xmlns:stream='http://etherx.jabber.org/streams' xmlns:h='urn:example:header'>";
    }

    /// Reads what is inside a stream of clients, in pieces of the given size.
    static void check(byte[] inside, int piece) {
        check(Namespaces.CLIENT, inside, piece);
    }

    /// Reads what is inside a stream with that content namespace.
    static void check(String contentNamespace, byte[] inside, int piece) {
        new Agreement(contentNamespace).checkInside(inside, piece);
    }

    private void checkInside(byte[] inside, int piece) {
        StreamParser parser = new StreamParser(StreamLimits.DEFAULT, contentNamespace);
        List<StreamEvent> events = new ArrayList<>();
        try {
            read(parser, header(contentNamespace).getBytes(UTF_8), piece, events);
            read(parser, inside, piece, events);
        } catch (StreamErrorException e) {
            if (BROKEN.contains(e.error().condition()) && isWellFormed(inside)) {
                fail("refused (%s), but well-formed: %s", e.getMessage(), new String(inside, UTF_8));
            }
            return;
        }
        if (!parser.insideElement() && !(events.getLast() instanceof StreamEvent.Closed)) {
            compare(events.subList(1, events.size()), inside);
        }
    }

    /// Reads a stream from its start, which has the attributes that another parser sees.
    static void checkFromStart(byte[] stream, int piece) {
        StreamParser parser = new StreamParser(StreamLimits.DEFAULT, Namespaces.CLIENT);
        List<StreamEvent> events = new ArrayList<>();
        try {
            read(parser, stream, piece, events);
        } catch (StreamErrorException e) {
            return;
        }
        if (events.isEmpty() || parser.insideElement() || events.getLast() instanceof StreamEvent.Closed) {
            return;
        }
        String text = new String(stream, UTF_8).strip() + "</stream:stream>";
        try {
            Element root = Reference.root(text.getBytes(UTF_8));
            assertThat(root.is("stream", Namespaces.STREAMS)).isTrue();
            assertThat(events.getFirst())
                    .isInstanceOfSatisfying(
                            StreamEvent.Opened.class,
                            opened -> assertThat(opened)
                                    .isEqualTo(new StreamEvent.Opened(
                                            root.attribute("to"),
                                            root.attribute("from"),
                                            root.attribute("id"),
                                            root.attribute("version"),
                                            root.attribute("xml:lang"),
                                            opened.namespaces())));
        } catch (XMLStreamException e) {
            throw new AssertionError("opened, but not well-formed: " + text, e);
        }
    }

    private static void read(StreamParser parser, byte[] bytes, int piece, List<StreamEvent> events)
            throws StreamErrorException {
        for (int from = 0; from < bytes.length; from += piece) {
            parser.feed(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + piece)));
            for (StreamEvent event = parser.next(); event != null; event = parser.next()) {
                events.add(event);
            }
        }
    }

    private byte[] wrapped(byte[] inside) {
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        document.writeBytes(header(contentNamespace).getBytes(UTF_8));
        document.writeBytes(inside);
        document.writeBytes("</stream:stream>".getBytes(UTF_8));
        return document.toByteArray();
    }

    /// Each of the other parsers lets something pass that XML forbids; two of them hardly the same.
    private boolean isWellFormed(byte[] inside) {
        try {
            Reference.root(wrapped(inside));
            return Reference.isWellFormedForTheJdk(wrapped(inside));
        } catch (XMLStreamException e) {
            return false;
        }
    }

    private void compare(List<StreamEvent> events, byte[] inside) {
        List<Element> expected;
        try {
            expected = Reference.root(wrapped(inside)).children();
        } catch (XMLStreamException e) {
            throw new AssertionError("accepted, but not well-formed: " + new String(inside, UTF_8), e);
        }
        assertThat(events).hasSameSizeAs(expected);
        for (int i = 0; i < events.size(); i++) {
            compare(events.get(i), expected.get(i));
        }
    }

    private void compare(StreamEvent event, Element expected) {
        switch (event) {
            case StreamEvent.Nonza nonza ->
                assertThat(Reference.normal(nonza.element())).isEqualTo(expected);
            case Stanza stanza -> compare(stanza, expected);
            case StreamEvent.BadStanza bad -> {
                assertThat(bad.kind().wire()).isEqualTo(expected.name());
                assertThat(bad.id()).isEqualTo(expected.attribute("id"));
                assertThat(bad.rawTo()).isEqualTo(expected.attribute("to"));
            }
            case StreamEvent.Opened _, StreamEvent.Closed _ -> fail("unexpected " + event);
        }
    }

    private void compare(Stanza stanza, Element original) {
        assertThat(original.is(stanza.kind().wire(), contentNamespace)).isTrue();
        Element expected = inNamespaceOfClients(original);
        assertThat(stanza.id()).isEqualTo(expected.attribute("id"));
        assertThat(stanza.lang()).isEqualTo(expected.attribute("xml:lang"));
        assertThat(stanza.from() == null).isEqualTo(expected.attribute("from") == null);
        assertThat(stanza.to() == null).isEqualTo(expected.attribute("to") == null);
        Payload payload = stanza.payload();
        assertThat(Reference.normal(payload.children())).isEqualTo(expected.children());
        assertThat(IntStream.range(0, payload.size()).mapToObj(payload::name))
                .isEqualTo(expected.children().stream()
                        .map(child -> new ElementName(child.namespace(), child.name()))
                        .toList());
        assertReceived(new StanzaWriter().stanza(stanza).toBytes(), stanza, expected);
        assertReceived(new StanzaWriter().stanzaWithNamespace(stanza).toBytes(), stanza, expected);
    }

    private Element inNamespaceOfClients(Element element) {
        String namespace = element.namespace().equals(contentNamespace) ? Namespaces.CLIENT : element.namespace();
        List<Object> content = element.content().stream()
                .<Object>map(node -> node instanceof Element child ? inNamespaceOfClients(child) : node)
                .toList();
        return new Element(element.name(), namespace, element.attributes(), content);
    }

    private static void assertReceived(byte[] written, Stanza stanza, Element expected) {
        String text = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
                + new String(written, UTF_8) + "</stream:stream>";
        try {
            List<Element> received = Reference.root(text.getBytes(UTF_8)).children();
            assertThat(received).hasSize(1);
            Element element = received.getFirst();
            assertThat(element.children()).isEqualTo(expected.children());
            assertThat(element.attribute("id")).isEqualTo(expected.attribute("id"));
            assertThat(element.attribute("xml:lang")).isEqualTo(expected.attribute("xml:lang"));
            assertThat(element.attribute("type")).isEqualTo(stanza.type().wire());
            assertThat(element.attribute("to"))
                    .isEqualTo(stanza.to() == null ? null : stanza.to().toString());
        } catch (XMLStreamException e) {
            throw new AssertionError("cannot be forwarded: " + text, e);
        }
    }
}
