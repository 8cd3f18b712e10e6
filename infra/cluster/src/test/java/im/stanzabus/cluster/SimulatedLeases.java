package im.stanzabus.cluster;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.SlotTable;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tables of leases and of heartbeats.
final class SimulatedLeases {
    private static final long DEAD_MILLIS = 2_000;
    private static final long BEAT_MILLIS = 500;

    private final World world;
    private final @Nullable String[] holders = new @Nullable String[SlotTable.SLOTS];
    private final long[] epochs = new long[SlotTable.SLOTS];
    private final Map<NodeId, Long> beats = new HashMap<>();

    SimulatedLeases(World world) {
        this.world = world;
    }

    void beat(Node node) {
        if (world.databaseUp && !node.databaseCut) {
            beats.put(node.id, world.now());
        }
        world.after(BEAT_MILLIS, () -> node.run(() -> beat(node)));
    }

    Map<Integer, Long> claim(String owner, Set<Integer> slots) {
        Map<Integer, Long> granted = new HashMap<>();
        for (Integer slot : slots) {
            String holder = holders[slot];
            if (holder == null || isDead(holder)) {
                holders[slot] = owner;
                epochs[slot]++;
            }
            if (owner.equals(holders[slot])) {
                granted.put(slot, epochs[slot]);
            }
        }
        return granted;
    }

    void release(String owner, Set<Integer> slots) {
        for (Integer slot : slots) {
            if (owner.equals(holders[slot])) {
                holders[slot] = null;
            }
        }
    }

    Map<Integer, Long> held(String owner) {
        Map<Integer, Long> held = new HashMap<>();
        for (int slot = 0; slot < holders.length; slot++) {
            if (owner.equals(holders[slot])) {
                held.put(slot, epochs[slot]);
            }
        }
        return held;
    }

    private boolean isDead(String holder) {
        return world.now() - beats.getOrDefault(Addresses.nodeOf(holder), 0L) > DEAD_MILLIS;
    }
}
