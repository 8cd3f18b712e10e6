package im.stanzabus.stanza.xml;

import static java.nio.charset.StandardCharsets.UTF_8;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.ElementName;
import im.stanzabus.stanza.FragmentReader;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stanza.XmlReaders;
import java.util.Arrays;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// Reads one top-level element of a stream.
///
/// Nearly all are stanzas of a plain form, which {@link PlainStanza} reads. Others use nothing the stream's header
/// declared but the content namespace: they are read by the strict reader, and their payload is cut out of the bytes as
/// well. The rest, and those that are broken, go the slow way: they are read inside a start tag that declares what the
/// header did, as a tree, and the payload is written anew.
final class ContentParser {
    private static final byte[] CLOSE = "</stream:stream>".getBytes(UTF_8);
    private static final ElementName[] NO_NAMES = {};

    private static final ContentParser CLIENT = new ContentParser(Namespaces.CLIENT);

    private final String contentNamespace;
    private final boolean client;

    private ContentParser(String contentNamespace) {
        this.contentNamespace = contentNamespace;
        this.client = contentNamespace.equals(Namespaces.CLIENT);
    }

    static ContentParser of(String contentNamespace) {
        return contentNamespace.equals(Namespaces.CLIENT) ? CLIENT : new ContentParser(contentNamespace);
    }

    /// Reads the element at `from`.
    ///
    /// @param inner where the start tag ends, -1 for an empty element
    /// @param innerEnd where the end tag begins, -1 for an empty element
    /// @param declarations the namespaces that the header declared besides the usual ones
    StreamEvent parse(
            byte[] bytes, int from, int to, int inner, int innerEnd, @Nullable String declarations, StreamLimits limits)
            throws StreamErrorException {
        Utf8.check(bytes, from, to);
        StreamEvent plain = PlainStanza.read(bytes, from, to, inner, innerEnd, contentNamespace, limits);
        return plain != null ? plain : strict(bytes, from, to, inner, innerEnd, declarations, limits);
    }

    /// As above, of any form.
    StreamEvent strict(
            byte[] bytes, int from, int to, int inner, int innerEnd, @Nullable String declarations, StreamLimits limits)
            throws StreamErrorException {
        StreamEvent event = null;
        try {
            XMLStreamReader reader = XmlReaders.open(bytes, from, to);
            event = fast(reader, bytes, inner, innerEnd, limits);
            reader.close();
        } catch (XMLStreamException | RuntimeException e) { // Aalto throws both
            // It may use a prefix of the header; otherwise the slow way fails too.
        }
        return event != null ? event : slow(document(bytes, from, to, declarations), limits);
    }

    private @Nullable StreamEvent fast(
            XMLStreamReader reader, byte[] bytes, int inner, int innerEnd, StreamLimits limits)
            throws XMLStreamException, StreamErrorException {
        reader.next();
        Stanza.Kind kind = StanzaBuilder.kind(reader.getLocalName());
        if (kind == null || !usesContentNamespaceOnly(reader)) {
            return null;
        }
        StanzaBuilder stanza = new StanzaBuilder(kind);
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            String prefix = reader.getAttributePrefix(i);
            if (prefix == null || prefix.isEmpty()) {
                stanza.attribute(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
            } else if (prefix.equals("xml") && reader.getAttributeLocalName(i).equals("lang")) {
                stanza.lang(reader.getAttributeValue(i));
            }
        }
        ElementName[] names = children(reader, limits);
        if (names == null) {
            return null;
        }
        return stanza.build(
                names.length == 0 ? Payload.EMPTY : new Payload(Arrays.copyOfRange(bytes, inner, innerEnd), names));
    }

    private boolean usesContentNamespaceOnly(XMLStreamReader reader) {
        String prefix = reader.getPrefix();
        if (prefix != null && !prefix.isEmpty()) {
            return false;
        }
        return switch (reader.getNamespaceCount()) {
            case 0 -> true;
            case 1 -> isDefault(reader.getNamespacePrefix(0)) && contentNamespace.equals(reader.getNamespaceURI(0));
            default -> false;
        };
    }

    private static boolean isDefault(@Nullable String prefix) {
        return prefix == null || prefix.isEmpty();
    }

    /// The names of the children, or null if the payload must be written anew.
    private ElementName @Nullable [] children(XMLStreamReader reader, StreamLimits limits)
            throws XMLStreamException, StreamErrorException {
        ElementName[] names = NO_NAMES;
        int count = 0;
        int depth = 1;
        while (depth > 0) {
            int event = reader.next();
            StrictXml.check(reader, event, limits);
            if (event == XMLStreamConstants.START_ELEMENT) {
                if (!client && isContent(reader)) {
                    return null; // what is in the content namespace must not name it
                }
                if (++depth == 2) {
                    if (count == names.length) {
                        names = Arrays.copyOf(names, Math.max(4, 2 * count));
                    }
                    if (reader.getNamespaceCount() > 0 && isContent(reader)) {
                        return null; // servers and components would see another namespace than their own
                    }
                    names[count++] = name(reader);
                }
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            } else if (depth == 1 && !reader.isWhiteSpace()) {
                return null;
            }
        }
        if (reader.next() != XMLStreamConstants.END_DOCUMENT) {
            throw Refusal.notWellFormed(StrictXml.BROKEN);
        }
        return count == names.length ? names : Arrays.copyOf(names, count);
    }

    private boolean isContent(XMLStreamReader reader) {
        return contentNamespace.equals(reader.getNamespaceURI());
    }

    /// In a payload, elements without a namespace of their own are in `jabber:client`, whatever the stream is.
    private static ElementName name(XMLStreamReader reader) {
        String namespace = reader.getNamespaceURI();
        if (namespace == null || namespace.isEmpty()) {
            namespace = Namespaces.CLIENT;
            for (int i = 0; i < reader.getNamespaceCount(); i++) {
                if (isDefault(reader.getNamespacePrefix(i))) {
                    namespace = "";
                }
            }
        }
        return ElementNames.of(namespace, reader.getLocalName());
    }

    private byte[] document(byte[] bytes, int from, int to, @Nullable String declarations) {
        byte[] open = ("<stream:stream xmlns='" + contentNamespace + "' xmlns:stream='" + Namespaces.STREAMS + "'"
                        + (declarations == null ? "" : declarations) + ">")
                .getBytes(UTF_8);
        byte[] document = new byte[open.length + to - from + CLOSE.length];
        System.arraycopy(open, 0, document, 0, open.length);
        System.arraycopy(bytes, from, document, open.length, to - from);
        System.arraycopy(CLOSE, 0, document, open.length + to - from, CLOSE.length);
        return document;
    }

    private StreamEvent slow(byte[] document, StreamLimits limits) throws StreamErrorException {
        StrictXml.checkInside(document, limits);
        Element element = FragmentReader.element(document).children().getFirst();
        if (!element.namespace().equals(contentNamespace)) {
            return new StreamEvent.Nonza(element);
        }
        Stanza.Kind kind = StanzaBuilder.kind(element.name());
        if (kind == null && isHandshake(element)) {
            return new StreamEvent.Nonza(element);
        }
        if (kind == null) {
            throw new StreamErrorException(
                    Condition.UNSUPPORTED_STANZA_TYPE, "expected a message, a presence or an IQ");
        }
        StanzaBuilder stanza = new StanzaBuilder(kind);
        element.attributes().forEach(stanza::attribute);
        stanza.lang(element.attribute("xml:lang"));
        return stanza.build(Rewriting.payload(element, contentNamespace, limits));
    }

    /// That of a component (XEP-0114 section 3), whichever side has connected.
    private static boolean isHandshake(Element element) {
        return element.is("handshake", Namespaces.COMPONENT) || element.is("handshake", Namespaces.COMPONENT_CONNECT);
    }
}
