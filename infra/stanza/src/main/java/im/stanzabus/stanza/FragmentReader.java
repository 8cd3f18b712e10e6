package im.stanzabus.stanza;

import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// Reads the inside of a stanza, which was parsed strictly before, as trees.
public final class FragmentReader {
    private static final byte[] BEFORE = ("<p xmlns='" + Namespaces.CLIENT + "'>").getBytes(StandardCharsets.UTF_8);
    private static final byte[] AFTER = "</p>".getBytes(StandardCharsets.UTF_8);
    private static final String XML = "http://www.w3.org/XML/1998/namespace";

    private FragmentReader() {}

    /// The top-level elements of a payload.
    ///
    /// @throws IllegalArgumentException if the bytes are not a payload that was parsed before
    public static List<Element> read(byte[] payload) {
        byte[] document = new byte[BEFORE.length + payload.length + AFTER.length];
        System.arraycopy(BEFORE, 0, document, 0, BEFORE.length);
        System.arraycopy(payload, 0, document, BEFORE.length, payload.length);
        System.arraycopy(AFTER, 0, document, BEFORE.length + payload.length, AFTER.length);
        return element(document).children();
    }

    /// One whole element that stands on its own, such as a stored stanza or a test's expectation.
    ///
    /// @throws IllegalArgumentException if it is not well-formed
    public static Element element(byte[] document) {
        try {
            XMLStreamReader reader = XmlReaders.open(document, 0, document.length);
            try {
                reader.nextTag();
                Element root = tree(reader);
                while (reader.hasNext()) {
                    reader.next();
                }
                return root;
            } finally {
                reader.close();
            }
        } catch (XMLStreamException | RuntimeException e) { // Aalto throws both
            throw new IllegalArgumentException("not well-formed: " + e.getMessage(), e);
        }
    }

    /// The element at the reader's current start tag; afterwards the reader is at its end tag.
    private static Element tree(XMLStreamReader reader) throws XMLStreamException {
        Element.Builder builder = Element.builder(reader.getLocalName(), orEmpty(reader.getNamespaceURI()));
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            builder.attribute(attributeKey(reader, i), reader.getAttributeValue(i));
        }
        int event = reader.next();
        while (event != XMLStreamConstants.END_ELEMENT) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                builder.child(tree(reader));
                event = reader.next();
            } else {
                event = text(reader, builder);
            }
        }
        return builder.build();
    }

    /// Adds the text that the reader is at, which may come in pieces; returns the event behind it.
    private static int text(XMLStreamReader reader, Element.Builder builder) throws XMLStreamException {
        String first = reader.getText();
        StringBuilder all = null;
        int event = reader.next();
        while (event != XMLStreamConstants.START_ELEMENT && event != XMLStreamConstants.END_ELEMENT) {
            all = all == null ? new StringBuilder(first) : all;
            all.append(reader.getText());
            event = reader.next();
        }
        builder.text(all == null ? first : all.toString());
        return event;
    }

    private static String attributeKey(XMLStreamReader reader, int index) {
        String namespace = orEmpty(reader.getAttributeNamespace(index));
        String local = reader.getAttributeLocalName(index);
        if (namespace.isEmpty()) {
            return local;
        }
        return namespace.equals(XML) ? "xml:" + local : '{' + namespace + '}' + local;
    }

    private static String orEmpty(@Nullable String uri) {
        return uri == null ? "" : uri;
    }
}
