package im.stanzabus.sender;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The rows that were taken and are left for later, without their stanzas: there is enough under way
/// for whoever takes over what is for their receivers, or nobody serves these at the moment. They are
/// in queues, and nothing overtakes what is in the queue of its receiver or of its lane. Confined to
/// one context.
final class Later {
    /// About so many are known.
    private static final int MOST = 10_000;

    /// @param lane who takes over what is for the receiver
    /// @param again true if it may have been sent before
    record Row(long id, String lane, String queue, boolean again) {}

    private final Map<Long, Row> rows = new HashMap<>();
    private final Map<String, NavigableMap<Long, Row>> queues = new HashMap<>();

    /// The queues that do not move before {@link #release}.
    private final Set<String> held = new HashSet<>();

    boolean isFull() {
        return rows.size() >= MOST;
    }

    Set<Long> ids() {
        return rows.keySet();
    }

    void add(Row row) {
        rows.put(row.id(), row);
        queues.computeIfAbsent(row.queue(), _ -> new TreeMap<>()).put(row.id(), row);
    }

    /// As above, for one before which nothing of its queue can be sent until something changes.
    void hold(Row row) {
        add(row);
        held.add(row.queue());
    }

    /// Something has changed.
    void release() {
        held.clear();
    }

    @Nullable
    Row remove(long id) {
        Row row = rows.remove(id);
        if (row != null) {
            queues.computeIfPresent(row.queue(), (_, queue) -> {
                queue.remove(id);
                return queue.isEmpty() ? null : queue;
            });
        }
        return row;
    }

    /// True if a row of the queue is to be sent before this one.
    boolean isAhead(String queue, long id) {
        NavigableMap<Long, Row> waiting = queues.get(queue);
        return waiting != null && waiting.firstKey() < id;
    }

    /// What can be sent now: the first of each queue.
    ///
    /// @param room how many more a lane may have under way
    /// @param most so many at most
    Set<Long> due(ToIntFunction<String> room, int most) {
        Set<Long> due = new HashSet<>();
        queues.forEach((name, queue) -> {
            if (!held.contains(name)) {
                int free = room.applyAsInt(queue.firstEntry().getValue().lane());
                queue.keySet().stream()
                        .limit(Math.clamp(most - due.size(), 0, Math.max(0, free)))
                        .forEach(due::add);
            }
        });
        return due;
    }
}
