package im.stanzabus.stanza.xml;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/// Makes up the inside of streams: mostly well-formed, with every construct that readers could differ in, and sometimes
/// with something broken put anywhere.
final class XmlSource {
    private static final List<String> TOPS =
            List.of("message", "presence", "iq", "message", "r", "h:n", "stream:error");
    private static final List<String> DECLARATIONS = List.of(
            "",
            "",
            "\n",
            "<?xml version='1.0'?>",
            "<?xml version=\"1.0\" encoding='UTF-8'?>\n",
            " <?xml version = '1.0' encoding = \"utf-8\" standalone='yes' ?>");
    private static final List<String> NAMES =
            List.of("body", "x", "a", "b", "p:a", "q:b", "h:c", "stream:d", "xml-y", "ä");
    private static final List<String> ATTRIBUTES =
            List.of("to", "from", "id", "type", "xml:lang", "p:a", "q:a", "h:a", "a", "b", "xml:space");
    private static final List<String> NAMESPACES = List.of(
            "jabber:client",
            "jabber:server",
            "urn:x",
            "urn:y",
            "",
            "http://etherx.jabber.org/streams",
            "urn:ä&amp;",
            "urn:}x=&apos;1&apos;>{&lt;y/>");
    private static final List<String> TEXTS = List.of(
            "text",
            " ",
            "\n\t",
            "",
            "&lt;&amp;",
            "&#x41;&#66;",
            "ä€\uD83D\uDE00",
            "]]",
            "]]&gt;",
            ">",
            "'",
            "\"",
            "\r\n",
            "\r",
            "&#13;&#10;",
            "<![CDATA[<a>]]]]>",
            "<![CDATA[]]>",
            "<![CDATA[\r]]>",
            "&#x1F600;");
    private static final List<String> VALUES = List.of(
            "1",
            "chat",
            "get",
            "result",
            "a@b/c",
            "example.org",
            "",
            "@",
            "&lt;",
            "a\tb",
            "a\nb",
            "&#9;",
            "ä",
            ">",
            "]]>",
            "&quot;&apos;");
    private static final List<String> BROKEN = List.of(
            "<",
            ">",
            "&",
            "&#0;",
            "&#xD800;",
            "&#x110000;",
            "&#xFFFE;",
            "&foo;",
            "]]>",
            "<!--c-->",
            "<?pi?>",
            "<!DOCTYPE a>",
            "</a>",
            "<a>",
            "<:a/>",
            "<a:/>",
            "<a:b:c/>",
            "<1/>",
            "<a b/>",
            "<a b=c/>",
            "<a b='1'c='2'/>",
            "<a b='1' b='2'/>",
            "<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='1' q:b='2'/>",
            "<a xmlns:p=''/>",
            "<a xmlns:xml='urn:x'/>",
            "<a xmlns:xmlns='urn:x'/>",
            "<xmlns:a/>",
            "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
            "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>",
            "<a b='<'/>",
            "<a/ >",
            "< a/>",
            "</ a>",
            "<a b = '1' />",
            "<a b='&#0;'/>",
            "<a b='&x;'/>",
            "\u0000",
            "\u0001",
            "\u007f",
            "\u0085",
            "\u2028",
            "\uFFFE",
            "\uFEFF",
            "\uD800",
            "<a\u00d7/>",
            "<\u0300a/>",
            "<a\u0300/>",
            "<![CDATA[",
            "]]",
            "'",
            "\"",
            "=",
            "/",
            "<a xmlns:xml='http://www.w3.org/XML/1998/namespace'/>",
            "<a p:xmlns='1' xmlns:p='urn:p'/>",
            "&#65",
            "&#;",
            "&#x;",
            "&#xG;",
            "&#99999999999;",
            "&#x0000000041;",
            "&;",
            "& ");

    private final Random random;
    private final StringBuilder out = new StringBuilder();

    private XmlSource(Random random) {
        this.random = random;
    }

    static Arbitrary<String> wellFormedMostly() {
        return Arbitraries.randoms().map(XmlSource::inside);
    }

    static Arbitrary<String> starts() {
        return Arbitraries.randoms().map(random -> new XmlSource(random).start());
    }

    static String inside(Random random) {
        return new XmlSource(random).inside();
    }

    private String inside() {
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            element(TOPS, random.nextInt(4));
            out.append(random.nextInt(4) == 0 ? "\n" : "");
        }
        for (int broken = random.nextInt(8) - 5; broken > 0; broken--) {
            out.insert(random.nextInt(out.length() + 1), any(BROKEN));
        }
        if (random.nextInt(10) == 0) {
            out.deleteCharAt(random.nextInt(out.length()));
        }
        return out.toString();
    }

    private String start() {
        out.append(any(DECLARATIONS)).append("<stream:stream");
        for (String attribute : List.of("to", "from", "id", "version", "xml:lang", "xml:base", "a")) {
            if (random.nextInt(2) == 0) {
                attribute(attribute, any(VALUES));
            }
        }
        attribute("xmlns", "jabber:client");
        declare("h", 2);
        attribute("xmlns:stream", "http://etherx.jabber.org/streams");
        out.append(random.nextInt(6) == 0 ? "\n>" : ">");
        if (random.nextInt(3) == 0) {
            out.insert(random.nextInt(out.length() + 1), any(BROKEN));
        }
        if (random.nextInt(3) == 0) {
            out.deleteCharAt(random.nextInt(out.length()));
        }
        return out.toString();
    }

    private void element(List<String> names, int depth) {
        String name = any(names);
        out.append('<').append(name);
        declare("p", 5);
        declare("q", 5);
        if (random.nextInt(4) == 0) {
            attribute("xmlns", any(NAMESPACES));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            attribute(any(ATTRIBUTES), any(VALUES));
        }
        out.append(random.nextInt(6) == 0 ? " " : "");
        if (random.nextInt(4) == 0) {
            out.append("/>");
            return;
        }
        out.append('>');
        for (int i = random.nextInt(4); i > 0; i--) {
            if (depth > 0 && random.nextInt(3) > 0) {
                element(NAMES, depth - 1);
            } else {
                out.append(any(TEXTS));
            }
        }
        out.append("</").append(name).append(random.nextInt(8) == 0 ? " >" : ">");
    }

    private void declare(String prefix, int of) {
        if (random.nextInt(of) == 0) {
            attribute("xmlns:" + prefix, any(NAMESPACES));
        }
    }

    private void attribute(String name, String value) {
        String quote = value.contains("'") || random.nextInt(3) == 0 ? "\"" : "'";
        out.append(random.nextInt(8) == 0 ? "\n" : " ").append(name);
        out.append(random.nextInt(8) == 0 ? " = " : "=")
                .append(quote)
                .append(value)
                .append(quote);
    }

    private String any(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
