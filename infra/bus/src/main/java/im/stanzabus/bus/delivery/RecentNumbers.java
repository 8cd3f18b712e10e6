package im.stanzabus.bus.delivery;

/// A number for each of the keys that were asked for last. It may have to remember much, for long: so these
/// are arrays of numbers and not objects, which the garbage collector would follow again and again.
///
/// What was asked for is in the newer of two tables, or moves there. When that has half of what may be
/// remembered, it becomes the older one, and what is in the older one alone is forgotten. Confined to one
/// context.
final class RecentNumbers {
    /// There is no number for a key.
    static final long NONE = -1;

    private static final int SMALLEST = 8;

    /// Never written to: a table that is half full grows first.
    private static final long[] EMPTY = new long[2];

    private final int half;

    /// A key and its number plus one, which is 0 where there is none, in turn; at most half full, so a search ends.
    private long[] newer = EMPTY;

    private long[] older = EMPTY;
    private int size;

    /// @param most so many keys are remembered at most, and half of them at least
    RecentNumbers(int most) {
        half = most / 2;
    }

    /// The number of a key; {@link #NONE} if there is none, or it was forgotten.
    long get(long key) {
        int at = find(newer, key);
        if (newer[at + 1] != 0) {
            return newer[at + 1] - 1;
        }
        int before = find(older, key);
        long number = older[before + 1] - 1;
        if (number != NONE) {
            put(key, number);
        }
        return number;
    }

    /// Sets the number of a key.
    ///
    /// @param number not negative
    void put(long key, long number) {
        int at = find(newer, key);
        if (newer[at + 1] == 0) {
            makeRoom();
            at = find(newer, key);
            newer[at] = key;
            size++;
        }
        newer[at + 1] = number + 1;
    }

    private static int find(long[] table, long key) {
        int mask = table.length - 2;
        long mixed = key * 0x9e3779b97f4a7c15L;
        int at = (int) (mixed >>> 31) & mask;
        while (table[at + 1] != 0 && table[at] != key) {
            at = (at + 2) & mask;
        }
        return at;
    }

    private void makeRoom() {
        if (size == half) {
            older = newer;
            newer = new long[older.length];
            size = 0;
        } else if (size >= newer.length / 4) {
            grow();
        }
    }

    private void grow() {
        long[] before = newer;
        newer = new long[Math.max(SMALLEST, before.length * 2)];
        for (int at = 0; at < before.length; at += 2) {
            if (before[at + 1] != 0) {
                int to = find(newer, before[at]);
                newer[to] = before[at];
                newer[to + 1] = before[at + 1];
            }
        }
    }
}
