package im.stanzabus.stanza.xml;

import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stanza.XmlReaders;
import im.stanzabus.stanza.XmlText;
import java.util.HashSet;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// The start tag of a stream (RFC 6120 sections 4.7 and 4.8).
///
/// @param opened what the peer said
/// @param declarations namespace declarations besides those of the content namespace and of the prefix `stream`, as
/// they
///     are written in a start tag; null when there are none, which is the rule
record StreamHeader(StreamEvent.Opened opened, @Nullable String declarations) {

    static StreamHeader parse(byte[] bytes, int from, int to, String contentNamespace, StreamLimits limits)
            throws StreamErrorException {
        Utf8.check(bytes, from, to);
        try {
            XMLStreamReader reader = XmlReaders.open(bytes, from, to);
            StrictXml.check(reader, reader.next(), limits);
            check(reader, contentNamespace);
            StreamHeader header = new StreamHeader(
                    new StreamEvent.Opened(
                            reader.getAttributeValue("", "to"),
                            reader.getAttributeValue("", "from"),
                            reader.getAttributeValue("", "id"),
                            reader.getAttributeValue("", "version"),
                            reader.getAttributeValue("http://www.w3.org/XML/1998/namespace", "lang"),
                            namespaces(reader)),
                    declarations(reader));
            reader.close();
            return header;
        } catch (XMLStreamException | RuntimeException e) { // Aalto throws both
            throw Refusal.notWellFormed(StrictXml.BROKEN);
        }
    }

    private static void check(XMLStreamReader reader, String contentNamespace) throws StreamErrorException {
        if (!Namespaces.STREAMS.equals(reader.getNamespaceURI())) {
            throw new StreamErrorException(Condition.INVALID_NAMESPACE, "a stream is in " + Namespaces.STREAMS);
        }
        if (!"stream".equals(reader.getPrefix())) {
            throw new StreamErrorException(Condition.BAD_NAMESPACE_PREFIX, "the prefix for streams is stream");
        }
        if (!reader.getLocalName().equals("stream")) {
            throw new StreamErrorException(Condition.BAD_FORMAT, "a stream begins with stream:stream");
        }
        if (!contentNamespace.equals(reader.getNamespaceURI(""))) {
            throw new StreamErrorException(
                    Condition.INVALID_NAMESPACE, "the default namespace here is " + contentNamespace);
        }
    }

    private static Set<String> namespaces(XMLStreamReader reader) {
        Set<String> extra = null;
        for (int i = 0; i < reader.getNamespaceCount(); i++) {
            if (isExtra(reader.getNamespacePrefix(i))) {
                extra = extra == null ? new HashSet<>() : extra;
                extra.add(reader.getNamespaceURI(i));
            }
        }
        return extra == null ? Set.of() : Set.copyOf(extra);
    }

    private static boolean isExtra(@Nullable String prefix) {
        return prefix != null && !prefix.isEmpty() && !prefix.equals("stream");
    }

    private static @Nullable String declarations(XMLStreamReader reader) {
        StringBuilder extra = null;
        for (int i = 0; i < reader.getNamespaceCount(); i++) {
            String prefix = reader.getNamespacePrefix(i);
            if (isExtra(prefix)) {
                extra = extra == null ? new StringBuilder() : extra;
                XmlText.attribute(extra, "xmlns:" + prefix, reader.getNamespaceURI(i));
            }
        }
        return extra == null ? null : extra.toString();
    }
}
