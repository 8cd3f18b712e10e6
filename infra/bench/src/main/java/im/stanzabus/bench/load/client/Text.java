package im.stanzabus.bench.load.client;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can be said of one element without a parser. It is enough for what servers send to a user who knows
/// what to expect.
public final class Text {
    private static final List<String> QUOTES = List.of("'", "\"");
    private static final int LONG = 300;

    private Text() {}

    /// The first start tag, without what closes it.
    public static String startTag(String xml) {
        int end = xml.indexOf('>');
        return end < 0 ? xml : xml.substring(0, end);
    }

    /// An attribute of a start tag, as it is written there; empty if there is none.
    public static String attribute(String tag, String name) {
        for (String quote : QUOTES) {
            String value = between(tag, " " + name + "=" + quote, quote);
            if (value != null) {
                return value;
            }
        }
        return "";
    }

    static @Nullable String between(String xml, String left, String right) {
        int from = xml.indexOf(left);
        int to = from < 0 ? -1 : xml.indexOf(right, from + left.length());
        return to < 0 ? null : xml.substring(from + left.length(), to);
    }

    /// The text of an element that holds Base64 (RFC 6120 section 6.4); empty if it holds none.
    public static String decoded(String xml) {
        String text = between(xml, ">", "</");
        return text == null ? "" : new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8);
    }

    static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// For attributes in single quotes and for text.
    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;");
    }

    /// For people, who want to see the beginning.
    static String brief(String xml) {
        return xml.length() <= LONG ? xml : xml.substring(0, LONG) + "…";
    }
}
