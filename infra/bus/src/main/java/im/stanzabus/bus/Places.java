package im.stanzabus.bus;

import java.util.Arrays;

/// What was written in full of one bus message, each with its place from 1 on. Not thread-safe.
///
/// Strangers choose texts, and can choose them so that their hashes are the same. So a search ends after some
/// steps, and what finds no room is not remembered: it is written in full again, and gets another place, as
/// the reader gives it one.
final class Places {
    private static final int FEW = 32;
    private static final int MANY = 4_096;
    private static final int MOST_STEPS = 16;
    private static final int NOWHERE = -1;

    /// At most half full.
    private Object[] keys = new Object[FEW];

    private int[] places = new int[FEW];
    private int last;
    private int remembered;

    /// The place of something that was written before; 0 if it is to be written, and gets the next one.
    int put(Object key) {
        int at = find(key);
        if (at != NOWHERE && keys[at] != null) {
            return places[at];
        }
        last++;
        if (at != NOWHERE) {
            keys[at] = key;
            places[at] = last;
            if (++remembered > keys.length / 2) {
                grow();
            }
        }
        return 0;
    }

    /// Counts something that is written in full whenever it comes.
    void skip() {
        last++;
    }

    private int find(Object key) {
        int mask = keys.length - 1;
        int hash = key.hashCode() * 0x9e3779b9;
        int start = hash ^ hash >>> 16;
        for (int step = 0; step < MOST_STEPS; step++) {
            int at = (start + step) & mask;
            if (keys[at] == null || keys[at].equals(key)) {
                return at;
            }
        }
        return NOWHERE;
    }

    private void grow() {
        Object[] oldKeys = keys;
        int[] oldPlaces = places;
        keys = new Object[2 * oldKeys.length];
        places = new int[keys.length];
        remembered = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            int at = oldKeys[i] == null ? NOWHERE : find(oldKeys[i]);
            if (at != NOWHERE) {
                keys[at] = oldKeys[i];
                places[at] = oldPlaces[i];
                remembered++;
            }
        }
    }

    /// Makes ready for the next message.
    void clear() {
        if (last == 0) {
            return;
        }
        last = 0;
        remembered = 0;
        if (keys.length > MANY) {
            keys = new Object[FEW];
            places = new int[FEW];
        } else {
            Arrays.fill(keys, null);
        }
    }
}
