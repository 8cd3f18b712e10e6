package im.stanzabus.stanza;

import org.jspecify.annotations.Nullable;

/// What stands for a character in XML that we write, so that every reader gets the same character. Values are written
/// between single quotes.
public final class XmlEscape {
    private XmlEscape() {}

    /// The escape in an attribute's value; null when the character may stand for itself.
    ///
    /// @throws IllegalArgumentException for a character that XML 1.0 has no way to write
    public static @Nullable String inValue(char c) {
        return switch (c) {
            case '\'' -> "&apos;";
            case '"' -> "&quot;";
            case '\t' -> "&#9;";
            case '\n' -> "&#10;";
            default -> inText(c);
        };
    }

    /// The escape in character data; null when the character may stand for itself.
    ///
    /// @throws IllegalArgumentException for a character that XML 1.0 has no way to write
    public static @Nullable String inText(char c) {
        return switch (c) {
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '&' -> "&amp;";
            case '\r' -> "&#13;";
            case '\t', '\n' -> null;
            default -> {
                if (c < ' ' || c >= '\ufffe') {
                    throw new IllegalArgumentException("not a character of XML: " + (int) c);
                }
                yield null;
            }
        };
    }
}
