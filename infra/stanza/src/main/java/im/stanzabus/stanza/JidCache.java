package im.stanzabus.stanza;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Remembers the last addresses parsed, so that a busy pair of users costs one preparation. Bounded and lossy:
/// two texts with the same place drive each other out. Safe from any thread, for what it holds is immutable.
final class JidCache {
    private static final int SIZE = 8192;
    private static final int LONGEST = 256;

    private record Entry(String text, Jid jid) {}

    private static final AtomicReferenceArray<@Nullable Entry> ENTRIES = new AtomicReferenceArray<>(SIZE);

    private JidCache() {}

    static @Nullable Jid get(String text) {
        Entry entry = ENTRIES.getPlain(place(text));
        return entry != null && entry.text.equals(text) ? entry.jid : null;
    }

    static void put(String text, Jid jid) {
        if (text.length() <= LONGEST) {
            ENTRIES.setRelease(place(text), new Entry(text, jid));
        }
    }

    private static int place(String text) {
        int hash = text.hashCode();
        return (hash ^ (hash >>> 16)) & (SIZE - 1);
    }
}
