package im.stanzabus.stanza.xml;

import im.stanzabus.stanza.StreamErrorException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The XML declaration at the start of a stream (RFC 6120 sections 11.5 and 11.6).
final class XmlDeclaration {
    private static final Pattern SYNTAX = Pattern.compile("""
            <\\?xml\\s+version\\s*=\\s*(?:'1\\.0'|"1\\.0")\
            (?:\\s+encoding\\s*=\\s*(?:'(?<apos>[A-Za-z][A-Za-z0-9._-]*)'|"(?<quot>[A-Za-z][A-Za-z0-9._-]*)"))?\
            (?:\\s+standalone\\s*=\\s*(?:'(?:yes|no)'|"(?:yes|no)"))?\\s*\\?>""");

    private XmlDeclaration() {}

    /// @throws StreamErrorException `restricted-xml` for another processing instruction, `not-well-formed` for a
    ///     declaration that is none of XML 1.0, `unsupported-encoding` for any encoding but UTF-8
    static void check(byte[] bytes, int from, int to) throws StreamErrorException {
        String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        if (!text.matches("(?s)<\\?xml[\\s?].*")) {
            throw Refusal.restricted();
        }
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw Refusal.notWellFormed("not a declaration of XML 1.0");
        }
        String encoding = matcher.group("apos") == null ? matcher.group("quot") : matcher.group("apos");
        if (encoding != null && !encoding.equalsIgnoreCase("UTF-8")) {
            throw Refusal.encoding();
        }
    }
}
