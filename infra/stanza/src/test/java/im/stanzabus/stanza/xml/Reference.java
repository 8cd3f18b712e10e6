package im.stanzabus.stanza.xml;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ctc.wstx.stax.WstxInputFactory;
import im.stanzabus.stanza.Element;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.codehaus.stax2.XMLInputFactory2;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/// Another parser's understanding of a document: Woodstox, with a tree builder of its own.
final class Reference {
    private static final WstxInputFactory FACTORY = factory();
    private static final SAXParserFactory SAX = saxFactory();

    private Reference() {}

    private static WstxInputFactory factory() {
        WstxInputFactory factory = new WstxInputFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setProperty(XMLInputFactory2.P_LAZY_PARSING, false);
        return factory;
    }

    private static SAXParserFactory saxFactory() {
        SAXParserFactory factory = SAXParserFactory.newDefaultNSInstance();
        try {
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException(e);
        }
        return factory;
    }

    /// What the JDK's own parser thinks of a document.
    static boolean isWellFormedForTheJdk(byte[] document) {
        try {
            SAX.newSAXParser().parse(new ByteArrayInputStream(document), new DefaultHandler());
            return true;
        } catch (SAXException | IOException e) {
            return false;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The root element of a document.
    static Element root(byte[] document) throws XMLStreamException {
        XMLStreamReader reader = FACTORY.createXMLStreamReader(new StringReader(decoded(document)));
        int event = reader.next();
        while (event != XMLStreamConstants.START_ELEMENT) {
            event = reader.next();
        }
        Element root = tree(reader);
        while (reader.hasNext()) {
            reader.next();
        }
        return root;
    }

    /// The JDK's decoder is strict, Woodstox's own is not; and Woodstox lets U+FFFE and U+FFFF pass in values.
    private static String decoded(byte[] document) throws XMLStreamException {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString();
            if (text.indexOf('\uFFFE') >= 0 || text.indexOf('\uFFFF') >= 0) {
                throw new XMLStreamException("not a character of XML");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new XMLStreamException("not UTF-8", e);
        }
    }

    private static Element tree(XMLStreamReader reader) throws XMLStreamException {
        String name = reader.getLocalName();
        String namespace = reader.getNamespaceURI() == null ? "" : reader.getNamespaceURI();
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            attributes.put(key(reader, i), reader.getAttributeValue(i));
        }
        List<Object> content = new ArrayList<>();
        for (int event = reader.next(); event != XMLStreamConstants.END_ELEMENT; event = reader.next()) {
            switch (event) {
                case XMLStreamConstants.START_ELEMENT -> content.add(tree(reader));
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                    content.add(reader.getText());
                case XMLStreamConstants.ENTITY_REFERENCE -> throw new XMLStreamException("entity");
                default -> {}
            }
        }
        return normal(new Element(name, namespace, attributes, content));
    }

    private static String key(XMLStreamReader reader, int i) {
        String namespace = reader.getAttributeNamespace(i);
        String local = reader.getAttributeLocalName(i);
        if (namespace == null || namespace.isEmpty()) {
            return local;
        }
        return namespace.equals("http://www.w3.org/XML/1998/namespace")
                ? "xml:" + local
                : "{" + namespace + "}" + local;
    }

    /// The same tree with adjacent texts made one, so that trees can be compared.
    static Element normal(Element element) {
        List<Object> content = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (Object node : element.content()) {
            if (node instanceof Element child) {
                if (!text.isEmpty()) {
                    content.add(text.toString());
                    text.setLength(0);
                }
                content.add(normal(child));
            } else {
                text.append((String) node);
            }
        }
        if (!text.isEmpty()) {
            content.add(text.toString());
        }
        return new Element(element.name(), element.namespace(), element.attributes(), content);
    }

    static List<Element> normal(List<Element> elements) {
        return elements.stream().map(Reference::normal).toList();
    }
}
