package im.stanzabus.testkit;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// An element as a client sees it: immutable, with namespaces resolved and prefixes forgotten.
///
/// @param attributes by local name; those of a namespace as `{namespace}name`, those of XML's own as `xml:name`
/// @param content elements ({@link Xml}) and text ({@link String}) in document order
public record Xml(String namespace, String name, Map<String, String> attributes, List<Object> content) {
    private static final String XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";

    public Xml {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        content = List.copyOf(content);
    }

    /// The element of a document written in a test; the namespace is `jabber:client` where it gives none.
    ///
    /// @throws IllegalArgumentException if it is not well-formed or not one element
    public static Xml parse(String xml) {
        List<Xml> elements = parseAll(xml);
        if (elements.size() != 1) {
            throw new IllegalArgumentException("not one element: " + xml);
        }
        return elements.getFirst();
    }

    /// The elements of a fragment written in a test.
    public static List<Xml> parseAll(String fragment) {
        String document = "<stream:stream xmlns='jabber:client' xmlns:stream='" + Streams.NAMESPACE + "'>" + fragment
                + "</stream:stream>";
        try {
            XMLStreamReader reader = Streams.FACTORY.createXMLStreamReader(new StringReader(document));
            reader.nextTag();
            return read(reader).children();
        } catch (XMLStreamException e) {
            throw new IllegalArgumentException(e.getMessage() + " in " + fragment, e);
        }
    }

    /// Reads the element whose start tag the reader stands on, up to its end tag.
    static Xml read(XMLStreamReader reader) throws XMLStreamException {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            attributes.put(
                    key(reader.getAttributeNamespace(i), reader.getAttributeLocalName(i)), reader.getAttributeValue(i));
        }
        String namespace = reader.getNamespaceURI() == null ? "" : reader.getNamespaceURI();
        String name = reader.getLocalName();
        List<Object> content = new ArrayList<>();
        while (true) {
            switch (reader.next()) {
                case XMLStreamReader.START_ELEMENT -> content.add(read(reader));
                case XMLStreamReader.END_ELEMENT -> {
                    return new Xml(namespace, name, attributes, content);
                }
                case XMLStreamReader.CHARACTERS, XMLStreamReader.CDATA, XMLStreamReader.SPACE ->
                    content.add(reader.getText());
                default -> throw new XMLStreamException("XML that RFC 6120 section 11.1 forbids");
            }
        }
    }

    private static String key(@Nullable String namespace, String name) {
        if (namespace == null || namespace.isEmpty()) {
            return name;
        }
        return namespace.equals(XML_NAMESPACE) ? "xml:" + name : "{" + namespace + "}" + name;
    }

    /// An attribute, empty if it is missing.
    public String attribute(String key) {
        return attributes.getOrDefault(key, "");
    }

    public boolean has(String key) {
        return attributes.containsKey(key);
    }

    public boolean is(String otherName, String otherNamespace) {
        return name.equals(otherName) && namespace.equals(otherNamespace);
    }

    public List<Xml> children() {
        return content.stream()
                .filter(Xml.class::isInstance)
                .map(Xml.class::cast)
                .toList();
    }

    /// The first child of a name, in whatever namespace.
    ///
    /// @throws AssertionError if there is none
    public Xml child(String childName) {
        return children().stream()
                .filter(child -> child.name.equals(childName))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no <" + childName + "/> in " + this));
    }

    public boolean hasChild(String childName, String childNamespace) {
        return children().stream().anyMatch(child -> child.is(childName, childNamespace));
    }

    /// The text directly in the element.
    public String text() {
        StringBuilder text = new StringBuilder();
        content.stream().filter(String.class::isInstance).forEach(text::append);
        return text.toString();
    }

    /// The element in XML, with the namespace written where it differs from the parent's.
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        write(out, "jabber:client");
        return out.toString();
    }

    private void write(StringBuilder out, String outer) {
        out.append('<').append(name);
        if (!namespace.equals(outer)) {
            out.append(" xmlns='").append(escape(namespace)).append('\'');
        }
        attributes.forEach((key, value) ->
                out.append(' ').append(key).append("='").append(escape(value)).append('\''));
        out.append('>');
        for (Object part : content) {
            if (part instanceof Xml child) {
                child.write(out, namespace);
            } else {
                out.append(escape(part.toString()));
            }
        }
        out.append("</").append(name).append('>');
    }

    /// Text with everything escaped that has a meaning in XML.
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&apos;")
                .replace("\"", "&quot;");
    }
}
