package im.stanzabus.bus;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Remembers the last short texts read, so that names and addresses that come with every message are the
/// same objects, their hashes known. Bounded and lossy: two texts with the same place drive each other out.
/// Safe from any thread, for what it holds is immutable.
final class RecentTexts {
    private static final int SIZE = 4096;
    private static final int LONGEST = 128;

    private record Entry(byte[] bytes, String text) {}

    private static final AtomicReferenceArray<@Nullable Entry> ENTRIES = new AtomicReferenceArray<>(SIZE);

    private RecentTexts() {}

    /// The text of some UTF-8 bytes.
    static String text(byte[] bytes, int from, int size) {
        if (size > LONGEST) {
            return new String(bytes, from, size, StandardCharsets.UTF_8);
        }
        int place = place(bytes, from, size);
        Entry entry = ENTRIES.getPlain(place);
        if (entry != null && Arrays.equals(entry.bytes, 0, entry.bytes.length, bytes, from, from + size)) {
            return entry.text;
        }
        String text = new String(bytes, from, size, StandardCharsets.UTF_8);
        ENTRIES.setRelease(place, new Entry(Arrays.copyOfRange(bytes, from, from + size), text));
        return text;
    }

    private static int place(byte[] bytes, int from, int size) {
        int hash = size;
        for (int i = from; i < from + size; i++) {
            hash = 31 * hash + bytes[i];
        }
        return (hash ^ (hash >>> 15)) & (SIZE - 1);
    }
}
