package im.stanzabus.stream;

import im.stanzabus.stanza.Namespaces;
import org.jspecify.annotations.Nullable;

/// A stream header that we write (RFC 6120 section 4.7), as the initiator of the stream or in
/// answer to it.
///
/// @param namespace the content namespace, such as `jabber:client`
/// @param dialback whether the namespace of Server Dialback is declared, which announces it
///     (XEP-0220 section 2.4.1)
/// @param id that of the stream, which its receiver gives it; null in the header of the initiator
/// @param from who writes; null if it does not say
/// @param to the peer as it named itself or as it is wanted; null if it did not name itself
/// @param versioned whether XMPP 1.0 is spoken; without, there are no stream features
public record StreamHeader(
        String namespace,
        boolean dialback,
        @Nullable String id,
        @Nullable String from,
        @Nullable String to,
        boolean versioned) {

    /// The header that begins a stream.
    public static StreamHeader initial(String namespace, @Nullable String from, String to) {
        return new StreamHeader(namespace, false, null, from, to, true);
    }

    /// The header that answers the peer's.
    public static StreamHeader answer(String namespace, String id, String from, @Nullable String to) {
        return new StreamHeader(namespace, false, id, from, to, true);
    }

    public StreamHeader withDialback() {
        return new StreamHeader(namespace, true, id, from, to, versioned);
    }

    /// For peers without XMPP 1.0, such as components (XEP-0114).
    public StreamHeader withoutVersion() {
        return new StreamHeader(namespace, dialback, id, from, to, false);
    }

    /// The XML declaration and the start tag, in ASCII.
    public String text() {
        StringBuilder text = new StringBuilder(192).append("<?xml version='1.0'?><stream:stream");
        attribute(text, "xmlns", namespace);
        attribute(text, "xmlns:stream", Namespaces.STREAMS);
        attribute(text, "xmlns:db", dialback ? Namespaces.DIALBACK : null);
        attribute(text, "id", id);
        attribute(text, "from", from);
        attribute(text, "to", to);
        attribute(text, "version", versioned ? "1.0" : null);
        attribute(text, "xml:lang", "en");
        return text.append('>').toString();
    }

    private static void attribute(StringBuilder text, String name, @Nullable String value) {
        if (value != null) {
            text.append(' ').append(name).append("='");
            ascii(text, value);
            text.append('\'');
        }
    }

    /// What is special in XML can be in a resourcepart.
    private static void ascii(StringBuilder text, String value) {
        value.codePoints().forEach(c -> {
            if (c < 0x80 && "<>&'\"".indexOf(c) < 0) {
                text.append((char) c);
            } else {
                text.append("&#").append(c).append(';');
            }
        });
    }

    /// True for a version that this server can speak (RFC 6120 section 4.7.5): 1.0 and what is
    /// compatible with it.
    public static boolean isSupported(@Nullable String version) {
        if (version == null) {
            return false;
        }
        int dot = version.indexOf('.');
        String major = dot < 0 ? "" : version.substring(0, dot);
        String minor = dot < 0 ? "" : version.substring(dot + 1);
        return isNumber(major) && isNumber(minor) && !major.chars().allMatch(c -> c == '0');
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() < 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
