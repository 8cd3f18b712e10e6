package im.stanzabus.session;

import java.util.Arrays;
import java.util.function.LongPredicate;

/// Ids of log entries that were handed to clients, in order, each confirmed by one of them or not yet.
/// Grows at its end and shrinks at its beginning. Confined to the partition's context.
final class HandedIds {
    /// What is confirmed is forgotten beyond this; a client may then get it twice, under the same id.
    private static final int MOST = 20_000;

    /// Confirmed ones are negative.
    private long[] ids = new long[8];

    private int from;
    private int to;

    boolean isEmpty() {
        return from == to;
    }

    int size() {
        return to - from;
    }

    /// The lowest id, confirmed or not.
    long first() {
        return Math.abs(ids[from]);
    }

    boolean contains(long id) {
        return find(id) >= 0;
    }

    /// Adds an id, unless it is there.
    void add(long id) {
        int place = isEmpty() || Math.abs(ids[to - 1]) < id ? -(to + 1) : find(id);
        if (place >= 0) {
            return;
        }
        if (size() >= MOST) {
            removeConfirmed();
            place = find(id);
        }
        int at = -place - 1;
        if (to == ids.length) {
            at -= from;
            makeRoom();
        }
        System.arraycopy(ids, at, ids, at + 1, to - at);
        ids[at] = id;
        to++;
    }

    /// The highest id below one and above another that is neither confirmed nor an exception; the other if
    /// there is none.
    long unconfirmedBelow(long id, long above, LongPredicate exceptions) {
        int place = find(id);
        for (int i = (place < 0 ? -place - 1 : place) - 1; i >= from && Math.abs(ids[i]) > above; i--) {
            if (ids[i] > 0 && !exceptions.test(ids[i])) {
                return ids[i];
            }
        }
        return above;
    }

    void confirm(long id) {
        int place = find(id);
        if (place >= 0) {
            ids[place] = -id;
        }
    }

    /// @return false if it was not there, or is confirmed already
    boolean removeUnconfirmed(long id) {
        int place = find(id);
        if (place < 0 || ids[place] < 0) {
            return false;
        }
        System.arraycopy(ids, place + 1, ids, place, to - place - 1);
        to--;
        return true;
    }

    /// Forgets confirmed ids at the beginning that are below a limit.
    void trim(long limit) {
        while (from < to && ids[from] < 0 && -ids[from] < limit) {
            from++;
        }
        if (from == to) {
            from = 0;
            to = 0;
        }
    }

    private void removeConfirmed() {
        int kept = from;
        for (int i = from; i < to; i++) {
            if (ids[i] > 0) {
                ids[kept++] = ids[i];
            }
        }
        to = kept;
    }

    private void makeRoom() {
        int size = size();
        ids = Arrays.copyOfRange(ids, from, from + Math.max(8, size * 2));
        from = 0;
        to = size;
    }

    /// Where an id is; if it is not there, `-(place + 1)` of where it belongs.
    private int find(long id) {
        if (from < to && Math.abs(ids[from]) == id) {
            return from;
        }
        int low = from;
        int high = to - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = Math.abs(ids[middle]);
            if (found == id) {
                return middle;
            }
            if (found < id) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -(low + 1);
    }
}
