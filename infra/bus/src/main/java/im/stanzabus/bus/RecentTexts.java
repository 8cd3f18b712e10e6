package im.stanzabus.bus;

import im.stanzabus.stanza.Jid;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Remembers the last short texts read, so that names and addresses that come with every message are the
/// same objects, their hashes known. Bounded and lossy: two texts with the same place drive each other out,
/// though not before one has come a second time: ids of stanzas never do. Safe from any thread, for what it holds is
/// immutable, and losing the hash of another thread does no harm.
final class RecentTexts {
    private static final int SIZE = 8192;
    private static final int LONGEST = 128;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MIX = 0x9e3779b97f4a7c15L;

    private static final AtomicReferenceArray<@Nullable Known> KNOWN = new AtomicReferenceArray<>(SIZE);

    /// The hash of the text that was last at a place and was not known.
    private static final int[] SEEN = new int[SIZE];

    private RecentTexts() {}

    /// A text that came before, and the address that it is once somebody has asked.
    private static final class Known {
        private final byte[] bytes;
        private final String text;
        private @Nullable Jid jid;

        private Known(byte[] bytes, String text) {
            this.bytes = bytes;
            this.text = text;
        }

        private Jid jid() {
            Jid known = jid;
            if (known == null) {
                known = Jid.of(text);
                jid = known;
            }
            return known;
        }
    }

    /// The text of some UTF-8 bytes.
    static String text(byte[] bytes, int from, int size) {
        Known known = find(bytes, from, size);
        return known == null ? read(bytes, from, size) : known.text;
    }

    /// The address that some UTF-8 bytes are.
    ///
    /// @throws IllegalArgumentException if they are none
    static Jid jid(byte[] bytes, int from, int size) {
        Known known = find(bytes, from, size);
        return known == null ? Jid.of(read(bytes, from, size)) : known.jid();
    }

    private static String read(byte[] bytes, int from, int size) {
        return new String(bytes, from, size, StandardCharsets.UTF_8);
    }

    private static @Nullable Known find(byte[] bytes, int from, int size) {
        if (size > LONGEST) {
            return null;
        }
        int hash = hash(bytes, from, size);
        int place = hash & (SIZE - 1);
        Known known = KNOWN.getPlain(place);
        if (known != null && Arrays.equals(known.bytes, 0, known.bytes.length, bytes, from, from + size)) {
            return known;
        }
        if (SEEN[place] != hash) {
            SEEN[place] = hash;
            return null;
        }
        Known again = new Known(Arrays.copyOfRange(bytes, from, from + size), read(bytes, from, size));
        KNOWN.setRelease(place, again);
        return again;
    }

    /// Eight bytes at a time, those at the end perhaps twice.
    private static int hash(byte[] bytes, int from, int size) {
        long hash = size;
        if (size < Long.BYTES) {
            for (int i = from; i < from + size; i++) {
                hash = 31 * hash + bytes[i];
            }
        } else {
            int last = from + size - Long.BYTES;
            for (int i = from; i < last; i += Long.BYTES) {
                hash = mixed(hash ^ (long) LONGS.get(bytes, i));
            }
            hash ^= (long) LONGS.get(bytes, last);
        }
        return (int) mixed(hash);
    }

    private static long mixed(long number) {
        long product = number * MIX;
        return product ^ (product >>> 32);
    }
}
