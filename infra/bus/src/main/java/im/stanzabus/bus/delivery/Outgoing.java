package im.stanzabus.bus.delivery;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.Outbox;
import im.stanzabus.bus.Route;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.View;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Stanzas on their way to whoever takes them over: the owner of an account, a service with a
/// domain of its own, the gateway to another server. What must not be lost is kept until that says
/// that it has taken it over, and sent again when it changes or is silent.
///
/// Who owns a slot is known here by the claims that were heard on this context, and by nothing
/// else: each stanza names the epoch that it was sent by, and an owner of another epoch drops it,
/// so what is sent again keeps its order.
///
/// Confined to its context.
///
/// @param <O> on whose behalf stanzas are sent, such as accounts
public final class Outgoing<O> {
    /// How much of what nobody waits for is kept while there is no owner.
    private static final int MOST_UNOWNED = 10_000;

    private final Bus bus;
    private final String address;
    private final LongSupplier nanos;
    private final Outbox<SessionEvent> outbox;
    private final Map<Origin, Pending<O>> pending = new LinkedHashMap<>();
    private final Map<Chain, Pending<O>> tails = new HashMap<>();
    private final Lane.Slot[] slots = new Lane.Slot[SlotTable.SLOTS];

    /// Those on which something is on its way.
    private final Map<Lane.Name, Lane.Served> served = new HashMap<>();

    private final Deque<Unowned> unowned = new ArrayDeque<>();

    /// What one stream sends to one receiver keeps its order.
    private record Chain(long stream, Jid receiver) {}

    private record Unowned(int slot, SessionEvent event) {}

    private static final class Pending<O> {
        private final Parcel<O> parcel;
        private final Origin identity;
        private final Lane lane;
        private final Chain chain;
        private long sentNanos;

        Pending(Parcel<O> parcel, Lane lane, Jid receiver) {
            this.parcel = parcel;
            this.lane = lane;
            identity = parcel.origin().identity(presence(parcel.stanza()), parcel.sender());
            chain = new Chain(parcel.origin().stream(), receiver.bare());
        }
    }

    /// @param address where answers come
    public Outgoing(Bus bus, Context context, String address) {
        this(bus, context, address, System::nanoTime);
    }

    /// @param nanos a clock that only runs forward
    Outgoing(Bus bus, Context context, String address, LongSupplier nanos) {
        this.bus = bus;
        this.nanos = nanos;
        this.address = address;
        outbox = new Outbox<>(bus, context, SessionEvent.Batch::new);
        for (int slot = 0; slot < slots.length; slot++) {
            slots[slot] = new Lane.Slot();
        }
    }

    /// Sends a stanza that nobody waits for.
    ///
    /// @param cause where the stanza came in from which this one follows; null if it follows from
    ///     none
    /// @return false if nobody serves the receiver
    public boolean send(Route route, Stanza stanza, @Nullable Origin cause) {
        Jid to = receiver(stanza);
        SessionEvent.Inbound event = new SessionEvent.Inbound(stanza, cause, null, null, false);
        Lane.Name name = Lane.Name.of(route, to);
        if (name == null) {
            int slot = slot(route, to);
            String owner = slots[slot].instance;
            if (owner != null) {
                outbox.add(owner, event);
            } else {
                keepUnowned(slot, event);
            }
            return true;
        }
        Lane.Served lane = served.get(name);
        String instance = lane == null ? name.choose(bus.membership().view()) : lane.instance;
        if (instance != null) {
            outbox.add(instance, event);
        }
        return instance != null;
    }

    /// The bus address of who serves a service's or a remote domain; null if nobody does, or it is
    /// another route.
    public static @Nullable String instance(Route route, Jid to, View view) {
        Lane.Name name = Lane.Name.of(route, to);
        return name == null ? null : name.choose(view);
    }

    /// Passes an event on that came here and is for a slot of somebody else.
    public void pass(String owner, SessionEvent event) {
        outbox.add(owner, event);
    }

    /// Keeps an event until somebody claims its slot.
    public void keepUnowned(int slot, SessionEvent event) {
        if (unowned.size() < MOST_UNOWNED) {
            unowned.add(new Unowned(slot, event));
        }
    }

    /// Sends a stanza and keeps it until it is accepted.
    ///
    /// @param retry true if it may have been sent before, by this or another process
    /// @return false if nobody serves the receiver: then it is not kept, and nobody is told
    ///     anything
    public boolean send(Route route, Parcel<O> parcel, boolean retry) {
        Jid to = receiver(parcel.stanza());
        Lane.Name name = Lane.Name.of(route, to);
        Lane lane = name == null ? slots[slot(route, to)] : lane(name);
        if (lane == null) {
            return false;
        }
        Pending<O> sent = new Pending<>(parcel, lane, to);
        lane.pending++;
        Pending<O> before = pending.put(sent.identity, sent);
        if (before != null) {
            left(before.lane);
            before.parcel.waiting().replaced();
        }
        Pending<O> tail = tails.put(sent.chain, sent);
        transmit(sent, tail == before ? null : tail, retry);
        return true;
    }

    private Lane.@Nullable Served lane(Lane.Name name) {
        Lane.Served known = served.get(name);
        if (known != null) {
            return known;
        }
        Lane.Served found = new Lane.Served(name);
        found.look(bus.membership().view());
        if (found.instance == null) {
            return null;
        }
        served.put(name, found);
        return found;
    }

    private static int slot(Route route, Jid to) {
        return route instanceof Route.Account(int slot) ? slot : SlotTable.slot(to);
    }

    private static Jid receiver(Stanza stanza) {
        Jid to = stanza.to();
        if (to == null) {
            throw new IllegalArgumentException("a routed stanza has a receiver");
        }
        return to;
    }

    private static @Nullable StanzaType presence(Stanza stanza) {
        return stanza.isPresence() ? stanza.type() : null;
    }

    /// Tells whoever waits for it that a stanza was taken over.
    public void accept(SessionEvent.Inbound inbound) {
        Origin origin = inbound.origin();
        String replyTo = inbound.replyTo();
        Jid sender = inbound.sender();
        if (origin == null || replyTo == null || sender == null) {
            return;
        }
        SessionEvent.Accepted accepted =
                new SessionEvent.Accepted(sender, origin, inbound.epoch(), presence(inbound.stanza()));
        if (replyTo.equals(address)) {
            accepted(accepted);
        } else {
            outbox.add(replyTo, accepted);
        }
    }

    /// The receiver has taken a stanza over. An owner of a slot that is not its owner any more does
    /// not count: the stanza has gone to the next one.
    public void accepted(SessionEvent.Accepted accepted) {
        Pending<O> sent = pending.get(accepted.origin().identity(accepted.type(), accepted.account()));
        if (sent == null || (accepted.epoch() > 0 && isOutdated(sent.lane, accepted.epoch()))) {
            return;
        }
        end(sent);
        sent.parcel.waiting().accepted();
    }

    private static boolean isOutdated(Lane lane, long epoch) {
        return lane instanceof Lane.Slot slot && epoch < slot.epoch;
    }

    private void end(Pending<O> sent) {
        pending.remove(sent.identity);
        tails.remove(sent.chain, sent);
        left(sent.lane);
    }

    private void left(Lane lane) {
        if (--lane.pending == 0 && lane instanceof Lane.Served idle) {
            served.remove(idle.name);
        }
    }

    /// Slots have a new owner, or one that may have missed what it was sent: all that is not
    /// accepted is sent again.
    public void claimed(SlotClaim claim) {
        Set<Lane> again = new HashSet<>();
        claim.epochs().forEach((number, epoch) -> {
            Lane.Slot slot = slots[number];
            if (epoch < slot.epoch) {
                return;
            }
            boolean known = epoch == slot.epoch && claim.owner().equals(slot.instance);
            slot.epoch = epoch;
            slot.instance = claim.owner();
            if (!known || claim.round() != 0) {
                again.add(slot);
            }
        });
        if (!again.isEmpty()) {
            sendAgain(again);
        }
    }

    /// True if a stanza was sent by whoever owns its sender, as far as is known here, or by
    /// somebody whom nobody replaces.
    public boolean isFromOwner(SessionEvent.Inbound inbound) {
        String replyTo = inbound.replyTo();
        Jid sender = inbound.sender();
        return replyTo != null
                && sender != null
                && (!replyTo.startsWith(Addresses.SESSIONS) || replyTo.equals(slots[SlotTable.slot(sender)].instance));
    }

    /// Owners that are gone are forgotten: what is for their slots waits for a claim. Instances
    /// that are gone are replaced by others.
    public void viewed(View view) {
        for (Lane.Slot slot : slots) {
            if (slot.instance != null && !view.has(Addresses.nodeOf(slot.instance))) {
                slot.instance = null;
            }
        }
        Set<Lane> again = new HashSet<>();
        for (Lane.Served lane : served.values()) {
            if (lane.look(view) && lane.instance != null) {
                again.add(lane);
            }
        }
        if (!again.isEmpty()) {
            sendAgain(again);
        }
    }

    /// Sends again what was not accepted for long: any message may be lost. What nobody has served
    /// for long is given up, with all that came after it on the same way: that would overtake it. To be
    /// called every second.
    public void sweep() {
        long now = nanos.getAsLong();
        Set<Lane> late = new HashSet<>();
        Set<Lane> ended = new HashSet<>();
        for (Pending<O> sent : pending.values()) {
            if (now - sent.sentNanos > sent.lane.patienceNanos()) {
                boolean unserved = sent.lane instanceof Lane.Served && sent.lane.instance == null;
                (unserved ? ended : late).add(sent.lane);
            }
        }
        if (!late.isEmpty()) {
            sendAgain(late);
        }
        if (!ended.isEmpty()) {
            giveUp(ended);
        }
    }

    private void giveUp(Set<Lane> lanes) {
        for (Pending<O> sent : List.copyOf(pending.values())) {
            if (lanes.contains(sent.lane)) {
                end(sent);
                sent.parcel.waiting().unreachable();
            }
        }
    }

    /// Forgets what was sent for some owners.
    public void forget(Predicate<O> owners) {
        pending.values().removeIf(sent -> {
            boolean forgotten = owners.test(sent.parcel.owner());
            if (forgotten) {
                left(sent.lane);
            }
            return forgotten;
        });
        tails.values().removeIf(sent -> owners.test(sent.parcel.owner()));
    }

    /// True if something of such owners is not accepted.
    public boolean isUnderWay(Predicate<O> owners) {
        for (Pending<O> sent : pending.values()) {
            if (owners.test(sent.parcel.owner())) {
                return true;
            }
        }
        return false;
    }

    public int size() {
        return pending.size();
    }

    /// Sends everything of this turn now.
    public void flush() {
        outbox.flush();
    }

    private void sendAgain(Set<Lane> lanes) {
        Map<Chain, Pending<O>> before = new HashMap<>();
        for (Pending<O> sent : pending.values()) {
            if (lanes.contains(sent.lane)) {
                transmit(sent, before.put(sent.chain, sent), true);
            }
        }
        unowned.removeIf(kept -> {
            Lane.Slot slot = slots[kept.slot()];
            String owner = lanes.contains(slot) ? slot.instance : null;
            if (owner != null) {
                outbox.add(owner, kept.event());
            }
            return owner != null;
        });
    }

    private void transmit(Pending<O> sent, @Nullable Pending<O> before, boolean retry) {
        sent.sentNanos = nanos.getAsLong();
        String instance = sent.lane.instance;
        if (instance != null) {
            outbox.add(
                    instance,
                    new SessionEvent.Inbound(
                            sent.parcel.stanza(),
                            sent.parcel.origin(),
                            address,
                            sent.parcel.sender(),
                            retry,
                            sent.lane instanceof Lane.Slot slot ? slot.epoch : 0,
                            before == null ? 0 : before.parcel.origin().number()));
        }
    }
}
