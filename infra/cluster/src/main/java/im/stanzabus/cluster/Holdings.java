package im.stanzabus.cluster;

import im.stanzabus.bus.SlotTable;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The slots that a session manager holds, and how far each is between being taken and being given back.
final class Holdings {
    enum Phase {
        /// Held; waits for the announcements of gateways.
        CLAIMED,
        /// In use.
        OPEN,
        /// Another is to have it; what is under way is finished.
        CLOSING,
        /// Nothing is under way any more; the lease is to be released.
        CLOSED
    }

    private final Map<Phase, BitSet> phases = new EnumMap<>(Phase.class);
    private final BitSet all = new BitSet(SlotTable.SLOTS);
    private final long[] epochs = new long[SlotTable.SLOTS];
    private final long[] closingEnds = new long[SlotTable.SLOTS];

    Holdings() {
        for (Phase phase : Phase.values()) {
            phases.put(phase, new BitSet(SlotTable.SLOTS));
        }
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    boolean has(int slot) {
        return all.get(slot);
    }

    /// 0 for a slot that is not held.
    long epoch(int slot) {
        return has(slot) ? epochs[slot] : 0;
    }

    boolean is(int slot, Phase phase) {
        return of(phase).get(slot);
    }

    boolean isNone(Phase phase) {
        return of(phase).isEmpty();
    }

    Set<Integer> in(Phase phase) {
        return set(of(phase));
    }

    /// Those that are not held with exactly this epoch.
    Set<Integer> differing(Map<Integer, Long> others) {
        return where(all, slot -> {
            Long other = others.get(slot);
            return other == null || other != epochs[slot];
        });
    }

    /// Those of which a higher epoch is known.
    Set<Integer> below(long[] others) {
        return where(all, slot -> epochs[slot] < others[slot]);
    }

    /// Those that are claimed or open and not wanted.
    Set<Integer> unwanted(BitSet wanted) {
        BitSet unwanted = keptSlots();
        unwanted.andNot(wanted);
        return set(unwanted);
    }

    /// Those of some slots that are not held.
    Set<Integer> missing(BitSet wanted) {
        BitSet missing = (BitSet) wanted.clone();
        missing.andNot(all);
        return set(missing);
    }

    /// The epochs of those that are claimed or open.
    Map<Integer, Long> kept() {
        Map<Integer, Long> kept = new HashMap<>();
        keptSlots().stream().forEach(slot -> kept.put(slot, epochs[slot]));
        return kept;
    }

    void claim(Map<Integer, Long> granted) {
        granted.forEach((slot, epoch) -> {
            epochs[slot] = epoch;
            put(slot, Phase.CLAIMED);
        });
    }

    /// Opens those that are claimed.
    Set<Integer> open(Set<Integer> slots) {
        Set<Integer> opened = where(of(Phase.CLAIMED), slots::contains);
        opened.forEach(slot -> put(slot, Phase.OPEN));
        return opened;
    }

    /// Closes slots; they count as closed when {@link #closed} says so, or at a time.
    void closing(Set<Integer> slots, long end) {
        slots.forEach(slot -> {
            closingEnds[slot] = end;
            put(slot, Phase.CLOSING);
        });
    }

    void closed(Set<Integer> slots) {
        where(of(Phase.CLOSING), slots::contains).forEach(slot -> put(slot, Phase.CLOSED));
    }

    /// Waits no longer for those whose time to close is over.
    void closeLate(long now) {
        where(of(Phase.CLOSING), slot -> closingEnds[slot] <= now).forEach(slot -> put(slot, Phase.CLOSED));
    }

    void remove(Set<Integer> slots) {
        slots.forEach(slot -> put(slot, null));
    }

    private void put(int slot, @Nullable Phase phase) {
        phases.values().forEach(slots -> slots.clear(slot));
        all.set(slot, phase != null);
        if (phase != null) {
            of(phase).set(slot);
        }
    }

    private BitSet of(Phase phase) {
        return phases.getOrDefault(phase, all);
    }

    private BitSet keptSlots() {
        BitSet kept = (BitSet) of(Phase.CLAIMED).clone();
        kept.or(of(Phase.OPEN));
        return kept;
    }

    private static Set<Integer> set(BitSet slots) {
        return where(slots, _ -> true);
    }

    private static Set<Integer> where(BitSet slots, IntPredicate condition) {
        if (slots.isEmpty()) {
            return Set.of();
        }
        Set<Integer> found = new TreeSet<>();
        slots.stream().filter(condition).forEach(found::add);
        return found;
    }
}
