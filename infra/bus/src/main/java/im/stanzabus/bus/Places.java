package im.stanzabus.bus;

import java.util.Arrays;

/// What was written in full of one bus message, each with its place from 1 on. Not thread-safe.
final class Places {
    private static final int FEW = 32;
    private static final int MANY = 4_096;

    /// At most half full, so a search ends.
    private Object[] keys = new Object[FEW];

    private int[] places = new int[FEW];
    private int size;

    /// The place of something that was written before; 0 if it was not, and it gets the next one.
    int put(Object key) {
        int at = find(key);
        if (keys[at] != null) {
            return places[at];
        }
        keys[at] = key;
        places[at] = ++size;
        if (size > keys.length / 2) {
            grow();
        }
        return 0;
    }

    private int find(Object key) {
        int mask = keys.length - 1;
        int hash = key.hashCode() * 0x9e3779b9;
        int at = (hash ^ hash >>> 16) & mask;
        while (keys[at] != null && !keys[at].equals(key)) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        Object[] oldKeys = keys;
        int[] oldPlaces = places;
        keys = new Object[2 * oldKeys.length];
        places = new int[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != null) {
                int at = find(oldKeys[i]);
                keys[at] = oldKeys[i];
                places[at] = oldPlaces[i];
            }
        }
    }

    /// Makes ready for the next message.
    void clear() {
        if (size == 0) {
            return;
        }
        size = 0;
        if (keys.length > MANY) {
            keys = new Object[FEW];
            places = new int[FEW];
        } else {
            Arrays.fill(keys, null);
        }
    }
}
