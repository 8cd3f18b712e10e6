package im.stanzabus.session;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A set of ids that are mostly in a row. Confined to the partition's context.
final class IdRanges {
    /// The last of each range by its first; ranges neither overlap nor touch.
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /// Adds all from one to another, both included; nothing if the second is lower.
    void add(long first, long last) {
        if (last < first) {
            return;
        }
        long from = first;
        long to = last;
        Map.Entry<Long, Long> other = ranges.floorEntry(to + 1);
        while (other != null && other.getValue() >= from - 1) {
            from = Math.min(from, other.getKey());
            to = Math.max(to, other.getValue());
            ranges.remove(other.getKey());
            other = ranges.floorEntry(to + 1);
        }
        ranges.put(from, to);
    }

    /// Adds a range without some of its ids.
    ///
    /// @param without in order
    void addWithout(long first, long last, List<Long> without) {
        long from = first;
        for (long id : without) {
            if (id >= from && id <= last) {
                add(from, id - 1);
                from = id + 1;
            }
        }
        add(from, last);
    }

    boolean contains(long id) {
        Map.Entry<Long, Long> range = ranges.floorEntry(id);
        return range != null && range.getValue() >= id;
    }

    /// The lowest id from this one on that is not in the set.
    long nextOutside(long id) {
        Map.Entry<Long, Long> range = ranges.floorEntry(id);
        return range == null || range.getValue() < id ? id : range.getValue() + 1;
    }

    /// The highest id up to this one that is not in the set.
    long lastOutside(long id) {
        Map.Entry<Long, Long> range = ranges.floorEntry(id);
        return range == null || range.getValue() < id ? id : range.getKey() - 1;
    }

    void clear() {
        ranges.clear();
    }
}
