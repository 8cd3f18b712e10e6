package im.stanzabus.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Member;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Rendezvous;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Single decisions; what they are good for together shows {@link HandOverSimulationTest}.
class OwnershipTest {
    private static final String ME = "sm.0@n1";
    private static final String OTHER = "sm.0@n2";
    private static final String GATEWAY = "c2s.0@n3";
    private static final Member MINE = member("n1", false, "slots", "sm.0");
    private static final Member OTHERS = member("n2", false, "slots", "sm.0");
    private static final Member GATEWAYS = member("n3", false, "slots", "c2s.0");

    private final Ports ports = new Ports();
    private final Ownership ownership = new Ownership(ME, () -> ports.now, ports, ports, ports::tell);

    @Test
    void withoutGatewaysEverythingIsOpenedWhenItIsGranted() {
        view(MINE);
        assertThat(ports.asked).isEqualTo("claim").as("the first thing is a claim");
        assertThat(ports.slots).hasSize(SlotTable.SLOTS);
        assertThat(ownership.isSettled()).isFalse();
        ownership.granted(epochs(ports.slots, 1));
        assertThat(ports.calls).containsExactly("claimed 1024", "opened 1024");
        assertThat(ownership.isOpen(7)).isTrue();
        assertThat(ownership.epoch(7)).isEqualTo(1);
        assertThat(ownership.isSettled()).isTrue();
    }

    @Test
    void slotsWaitForTheAnnouncementsOfEveryGateway() {
        view(MINE, GATEWAYS);
        ownership.granted(epochs(ports.slots, 1));
        SlotClaim claim = ports.toldTo("n3").getFirst();
        assertThat(claim.round()).isNotZero();
        assertThat(claim.epochs()).hasSize(SlotTable.SLOTS);
        assertThat(ownership.holds(7)).isTrue();
        assertThat(ownership.isOpen(7)).isFalse();
        ownership.announced(new SessionEvent.Announced(GATEWAY, claim.round() + 1));
        assertThat(ownership.isOpen(7)).isFalse();
        ownership.announced(new SessionEvent.Announced(GATEWAY, claim.round()));
        assertThat(ownership.isOpen(7)).isTrue();
    }

    @Test
    void aSilentGatewayIsAskedAgainAndHoldsNothingUpForLong() {
        view(MINE, GATEWAYS);
        ownership.granted(epochs(ports.slots, 1));
        pass(1_900);
        assertThat(ports.toldTo("n3").stream().filter(claim -> claim.round() == 1))
                .hasSize(7);
        assertThat(ownership.isOpen(7)).isFalse();
        pass(200);
        assertThat(ownership.isOpen(7)).isTrue();
        ports.told.clear();
        pass(2_000);
        long round =
                ports.toldTo("n3").stream().mapToLong(SlotClaim::round).max().orElse(0);
        assertThat(round).as("asked again and again").isGreaterThan(1);
        ownership.announced(new SessionEvent.Announced(GATEWAY, round));
        ports.told.clear();
        pass(10_000);
        assertThat(ports.toldTo("n3")).isNotEmpty().allMatch(claim -> claim.round() == 0);
    }

    @Test
    void slotsAreOpenedWhenTheLastSilentGatewayDies() {
        view(MINE, GATEWAYS);
        ownership.granted(epochs(ports.slots, 1));
        view(MINE);
        assertThat(ownership.isOpen(7)).isTrue();
    }

    @Test
    void whoJoinsIsToldWhatIsOwned() {
        view(MINE);
        ownership.granted(epochs(ports.slots, 1));
        ports.told.clear();
        view(MINE, GATEWAYS);
        SlotClaim claim = ports.toldTo("n3").getFirst();
        assertThat(claim.round()).isNotZero();
        assertThat(claim.epochs()).hasSize(SlotTable.SLOTS);
        assertThat(ownership.isOpen(7)).as("what is open stays open").isTrue();
    }

    @Test
    void whatAnotherIsToHaveIsClosedThenReleasedThenLost() {
        view(MINE);
        ownership.granted(epochs(ports.slots, 1));
        ports.calls.clear();
        view(MINE, OTHERS);
        Set<Integer> theirs = chosenFor(OTHER);
        assertThat(ports.calls).containsExactly("closing " + theirs.size());
        int slot = theirs.iterator().next();
        assertThat(ownership.isOpen(slot)).isFalse();
        assertThat(ownership.holds(slot)).isTrue();
        ownership.closed(theirs);
        assertThat(ports.asked).isEqualTo("release");
        assertThat(ports.slots).isEqualTo(theirs);
        ownership.released(theirs);
        assertThat(ports.calls).containsExactly("closing " + theirs.size(), "lost " + theirs.size());
        assertThat(ownership.holds(slot)).isFalse();
        assertThat(ownership.isOpen(chosenFor(ME).iterator().next())).isTrue();
    }

    @Test
    void whatIsNotClosedInTimeIsReleasedAllTheSame() {
        view(MINE);
        ownership.granted(epochs(ports.slots, 1));
        ports.asked = "";
        view(MINE, OTHERS);
        pass(900);
        assertThat(ports.asked).isEmpty();
        pass(200);
        assertThat(ports.asked).isEqualTo("release");
    }

    @Test
    void whatAnotherHoldsIsAskedForAgain() {
        view(MINE, OTHERS);
        Set<Integer> mine = chosenFor(ME);
        assertThat(ports.slots).isEqualTo(mine);
        ownership.granted(Map.of());
        assertThat(ownership.isSettled())
                .as("it is known that nothing is to be had")
                .isTrue();
        ports.asked = "";
        pass(150);
        assertThat(ports.asked).isEmpty();
        pass(100);
        assertThat(ports.asked).isEqualTo("claim");
        assertThat(ports.slots).isEqualTo(mine);
    }

    @Test
    void whoHearsOfAHigherEpochHasLostAndTakesNoOlderGrant() {
        view(MINE);
        ownership.granted(epochs(ports.slots, 1));
        ports.calls.clear();
        ownership.heard(new SlotClaim(OTHER, 0, Map.of(7, 2L, 8, 1L)));
        assertThat(ports.calls).containsExactly("lost 1");
        assertThat(ownership.holds(7)).isFalse();
        assertThat(ownership.holds(8)).isTrue();
        pass(250);
        assertThat(ports.asked).isEqualTo("claim");
        assertThat(ports.slots).containsExactly(7);
        ownership.granted(Map.of(7, 1L));
        assertThat(ownership.holds(7)).isFalse();
        pass(300);
        ownership.granted(Map.of(7, 3L));
        assertThat(ownership.epoch(7)).isEqualTo(3);
    }

    @Test
    void nothingIsGivenUpBecauseTheDatabaseIsAway() {
        view(MINE);
        ownership.failed();
        pass(250);
        assertThat(ports.asked).isEqualTo("held");
        ownership.held(Map.of());
        ownership.granted(epochs(ports.slots, 1));
        ports.calls.clear();
        for (int i = 0; i < 20; i++) {
            pass(1_000);
            ownership.failed();
        }
        assertThat(ports.calls).isEmpty();
        assertThat(ownership.isOpen(7)).isTrue();
    }

    @Test
    void whatAFailedCallHasBroughtIsFound() {
        view(MINE);
        ownership.failed();
        pass(250);
        ownership.held(epochs(IntStream.range(0, SlotTable.SLOTS).boxed().collect(Collectors.toSet()), 4));
        assertThat(ownership.isOpen(7)).isTrue();
        assertThat(ownership.epoch(7)).isEqualTo(4);
    }

    @Test
    void aSuspicionIsLookedUp() {
        view(MINE);
        ownership.granted(epochs(ports.slots, 1));
        ports.calls.clear();
        ownership.suspect();
        pass(50);
        assertThat(ports.asked).isEqualTo("held");
        Map<Integer, Long> held = new HashMap<>(epochs(ports.all(), 1));
        held.remove(7);
        held.put(8, 3L);
        ownership.held(held);
        assertThat(ports.calls).containsExactly("lost 2", "claimed 1", "opened 1");
        assertThat(ownership.holds(7)).isFalse();
        assertThat(ownership.epoch(8)).isEqualTo(3);
    }

    @Test
    void aProcessThatStoodStillLooksUpWhatItHolds() {
        view(MINE);
        ownership.granted(epochs(ports.slots, 1));
        ports.asked = "";
        ports.now += 1_500;
        ownership.tick();
        assertThat(ports.asked).isEqualTo("held");
    }

    @Test
    void aViewWithoutItselfSaysNothing() {
        view(MINE);
        ownership.granted(epochs(ports.slots, 1));
        ports.calls.clear();
        view(OTHERS);
        view();
        assertThat(ports.calls).isEmpty();
    }

    @Test
    void theLastKeepsAllUntilItLeaves() {
        view(MINE);
        ownership.granted(epochs(ports.slots, 1));
        ports.calls.clear();
        view(member("n1", true, "slots", "sm.0"));
        assertThat(ports.calls).isEmpty();
        ownership.leave();
        assertThat(ports.calls).containsExactly("closing 1024");
        ownership.closed(ports.all());
        assertThat(ownership.isLeft()).isFalse();
        ownership.released(ports.slots);
        assertThat(ownership.isLeft()).isTrue();
    }

    private void view(Member... members) {
        ownership.viewed(new View(List.of(members)));
    }

    private void pass(long millis) {
        for (long end = ports.now + millis; ports.now < end; ) {
            ports.now += 50;
            ownership.tick();
        }
    }

    private static Set<Integer> chosenFor(String address) {
        return IntStream.range(0, SlotTable.SLOTS)
                .filter(slot -> address.equals(Rendezvous.choose(slot, List.of(ME, OTHER))))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<Integer, Long> epochs(Set<Integer> slots, long epoch) {
        return slots.stream().collect(Collectors.toMap(slot -> slot, _ -> epoch));
    }

    private static Member member(String node, boolean leaving, String... names) {
        return new Member(new NodeId(node), "test", List.of(), Set.copyOf(Arrays.asList(names)), leaving);
    }

    /// Everything that the decisions reach.
    private static final class Ports implements Ownership.Leasing, Ownership.Tenancy {
        final List<String> calls = new ArrayList<>();
        final Map<String, List<SlotClaim>> told = new HashMap<>();
        String asked = "";
        Set<Integer> slots = Set.of();
        long now = 1_000;

        Set<Integer> all() {
            return IntStream.range(0, SlotTable.SLOTS).boxed().collect(Collectors.toSet());
        }

        List<SlotClaim> toldTo(String node) {
            return told.getOrDefault(node, List.of());
        }

        void tell(NodeId member, SlotClaim claim) {
            told.computeIfAbsent(member.name(), _ -> new ArrayList<>()).add(claim);
        }

        private void ask(String what, Set<Integer> about) {
            asked = what;
            slots = about;
        }

        @Override
        public void claim(Set<Integer> wanted) {
            ask("claim", wanted);
        }

        @Override
        public void release(Set<Integer> given) {
            ask("release", given);
        }

        @Override
        public void readHeld() {
            ask("held", Set.of());
        }

        @Override
        public void claimed(Set<Integer> taken) {
            calls.add("claimed " + taken.size());
        }

        @Override
        public void opened(Set<Integer> taken) {
            calls.add("opened " + taken.size());
        }

        @Override
        public void closing(Set<Integer> taken) {
            calls.add("closing " + taken.size());
        }

        @Override
        public void lost(Set<Integer> taken) {
            calls.add("lost " + taken.size());
        }
    }
}
