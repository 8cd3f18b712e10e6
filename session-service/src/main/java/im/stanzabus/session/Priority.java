package im.stanzabus.session;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Payload;
import org.jspecify.annotations.Nullable;

/// The priority of a presence (RFC 6121 section 4.7.2.3).
final class Priority {
    private Priority() {}

    /// 0 if there is none; null if what is there is no priority.
    static @Nullable Byte read(Payload payload) {
        Element element = payload.child("priority", Namespaces.CLIENT);
        if (element == null) {
            return 0;
        }
        try {
            return Byte.valueOf(element.text().strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static byte orZero(Payload payload) {
        Byte read = read(payload);
        return read == null ? 0 : read;
    }
}
