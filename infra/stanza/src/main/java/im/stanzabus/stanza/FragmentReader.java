package im.stanzabus.stanza;

import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.codehaus.stax2.io.Stax2ByteArraySource;

/// Reads the inside of a stanza, which was parsed strictly before, as trees.
public final class FragmentReader {
    private static final byte[] BEFORE = ("<p xmlns='" + Namespaces.CLIENT + "'>").getBytes(StandardCharsets.UTF_8);
    private static final byte[] AFTER = "</p>".getBytes(StandardCharsets.UTF_8);
    private static final com.fasterxml.aalto.stax.InputFactoryImpl FACTORY = factory();

    private FragmentReader() {}

    private static com.fasterxml.aalto.stax.InputFactoryImpl factory() {
        com.fasterxml.aalto.stax.InputFactoryImpl factory = new com.fasterxml.aalto.stax.InputFactoryImpl();
        factory.setProperty(javax.xml.stream.XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(javax.xml.stream.XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

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
            XMLStreamReader reader =
                    FACTORY.createXMLStreamReader(new Stax2ByteArraySource(document, 0, document.length));
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
    static Element tree(XMLStreamReader reader) throws XMLStreamException {
        Element.Builder builder = Element.builder(reader.getLocalName(), namespace(reader.getNamespaceURI()));
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            builder.attribute(attributeKey(reader, i), reader.getAttributeValue(i));
        }
        while (true) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> builder.child(tree(reader));
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                    builder.text(reader.getText());
                case XMLStreamConstants.END_ELEMENT -> {
                    return builder.build();
                }
                default -> {}
            }
        }
    }

    private static String attributeKey(XMLStreamReader reader, int index) {
        String namespace = namespace(reader.getAttributeNamespace(index));
        String local = reader.getAttributeLocalName(index);
        if (namespace.isEmpty()) {
            return local;
        }
        return namespace.equals("http://www.w3.org/XML/1998/namespace")
                ? "xml:" + local
                : '{' + namespace + '}' + local;
    }

    @SuppressWarnings("ConstantValue") // a reader may say null for "no namespace"
    private static String namespace(@org.jspecify.annotations.Nullable String uri) {
        return uri == null ? "" : uri;
    }
}
