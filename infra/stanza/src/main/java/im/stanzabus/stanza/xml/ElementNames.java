package im.stanzabus.stanza.xml;

import static java.nio.charset.StandardCharsets.UTF_8;

import im.stanzabus.stanza.ElementName;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Remembers the names of elements, so that the common ones are not made again for each stanza. Bounded and lossy; safe
/// from any thread, for names are immutable.
final class ElementNames {
    private static final int SIZE = 1024;
    private static final int LONGEST = 128;
    private static final AtomicReferenceArray<ElementName> NAMES = new AtomicReferenceArray<>(SIZE);

    private ElementNames() {}

    static ElementName of(String namespace, String name) {
        if (namespace.length() > LONGEST || name.length() > LONGEST) {
            return new ElementName(namespace, name);
        }
        int place = place(namespace.hashCode(), name.hashCode());
        ElementName known = NAMES.getPlain(place);
        if (known != null && known.name().equals(name) && known.namespace().equals(namespace)) {
            return known;
        }
        ElementName fresh = new ElementName(namespace, name);
        NAMES.setRelease(place, fresh);
        return fresh;
    }

    /// As above, without making the texts if they are known.
    static ElementName of(byte[] bytes, int namespace, int namespaceEnd, int name, int nameEnd) {
        ElementName known = NAMES.getPlain(place(hash(bytes, namespace, namespaceEnd), hash(bytes, name, nameEnd)));
        if (known != null
                && Bytes.are(known.name(), bytes, name, nameEnd)
                && Bytes.are(known.namespace(), bytes, namespace, namespaceEnd)) {
            return known;
        }
        return of(
                new String(bytes, namespace, namespaceEnd - namespace, UTF_8),
                new String(bytes, name, nameEnd - name, UTF_8));
    }

    private static int place(int namespace, int name) {
        int hash = namespace * 31 + name;
        return (hash ^ (hash >>> 15)) & (SIZE - 1);
    }

    /// That of the text, if it is in ASCII.
    private static int hash(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }
}
