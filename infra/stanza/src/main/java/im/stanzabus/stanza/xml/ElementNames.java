package im.stanzabus.stanza.xml;

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
        int hash = namespace.hashCode() * 31 + name.hashCode();
        int place = (hash ^ (hash >>> 15)) & (SIZE - 1);
        ElementName known = NAMES.getPlain(place);
        if (known != null && known.name().equals(name) && known.namespace().equals(namespace)) {
            return known;
        }
        ElementName fresh = new ElementName(namespace, name);
        NAMES.setRelease(place, fresh);
        return fresh;
    }
}
