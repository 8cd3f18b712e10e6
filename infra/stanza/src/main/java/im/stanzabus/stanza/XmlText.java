package im.stanzabus.stanza;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Elements and stanzas as XML text. No prefixes are used but for attributes: each element declares its
/// namespace where it differs from the one around it.
public final class XmlText {
    private XmlText() {}

    /// One element as a text that stands on its own.
    public static String of(Element element) {
        return write(List.of(element), "");
    }

    /// A stanza, with `xmlns='jabber:client'` on it.
    public static String of(Stanza stanza) {
        return of(stanza.toElement());
    }

    /// Elements as the inside of a stanza.
    public static byte[] fragment(List<Element> elements) {
        return write(elements, Namespaces.CLIENT).getBytes(StandardCharsets.UTF_8);
    }

    /// Elements as text inside an element whose default namespace is `around`.
    ///
    /// @throws IllegalArgumentException if one holds a character that XML cannot carry
    public static String write(List<Element> elements, String around) {
        StringBuilder out = new StringBuilder(256);
        for (Element element : elements) {
            write(out, element, around);
        }
        return out.toString();
    }

    private static void write(StringBuilder out, Element element, String around) {
        out.append('<').append(element.name());
        if (!element.namespace().equals(around)) {
            attribute(out, "xmlns", element.namespace());
        }
        rest(out, element, element.name(), element.namespace());
    }

    /// Writes an element from behind its name: attributes, content and end tag.
    ///
    /// @param name the name as it was written
    /// @param inside the default namespace for the content
    public static void rest(StringBuilder out, Element element, String name, String inside) {
        int prefixes = 0;
        for (Map.Entry<String, String> attribute : element.attributes().entrySet()) {
            String key = attribute.getKey();
            if (key.startsWith("{")) {
                String prefix = "a" + prefixes++;
                int end = key.lastIndexOf('}'); // a namespace may have one itself
                attribute(out, "xmlns:" + prefix, key.substring(1, end));
                key = prefix + ':' + key.substring(end + 1);
            }
            attribute(out, key, attribute.getValue());
        }
        if (element.content().isEmpty()) {
            out.append("/>");
            return;
        }
        out.append('>');
        for (Object node : element.content()) {
            if (node instanceof Element child) {
                write(out, child, inside);
            } else {
                text(out, (String) node);
            }
        }
        out.append("</").append(name).append('>');
    }

    /// Writes one attribute, with a space before it.
    public static void attribute(StringBuilder out, String name, String value) {
        out.append(' ').append(name).append("='");
        for (int i = 0; i < value.length(); i++) {
            append(out, value.charAt(i), XmlEscape.inValue(value.charAt(i)));
        }
        out.append('\'');
    }

    private static void text(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            append(out, text.charAt(i), XmlEscape.inText(text.charAt(i)));
        }
    }

    private static void append(StringBuilder out, char c, @Nullable String escape) {
        if (escape == null) {
            out.append(c);
        } else {
            out.append(escape);
        }
    }
}
