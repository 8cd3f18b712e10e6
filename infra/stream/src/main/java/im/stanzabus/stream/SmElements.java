package im.stanzabus.stream;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StanzaError.Condition;
import org.jspecify.annotations.Nullable;

/// The elements of stream management on the wire (XEP-0198 section 13). Counts are 32 bits wide and start again at 0
/// (section 4).
public final class SmElements {
    public static final String NAMESPACE = "urn:xmpp:sm:3";
    public static final Element FEATURE = Element.of("sm", NAMESPACE);
    public static final String REQUEST = "<r xmlns='" + NAMESPACE + "'/>";

    /// How many counts there are.
    private static final long COUNTS = 1L << 32;

    /// How far behind its last word a client may be; further back is further ahead than it can be.
    private static final long MOST_BEHIND = 1 << 16;

    private SmElements() {}

    /// Tells what was handled.
    public static String ack(long h) {
        return "<a xmlns='" + NAMESPACE + "' h='" + (h & (COUNTS - 1)) + "'/>";
    }

    /// A stream that cannot be resumed.
    public static Element enabled() {
        return Element.of("enabled", NAMESPACE);
    }

    /// @param id by which the stream is resumed
    /// @param max how many seconds after its connection was lost
    /// @param location where the client should come back to (RFC 6120 section 4.9.3.19); empty for nowhere else
    public static Element enabled(String id, long max, String location) {
        return Element.builder("enabled", NAMESPACE)
                .attribute("id", id)
                .attribute("resume", "true")
                .attribute("max", String.valueOf(max))
                .attribute("location", location.isEmpty() ? null : location)
                .build();
    }

    /// @param id of the stream that goes on
    public static Element resumed(String id, long h) {
        return Element.builder("resumed", NAMESPACE)
                .attribute("previd", id)
                .attribute("h", count(h))
                .build();
    }

    /// Refuses what was asked (section 3).
    public static Element failed(Condition condition) {
        return failed(condition, -1);
    }

    /// @param h what was handled of a stream that is over; -1 if that is not known
    public static Element failed(Condition condition, long h) {
        return Element.builder("failed", NAMESPACE)
                .attribute("h", h < 0 ? null : count(h))
                .child(Element.of(condition.wire(), Namespaces.STANZA_ERRORS))
                .build();
    }

    /// Goes into a stream error (section 6).
    public static Element handledCountTooHigh(long h, long sent) {
        return Element.builder("handled-count-too-high", NAMESPACE)
                .attribute("h", count(h))
                .attribute("send-count", count(sent))
                .build();
    }

    private static String count(long number) {
        return String.valueOf(number & (COUNTS - 1));
    }

    /// Whether the element may be sent before stream management is enabled, at the wrong time or not.
    public static boolean begins(Element element) {
        return element.is("enable", NAMESPACE) || element.is("resume", NAMESPACE);
    }

    /// The count in an element; -1 if there is none.
    public static long h(Element element) {
        long h = number(element.attribute("h"));
        return h < COUNTS ? h : -1;
    }

    /// The longest time in seconds that a client wants its stream to be resumable; -1 if it does not say.
    public static long max(Element enable) {
        long max = number(enable.attribute("max"));
        return max == 0 ? -1 : max;
    }

    /// XML Schema's boolean.
    public static boolean wantsResumption(Element enable) {
        String value = enable.attribute("resume");
        return "true".equals(value) || "1".equals(value);
    }

    /// How many stanzas a client has that says `h`. It may say again what it has said before.
    ///
    /// @param before how many it is known to have
    /// @param sent how many it was sent
    /// @return -1 if it cannot have so many
    public static long acknowledged(long before, long sent, long h) {
        long ahead = (h - before) & (COUNTS - 1);
        if (ahead <= sent - before) {
            return before + ahead;
        }
        long behind = COUNTS - ahead;
        return behind <= Math.min(before, MOST_BEHIND) ? before : -1;
    }

    private static long number(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > 18) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return Long.parseLong(text);
    }
}
