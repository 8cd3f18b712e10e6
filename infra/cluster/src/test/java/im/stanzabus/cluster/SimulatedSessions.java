package im.stanzabus.cluster;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.View;
import im.stanzabus.stanza.Jid;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A session manager as the contract wants it, on the real {@link Ownership}: holds accounts of its slots
/// and knows the owners of the others.
final class SimulatedSessions implements Ownership.Tenancy, Ownership.Leasing {
    private static final long SWEEP_MILLIS = 1_000;
    private static final long RECENT_MILLIS = 5_000;

    /// An owner by its claim.
    record Route(String owner, NodeId node, long epoch) {}

    final Node node;
    final String address;
    final Ownership ownership;
    final SimulatedLog log;
    final Set<Rule> rules;
    private final SimulatedLeases leases;
    private final Map<Jid, SimulatedAccount> accounts = new HashMap<>();
    private final Map<Integer, List<SessionEvent>> waiting = new HashMap<>();
    private final Set<Integer> closing = new HashSet<>();
    private final Map<NodeId, Set<Integer>> wanted = new LinkedHashMap<>();
    private final @Nullable Route[] routes = new @Nullable Route[SlotTable.SLOTS];
    private final @Nullable Route[] ahead = new @Nullable Route[SlotTable.SLOTS];
    private final long[] claimedAt = new long[SlotTable.SLOTS];
    private long round;

    SimulatedSessions(Node node, String name, SimulatedLog log, SimulatedLeases leases, Set<Rule> rules) {
        this.node = node;
        this.log = log;
        this.leases = leases;
        this.rules = rules;
        address = Addresses.at(name, node.id);
        ownership = new Ownership(address, node.world::now, this, this, this::tell);
        Consumer<Runnable> context = node.context();
        node.serve(name, this::take);
        node.table.listen(claim -> {
            NodeId owner = node(claim);
            claim.epochs().forEach((slot, epoch) -> ahead[slot] = new Route(claim.owner(), owner, epoch));
            context.accept(() -> claimed(claim));
        });
        node.membership.listen(view -> {
            forgetLost(ahead, view);
            context.accept(() -> viewed(view));
        });
        context.accept(() -> viewed(node.membership.view()));
        node.everyTick(ownership::tick);
        node.every(SWEEP_MILLIS, this::sweep);
    }

    /// Whoever has sent something for the slot from this address is to send again what is not done.
    void want(String sender, int slot) {
        wanted.computeIfAbsent(Addresses.nodeOf(sender), _ -> new TreeSet<>()).add(slot);
    }

    private void sweep() {
        if (rules.contains(Rule.SILENT_OWNER_IS_SENT_AGAIN)) {
            BitSet late = new BitSet();
            accounts.values().forEach(account -> account.late(late));
            accounts.values().forEach(account -> account.sendAgain(late));
        }
        wanted.forEach((sender, slots) -> {
            slots.removeIf(slot -> !ownership.holds(slot));
            Map<Integer, Long> held = new HashMap<>();
            slots.forEach(slot -> held.put(slot, ownership.epoch(slot)));
            if (!held.isEmpty()) {
                tell(sender, new SlotClaim(address, --round, Map.copyOf(held)));
            }
        });
        wanted.clear();
    }

    private void tell(NodeId member, SlotClaim claim) {
        if (member.equals(node.id)) {
            node.table.claimed(claim);
        } else {
            node.send(Addresses.at(Addresses.SLOTS, member), claim);
        }
    }

    /// Where to send what is for an account; null while it has to wait for a claim.
    @Nullable
    Route route(Jid account) {
        int slot = SlotTable.slot(account);
        return rules.contains(Rule.CLAIMS_ARE_DEALT_WITH_IN_ORDER) ? routes[slot] : ahead[slot];
    }

    private static NodeId node(SlotClaim claim) {
        return Addresses.nodeOf(claim.owner());
    }

    private void viewed(View view) {
        forgetLost(routes, view);
        ownership.viewed(node.membership.view());
    }

    private static void forgetLost(@Nullable Route[] routes, View view) {
        for (int slot = 0; slot < routes.length; slot++) {
            Route route = routes[slot];
            if (route != null && !view.has(route.node)) {
                routes[slot] = null;
            }
        }
    }

    private void claimed(SlotClaim claim) {
        ownership.heard(claim);
        NodeId owner = node(claim);
        BitSet changed = new BitSet();
        claim.epochs().forEach((slot, epoch) -> {
            Route route = new Route(claim.owner(), owner, epoch);
            changed.set(slot, claim.round() != 0 || !route.equals(routes[slot]));
            routes[slot] = route;
        });
        if (rules.contains(Rule.OWNER_SENDS_AGAIN) && !changed.isEmpty()) {
            accounts.values().forEach(account -> account.sendAgain(changed));
        }
    }

    private void take(Object message) {
        switch (message) {
            case SessionEvent.Announced answer -> ownership.announced(answer);
            case SessionEvent event -> take(event);
            default -> throw new IllegalArgumentException(message.toString());
        }
    }

    private void take(SessionEvent event) {
        Jid to = event.account();
        int slot = SlotTable.slot(to);
        boolean misled = event instanceof SessionEvent.Inbound inbound
                && inbound.epoch() != ownership.epoch(slot)
                && rules.contains(Rule.EPOCH_OF_RECEIVER_IS_TOLD);
        if (!ownership.holds(slot) || misled) {
            return;
        }
        if (event instanceof SessionEvent.Announce announce) {
            account(to).announce(announce);
        } else if (ownership.isOpen(slot)) {
            account(to).take(event);
        } else {
            waiting.computeIfAbsent(slot, _ -> new ArrayList<>()).add(event);
        }
    }

    /// True if a stanza may be in the log though it is said to come for the first time.
    boolean isDoubtful(int slot, SessionEvent.Inbound received) {
        Route sender = routes[SlotTable.slot(Objects.requireNonNull(received.sender()))];
        return rules.contains(Rule.DOUBTFUL_ONES_ARE_LOOKED_UP)
                && (node.world.now() - claimedAt[slot] < RECENT_MILLIS
                        || sender == null
                        || !sender.owner.equals(received.replyTo()));
    }

    private SimulatedAccount account(Jid account) {
        return accounts.computeIfAbsent(
                account.bare(), bare -> new SimulatedAccount(this, bare, ownership.epoch(SlotTable.slot(bare))));
    }

    /// Somebody else has written for the account.
    void stale(SimulatedAccount account) {
        accounts.remove(account.jid, account);
        ownership.suspect();
    }

    /// Something that was under way for an account is done.
    void checkClosed() {
        Set<Integer> done = new HashSet<>(closing);
        accounts.values().stream().filter(SimulatedAccount::isBusy).forEach(account -> done.remove(account.slot));
        if (!done.isEmpty()) {
            closing.removeAll(done);
            ownership.closed(done);
        }
    }

    @Override
    public void claimed(Set<Integer> slots) {
        slots.forEach(slot -> {
            claimedAt[slot] = node.world.now();
            if (!ownership.holds(slot) || ownership.isOpen(slot)) {
                throw new IllegalStateException("claimed but not held, or open already");
            }
        });
    }

    @Override
    public void opened(Set<Integer> slots) {
        for (Integer slot : slots) {
            List<SessionEvent> events = waiting.remove(slot);
            if (events != null) {
                events.forEach(this::take);
            }
        }
    }

    @Override
    public void closing(Set<Integer> slots) {
        closing.addAll(slots);
        checkClosed();
    }

    @Override
    public void lost(Set<Integer> slots) {
        closing.removeAll(slots);
        waiting.keySet().removeAll(slots);
        accounts.values().removeIf(account -> {
            boolean lost = slots.contains(account.slot);
            account.dead |= lost;
            return lost;
        });
    }

    @Override
    public void claim(Set<Integer> slots) {
        node.world.ask(node, false, () -> leases.claim(address, slots), ownership::granted, ownership::failed);
    }

    @Override
    public void release(Set<Integer> slots) {
        node.world.ask(
                node,
                false,
                () -> {
                    leases.release(address, slots);
                    return slots;
                },
                ownership::released,
                ownership::failed);
    }

    @Override
    public void readHeld() {
        node.world.ask(node, false, () -> leases.held(address), ownership::held, ownership::failed);
    }
}
