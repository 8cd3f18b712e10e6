package im.stanzabus.bus;

import im.stanzabus.stanza.Jid;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Who owns which account, as this process knows it. An account hashes to one of {@link #SLOTS} slots.
/// The owner of a slot is whoever claimed it with the highest epoch and lives; where no claim is known,
/// whom rendezvous hashing chooses among the living session managers, which will claim it. One per
/// process; safe from any thread.
public final class SlotTable {
    /// How many slots there are, in every installation.
    public static final int SLOTS = 1024;

    /// Claims of so many processes that are not in view are kept.
    private static final int MAX_EARLY = 64;

    private final Listeners<SlotClaim> listeners = new Listeners<>();
    private final @Nullable String[] claimants = new @Nullable String[SLOTS];
    private final long[] epochs = new long[SLOTS];
    private final Map<String, SlotClaim> early = new LinkedHashMap<>();
    private List<String> candidates = List.of();
    private Set<String> living = Set.of();
    private Set<NodeId> nodes = Set.of();
    private @Nullable String[] chosen = new @Nullable String[SLOTS];
    private volatile @Nullable String[] owners = new @Nullable String[SLOTS];

    public SlotTable(Membership membership) {
        membership.listen(_ -> look(membership));
        look(membership);
    }

    /// The slot of an account: the same in every process and in every version.
    public static int slot(Jid account) {
        int hash = account.bare().toString().hashCode();
        hash ^= hash >>> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >>> 13;
        return hash & (SLOTS - 1);
    }

    /// The bus address of the account's owner; null while there is none.
    public @Nullable String ownerOf(Jid account) {
        return owners[slot(account)];
    }

    /// The bus address of a slot's owner; null while there is none.
    public @Nullable String ownerOf(int slot) {
        return owners[slot];
    }

    /// Has every claim told, after the table has taken it over, on the thread that took it, one after the
    /// other; the listener must not block. A claim is passed on also if it is known already: its owner
    /// may want to be answered again. Of a claim that is not the newest for all of its slots, only the
    /// slots for which it is are passed on. When an owner that was out of view comes back into it, what
    /// it claimed is told again: whoever forgot it when it went knows it again.
    ///
    /// @return takes the listener away again
    public Runnable listen(Consumer<SlotClaim> listener) {
        return listeners.add(listener);
    }

    /// Takes a claim over. That of a process that is not in view yet waits until it is: nothing could be
    /// sent there.
    public synchronized void claimed(SlotClaim claim) {
        if (nodes.contains(Addresses.nodeOf(claim.owner()))) {
            take(claim).ifPresent(this::pass);
            return;
        }
        early.merge(claim.owner(), claim, SlotTable::merged);
        if (early.size() > MAX_EARLY) {
            early.remove(early.keySet().iterator().next());
        }
    }

    private Optional<SlotClaim> take(SlotClaim claim) {
        Map<Integer, Long> valid = new HashMap<>();
        BitSet changed = new BitSet(SLOTS);
        claim.epochs().forEach((slot, epoch) -> {
            boolean known = epoch == epochs[slot] && claim.owner().equals(claimants[slot]);
            if (known || epoch > epochs[slot]) {
                valid.put(slot, epoch);
                changed.set(slot, !known);
                claimants[slot] = claim.owner();
                epochs[slot] = epoch;
            }
        });
        compute(changed);
        if (valid.isEmpty()) {
            return Optional.empty();
        }
        boolean whole = valid.size() == claim.epochs().size();
        return Optional.of(whole ? claim : new SlotClaim(claim.owner(), claim.round(), Map.copyOf(valid)));
    }

    private void pass(SlotClaim claim) {
        listeners.tell(claim);
    }

    private static SlotClaim merged(SlotClaim before, SlotClaim after) {
        Map<Integer, Long> epochs = new HashMap<>(before.epochs());
        after.epochs().forEach((slot, epoch) -> epochs.merge(slot, epoch, Math::max));
        return new SlotClaim(after.owner(), Math.max(before.round(), after.round()), Map.copyOf(epochs));
    }

    /// The slots that a session manager owns as far as is known here.
    public synchronized BitSet slotsOf(String owner) {
        BitSet slots = new BitSet(SLOTS);
        for (int slot = 0; slot < SLOTS; slot++) {
            if (owner.equals(owners[slot])) {
                slots.set(slot);
            }
        }
        return slots;
    }

    private synchronized void look(Membership membership) {
        View view = membership.view();
        List<String> now = view.servingAll(Addresses.SESSIONS, false);
        Set<String> all = Set.copyOf(view.servingAll(Addresses.SESSIONS, true));
        Set<NodeId> here = view.members().stream().map(Member::node).collect(Collectors.toUnmodifiableSet());
        if (now.equals(candidates) && all.equals(living) && here.equals(nodes)) {
            return;
        }
        if (!now.equals(candidates)) {
            candidates = now;
            chosen = Rendezvous.chooseAll(SLOTS, now);
        }
        Set<String> back = claimantsOutOfView();
        living = all;
        nodes = here;
        BitSet every = new BitSet(SLOTS);
        every.set(0, SLOTS);
        compute(every);
        back.removeAll(claimantsOutOfView());
        back.forEach(owner -> take(known(owner)).ifPresent(this::pass));
    }

    private Set<String> claimantsOutOfView() {
        Set<String> away = new LinkedHashSet<>(early.keySet());
        for (String claimant : claimants) {
            if (claimant != null) {
                away.add(claimant);
            }
        }
        away.removeIf(claimant -> nodes.contains(Addresses.nodeOf(claimant)));
        return away;
    }

    /// What a session manager that came into view has claimed before.
    private SlotClaim known(String owner) {
        Map<Integer, Long> before = new HashMap<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            if (owner.equals(claimants[slot])) {
                before.put(slot, epochs[slot]);
            }
        }
        SlotClaim waiting = early.remove(owner);
        SlotClaim taken = new SlotClaim(owner, 0, before);
        return waiting == null ? taken : merged(taken, waiting);
    }

    /// Finds the owners of some slots anew; readers see all of them change at once.
    private void compute(BitSet slots) {
        if (slots.isEmpty()) {
            return;
        }
        @Nullable String[] computed = owners.clone();
        slots.stream().forEach(slot -> {
            String claimant = claimants[slot];
            computed[slot] = claimant != null && living.contains(claimant) ? claimant : chosen[slot];
        });
        owners = computed;
    }
}
