package im.stanzabus.cluster;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Member;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Tells the members of the cluster what one session manager owns, and waits for the gateways among them
/// to announce their connections. A claim that a gateway has not answered is told again; a gateway that
/// stays silent holds nothing up for longer than {@link #LIMIT_MILLIS}, but is asked until it answers or
/// is gone. Without threads and timers: time passes with {@link #tick}.
final class ClaimRounds {
    /// How long slots wait for the announcements of gateways before they are opened without.
    static final long LIMIT_MILLIS = 2_000;

    private static final long REPEAT_MILLIS = 300;
    private static final long BEACON_MILLIS = 2_000;

    /// How a member is told.
    interface Telling {
        /// Sends the claim to {@link Addresses#SLOTS} of the member; it may be lost.
        void tell(NodeId member, SlotClaim claim);
    }

    /// A claim under way.
    private static final class Round {
        final long number;
        final Map<Integer, Long> epochs;
        final Set<String> silent;
        final boolean opens;
        final long end;
        long repeat;

        Round(long number, Map<Integer, Long> epochs, Collection<String> gateways, boolean opens, long now) {
            this.number = number;
            this.epochs = new HashMap<>(epochs);
            this.silent = new LinkedHashSet<>(gateways);
            this.opens = opens;
            this.end = now + LIMIT_MILLIS;
            this.repeat = now + REPEAT_MILLIS;
        }
    }

    private final String owner;
    private final LongSupplier clock;
    private final Telling telling;
    private final Supplier<Map<Integer, Long>> owned;
    private final Consumer<Set<Integer>> opened;
    private final Map<Long, Round> rounds = new LinkedHashMap<>();
    private final Set<String> silent = new LinkedHashSet<>();
    private View view = new View(List.of());
    private long lastNumber;
    private long nextBeacon;

    /// @param owned what is owned and not about to be given up
    /// @param opened takes the slots of each claim that nobody is waited for any more
    ClaimRounds(
            String owner,
            LongSupplier clock,
            Telling telling,
            Supplier<Map<Integer, Long>> owned,
            Consumer<Set<Integer>> opened) {
        this.owner = owner;
        this.clock = clock;
        this.telling = telling;
        this.owned = owned;
        this.opened = opened;
        nextBeacon = clock.getAsLong() + BEACON_MILLIS;
    }

    /// Slots are owned from now on: everybody is told, and every gateway is waited for.
    void begin(Map<Integer, Long> epochs) {
        Round round = add(epochs, gateways(view), true);
        tell(round, nodes(view));
        finishIfAnswered(round);
    }

    /// Slots are not owned any more, or not for long.
    void forget(Set<Integer> slots) {
        rounds.values().forEach(round -> round.epochs.keySet().removeAll(slots));
        rounds.values().removeIf(round -> round.epochs.isEmpty());
    }

    /// Members came or went. Who came is told everything; of gateways that came back after the network was
    /// split, the connections are announced again.
    void viewed(View now) {
        Set<String> gained = new LinkedHashSet<>(gateways(now));
        gained.removeAll(gateways(view));
        Set<NodeId> newcomers = new LinkedHashSet<>(nodes(now));
        newcomers.removeIf(node -> takesClaims(view, node) || !now.has(node));
        gained.forEach(gateway -> newcomers.add(Addresses.nodeOf(gateway)));
        view = now;
        silent.retainAll(gateways(now));
        for (Round round : List.copyOf(rounds.values())) {
            round.silent.retainAll(gateways(now));
            if (round.opens && !newcomers.isEmpty()) {
                round.silent.addAll(gained);
                tell(round, newcomers);
            }
            finishIfAnswered(round);
        }
        remind(newcomers, gained);
    }

    /// A gateway has announced all that a claim asked for.
    void announced(SessionEvent.Announced answer) {
        Round round = rounds.get(answer.round());
        if (round != null && round.silent.remove(answer.gateway())) {
            finishIfAnswered(round);
        }
    }

    /// Repeats what was not answered, gives up waiting, and lets everybody know now and then what is owned.
    void tick() {
        long now = clock.getAsLong();
        for (Round round : List.copyOf(rounds.values())) {
            if (now >= round.end) {
                silent.addAll(round.silent);
                finish(round);
            } else if (now >= round.repeat) {
                round.repeat = now + REPEAT_MILLIS;
                tell(round, nodes(round.silent));
            }
        }
        if (now >= nextBeacon) {
            nextBeacon = now + BEACON_MILLIS;
            Map<Integer, Long> epochs = owned.get();
            if (!epochs.isEmpty()) {
                SlotClaim beacon = new SlotClaim(owner, 0, epochs);
                nodes(view).forEach(node -> telling.tell(node, beacon));
            }
            List<String> asked = List.copyOf(silent);
            silent.clear();
            remind(nodes(asked), asked);
        }
    }

    /// Tells members what is owned already. With a number, though only gateways answer it: whatever was
    /// sent between us while one of both did not see the other may be lost.
    private void remind(Set<NodeId> members, Collection<String> gateways) {
        Map<Integer, Long> epochs = new HashMap<>(owned.get());
        rounds.values().stream()
                .filter(round -> round.opens)
                .forEach(round -> epochs.keySet().removeAll(round.epochs.keySet()));
        if (members.isEmpty() || epochs.isEmpty()) {
            return;
        }
        Round round = add(epochs, gateways, false);
        tell(round, members);
        finishIfAnswered(round);
    }

    private Round add(Map<Integer, Long> epochs, Collection<String> gateways, boolean opens) {
        Round round = new Round(++lastNumber, epochs, gateways, opens, clock.getAsLong());
        rounds.put(round.number, round);
        return round;
    }

    private void tell(Round round, Set<NodeId> members) {
        SlotClaim claim = new SlotClaim(owner, round.number, Map.copyOf(round.epochs));
        members.forEach(member -> telling.tell(member, claim));
    }

    private void finishIfAnswered(Round round) {
        if (round.silent.isEmpty()) {
            finish(round);
        }
    }

    private void finish(Round round) {
        if (rounds.remove(round.number) != null && round.opens) {
            opened.accept(Set.copyOf(round.epochs.keySet()));
        }
    }

    private static boolean takesClaims(View view, NodeId node) {
        Member member = view.member(node);
        return member != null && member.names().contains(Addresses.SLOTS);
    }

    private static List<String> gateways(View view) {
        return view.servingAll(Addresses.GATEWAYS, true);
    }

    private static Set<NodeId> nodes(View view) {
        Set<NodeId> nodes = new LinkedHashSet<>();
        view.members().forEach(member -> nodes.add(member.node()));
        return nodes;
    }

    private static Set<NodeId> nodes(Collection<String> addresses) {
        Set<NodeId> nodes = new LinkedHashSet<>();
        new ArrayList<>(addresses).forEach(address -> nodes.add(Addresses.nodeOf(address)));
        return nodes;
    }
}
