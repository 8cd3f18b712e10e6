package im.stanzabus.bus;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Remembers the last short texts read, so that names and addresses that come with every message are the
/// same objects, their hashes known. Bounded and lossy: two texts with the same place drive each other out,
/// though not before one has come a second time: ids of stanzas never do. Safe from any thread, for what it holds is
/// immutable, and losing the hash of another thread does no harm.
final class RecentTexts {
    private static final int SIZE = 4096;
    private static final int LONGEST = 128;

    private record Entry(byte[] bytes, String text) {}

    private static final AtomicReferenceArray<@Nullable Entry> ENTRIES = new AtomicReferenceArray<>(SIZE);

    /// The hash of the text that was last at a place and was not known.
    private static final int[] SEEN = new int[SIZE];

    private RecentTexts() {}

    /// The text of some UTF-8 bytes.
    static String text(byte[] bytes, int from, int size) {
        if (size > LONGEST) {
            return new String(bytes, from, size, StandardCharsets.UTF_8);
        }
        int hash = hash(bytes, from, size);
        int place = hash & (SIZE - 1);
        Entry entry = ENTRIES.getPlain(place);
        if (entry != null && Arrays.equals(entry.bytes, 0, entry.bytes.length, bytes, from, from + size)) {
            return entry.text;
        }
        String text = new String(bytes, from, size, StandardCharsets.UTF_8);
        if (SEEN[place] == hash) {
            ENTRIES.setRelease(place, new Entry(Arrays.copyOfRange(bytes, from, from + size), text));
        } else {
            SEEN[place] = hash;
        }
        return text;
    }

    private static int hash(byte[] bytes, int from, int size) {
        int hash = size;
        for (int i = from; i < from + size; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash ^ (hash >>> 15);
    }
}
