package im.stanzabus.c2s;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import org.jspecify.annotations.Nullable;

/// The stream header that answers the client's (RFC 6120 section 4.7).
final class StreamHeader {
    private StreamHeader() {}

    /// @param to the client as it named itself
    static String text(String id, String from, @Nullable Jid to) {
        return "<?xml version='1.0'?><stream:stream xmlns='" + Namespaces.CLIENT + "' xmlns:stream='"
                + Namespaces.STREAMS + "' id='" + id + "' from='" + ascii(from) + "'"
                + (to == null ? "" : " to='" + ascii(to.toString()) + "'")
                + " version='1.0' xml:lang='en'>";
    }

    /// An address as an attribute's value in ASCII; what is special in XML can be in a resourcepart.
    private static String ascii(String address) {
        StringBuilder text = new StringBuilder(address.length());
        address.codePoints().forEach(c -> {
            if (c < 0x80 && "<>&'\"".indexOf(c) < 0) {
                text.append((char) c);
            } else {
                text.append("&#").append(c).append(';');
            }
        });
        return text.toString();
    }

    /// True for a version that this server can speak (RFC 6120 section 4.7.5): 1.0 and what is compatible
    /// with it.
    static boolean isSupported(@Nullable String version) {
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
