package im.stanzabus.cluster;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Rendezvous;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.View;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// When one session manager takes, opens and gives back slots: the whole decision, without threads, timers
/// and input or output. What happens is told to it by method calls, all from one thread; what it decides
/// leaves through {@link Leasing}, {@link Tenancy} and {@link ClaimRounds.Telling}.
///
/// A slot is wanted here if rendezvous hashing over the session managers in view chooses this one. It is
/// taken when the leases grant it, opened when the gateways have announced their connections, closed when
/// another is to have it, and lost at once when another has got it with a higher epoch. Safety does not
/// rest on any of this, but on the epochs that the message log compares; this makes that the right one
/// writes, and soon.
final class Ownership {
    static final long CLOSING_MILLIS = 1_000;
    private static final long RETRY_MILLIS = 200;

    /// A process that did not run for so long may have been taken for dead.
    private static final long STALL_MILLIS = 1_000;

    /// How often the leases are asked what is held here: of another that had a slot in between and gave it
    /// back, nothing may ever have been heard.
    private static final long AUDIT_MILLIS = 3_000;

    /// How leases are asked for. One call at a time; each is answered later by a call of {@link #granted},
    /// {@link #released}, {@link #held} or {@link #failed}.
    interface Leasing {
        void claim(Set<Integer> slots);

        void release(Set<Integer> slots);

        void readHeld();
    }

    /// Who uses the slots; as {@link SlotTenant}, but {@link #closing} is answered by {@link
    /// Ownership#closed}.
    interface Tenancy {
        void claimed(Set<Integer> slots);

        void opened(Set<Integer> slots);

        void closing(Set<Integer> slots);

        void lost(Set<Integer> slots);
    }

    private final String address;
    private final LongSupplier clock;
    private final Leasing leasing;
    private final Tenancy tenancy;
    private final ClaimRounds rounds;
    private final Holdings holdings = new Holdings();
    private final Set<Integer> unused = new TreeSet<>();
    private final long[] heard = new long[SlotTable.SLOTS];
    private final BitSet wanted = new BitSet(SlotTable.SLOTS);
    private List<String> candidates = List.of();
    private boolean leaving;
    private boolean calling;
    private boolean doubtful;
    private boolean answered;
    private boolean settled;
    private long nextCall;
    private long nextClaim;
    private long nextAudit;
    private long lastTick;

    /// @param address of the session manager
    /// @param clock milliseconds
    Ownership(String address, LongSupplier clock, Leasing leasing, Tenancy tenancy, ClaimRounds.Telling telling) {
        this.address = address;
        this.clock = clock;
        this.leasing = leasing;
        this.tenancy = tenancy;
        rounds = new ClaimRounds(address, clock, telling, holdings::kept, this::open);
        lastTick = clock.getAsLong();
        nextAudit = lastTick + AUDIT_MILLIS;
    }

    boolean holds(int slot) {
        return holdings.has(slot);
    }

    boolean isOpen(int slot) {
        return holdings.is(slot, Holdings.Phase.OPEN);
    }

    /// 0 for a slot that is not held.
    long epoch(int slot) {
        return holdings.epoch(slot);
    }

    /// True once the first slots were opened, or it is known that none is to be had now.
    boolean isSettled() {
        return settled;
    }

    /// True once everything was given back after {@link #leave}.
    boolean isLeft() {
        return leaving && holdings.isEmpty() && unused.isEmpty() && !calling;
    }

    void viewed(View view) {
        List<String> now = view.servingAll(Addresses.SESSIONS, false);
        // A view without this session manager, as there may be when clusters merge, says nothing about it.
        boolean known = view.servingAll(Addresses.SESSIONS, true).contains(address);
        if (known && !now.equals(candidates)) {
            candidates = now;
            want();
        }
        rounds.viewed(view);
        act();
    }

    /// Time has passed; to be called several times in {@link #RETRY_MILLIS}.
    void tick() {
        long now = clock.getAsLong();
        doubtful |= now - lastTick > STALL_MILLIS || now >= nextAudit;
        lastTick = now;
        holdings.closeLate(now);
        rounds.tick();
        act();
    }

    /// Another session manager has claimed slots.
    void heard(SlotClaim claim) {
        if (claim.owner().equals(address)) {
            return;
        }
        claim.epochs().forEach((slot, epoch) -> heard[slot] = Math.max(heard[slot], epoch));
        lose(holdings.below(heard));
        act();
    }

    /// A gateway has answered a claim.
    void announced(SessionEvent.Announced answer) {
        rounds.announced(answer);
    }

    /// Somebody else may own what is held here: looked up at the next tick.
    void suspect() {
        doubtful = true;
    }

    /// Gives everything back. {@link #isLeft} tells when.
    void leave() {
        leaving = true;
        wanted.clear();
        act();
    }

    /// What a claim of leases has brought.
    void granted(Map<Integer, Long> epochs) {
        calling = false;
        answered = true;
        take(epochs);
        settle();
        act();
    }

    void released(Set<Integer> slots) {
        calling = false;
        unused.removeAll(slots);
        Set<Integer> closed = new TreeSet<>(holdings.in(Holdings.Phase.CLOSED));
        closed.retainAll(slots);
        lose(closed);
        act();
    }

    /// What the leases say is held here.
    void held(Map<Integer, Long> epochs) {
        calling = false;
        lose(holdings.differing(epochs));
        take(epochs);
        act();
    }

    /// The leases could not be asked. Whether they did it all the same is looked up when they can be.
    void failed() {
        calling = false;
        doubtful = true;
        nextCall = clock.getAsLong() + RETRY_MILLIS;
    }

    /// Nothing is under way any more for slots that are being closed.
    void closed(Set<Integer> slots) {
        holdings.closed(slots);
        act();
    }

    private void want() {
        wanted.clear();
        if (!leaving && candidates.contains(address)) {
            @Nullable String[] chosen = Rendezvous.chooseAll(SlotTable.SLOTS, candidates);
            for (int slot = 0; slot < chosen.length; slot++) {
                wanted.set(slot, address.equals(chosen[slot]));
            }
        }
        nextClaim = clock.getAsLong();
    }

    private void act() {
        close();
        call();
        settle();
    }

    /// Closes what another is to have. Where there is no other, all stays until the end.
    private void close() {
        if (candidates.isEmpty() && !leaving) {
            return;
        }
        Set<Integer> closing = holdings.unwanted(wanted);
        if (!closing.isEmpty()) {
            holdings.closing(closing, clock.getAsLong() + CLOSING_MILLIS);
            rounds.forget(closing);
            tenancy.closing(closing);
        }
    }

    private void call() {
        long now = clock.getAsLong();
        if (calling || now < nextCall) {
            return;
        }
        if (doubtful) {
            doubtful = false;
            nextAudit = now + AUDIT_MILLIS;
            calling = true;
            leasing.readHeld();
            return;
        }
        unused.removeIf(wanted::get);
        Set<Integer> done = new TreeSet<>(holdings.in(Holdings.Phase.CLOSED));
        done.addAll(unused);
        if (!done.isEmpty()) {
            calling = true;
            leasing.release(done);
            return;
        }
        Set<Integer> missing = holdings.missing(wanted);
        if (!missing.isEmpty() && now >= nextClaim) {
            nextClaim = now + RETRY_MILLIS;
            calling = true;
            leasing.claim(missing);
        }
    }

    private void take(Map<Integer, Long> epochs) {
        Map<Integer, Long> taken = new TreeMap<>();
        epochs.forEach((slot, epoch) -> {
            if (epoch < heard[slot] || (holds(slot) && epoch <= epoch(slot))) {
                return;
            }
            if (wanted.get(slot)) {
                taken.put(slot, epoch);
            } else {
                unused.add(slot);
            }
        });
        Set<Integer> renewed = new TreeSet<>(taken.keySet());
        renewed.removeIf(slot -> !holds(slot));
        lose(renewed);
        if (!taken.isEmpty()) {
            holdings.claim(taken);
            tenancy.claimed(Set.copyOf(taken.keySet()));
            rounds.begin(taken);
        }
    }

    private void open(Set<Integer> slots) {
        Set<Integer> opened = holdings.open(slots);
        if (!opened.isEmpty()) {
            settled = true;
            tenancy.opened(opened);
        }
    }

    private void lose(Set<Integer> slots) {
        if (!slots.isEmpty()) {
            holdings.remove(slots);
            rounds.forget(slots);
            tenancy.lost(slots);
        }
    }

    private void settle() {
        boolean nothingToHave = candidates.contains(address) && (answered || wanted.isEmpty());
        settled |= nothingToHave && holdings.isNone(Holdings.Phase.CLAIMED);
    }
}
