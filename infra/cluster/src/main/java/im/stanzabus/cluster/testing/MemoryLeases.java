package im.stanzabus.cluster.testing;

import im.stanzabus.cluster.Leases;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Leases of one JVM. A holder is dead when the test says so.
public final class MemoryLeases implements Leases {
    private final Map<Integer, String> holders = new HashMap<>();
    private final Map<Integer, Long> epochs = new HashMap<>();

    @Override
    public synchronized Future<Map<Integer, Long>> claim(String owner, Set<Integer> slots) {
        Map<Integer, Long> granted = new HashMap<>();
        for (Integer slot : slots) {
            String holder = holders.get(slot);
            if (holder == null) {
                holders.put(slot, owner);
                epochs.merge(slot, 1L, Long::sum);
            }
            if (holder == null || holder.equals(owner)) {
                granted.put(slot, epochs.getOrDefault(slot, 0L));
            }
        }
        return Future.succeededFuture(granted);
    }

    @Override
    public synchronized Future<Void> release(String owner, Set<Integer> slots) {
        slots.forEach(slot -> holders.remove(slot, owner));
        return Future.succeededFuture();
    }

    @Override
    public synchronized Future<Map<Integer, Long>> held(String owner) {
        Map<Integer, Long> held = new HashMap<>();
        holders.forEach((slot, holder) -> {
            if (holder.equals(owner)) {
                held.put(slot, epochs.getOrDefault(slot, 0L));
            }
        });
        return Future.succeededFuture(held);
    }

    /// What it holds is free from now on.
    public synchronized void died(String owner) {
        holders.values().removeIf(owner::equals);
    }
}
