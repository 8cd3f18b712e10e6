package im.stanzabus.bus;

import static im.stanzabus.bus.testing.FakeMembership.leavingMember;
import static im.stanzabus.bus.testing.FakeMembership.member;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.testing.FakeMembership;
import im.stanzabus.stanza.Jid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

class SlotTableTest {
    private static final String FIRST = "sm.0@n1";
    private static final String SECOND = "sm.0@n2";
    private static final String THIRD = "sm.0@n3";
    private static final Member N2 = member("n2", "sm.0");
    private static final Member N3 = member("n3", "sm.0");

    private final FakeMembership membership = new FakeMembership("n1");
    private final SlotTable table = new SlotTable(membership);
    private final List<SlotClaim> passed = new ArrayList<>();

    @Example
    void slotsAreSpreadEvenlyOverAccounts() {
        int[] counts = new int[SlotTable.SLOTS];
        for (int i = 0; i < 100_000; i++) {
            counts[SlotTable.slot(Jid.of("user" + i + "@a.example"))]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(40, 180);
        }
        assertThat(SlotTable.slot(Jid.of("u@a.example/r"))).isEqualTo(SlotTable.slot(Jid.of("u@a.example")));
    }

    @Example
    void withoutSessionManagersThereIsNoOwner() {
        assertThat(table.ownerOf(0)).isNull();
        membership.others(N2);
        assertThat(table.ownerOf(0)).isEqualTo(SECOND);
        assertThat(table.slotsOf(SECOND).cardinality()).isEqualTo(SlotTable.SLOTS);
        membership.others();
        assertThat(table.ownerOf(0)).isNull();
    }

    @Example
    void aClaimCountsMoreThanTheChoice() {
        membership.others(N2, N3);
        int slot = chosenFor(SECOND);
        table.claimed(claim(THIRD, slot, 1));
        assertThat(table.ownerOf(slot)).isEqualTo(THIRD);
    }

    @Example
    void aLeavingOwnerKeepsWhatItHasUntilAnotherClaimsIt() {
        membership.others(N2, N3);
        int slot = chosenFor(SECOND);
        table.claimed(claim(SECOND, slot, 1));
        membership.others(leavingMember("n2", "sm.0"), N3);
        assertThat(table.ownerOf(slot)).isEqualTo(SECOND);
        table.claimed(claim(THIRD, slot, 2));
        assertThat(table.ownerOf(slot)).isEqualTo(THIRD);
    }

    @Example
    void theSlotsOfADeadOwnerFallToTheChosenOneAndComeBackWithIt() {
        membership.others(N2, N3);
        int slot = chosenFor(SECOND);
        table.claimed(claim(SECOND, slot, 1));
        membership.others(N3);
        assertThat(table.ownerOf(slot)).isEqualTo(THIRD);
        membership.others(N2, N3);
        assertThat(table.ownerOf(slot)).isEqualTo(SECOND);
    }

    @Example
    void aClaimIsPassedOnWhereItIsTheNewest() {
        membership.others(N2, N3);
        table.claimed(new SlotClaim(SECOND, 0, Map.of(1, 5L, 2, 5L, 3, 5L)));
        Runnable end = table.listen(passed::add);
        table.claimed(new SlotClaim(THIRD, 7, Map.of(1, 4L, 2, 5L, 3, 6L)));
        assertThat(passed).containsExactly(new SlotClaim(THIRD, 7, Map.of(3, 6L)));
        table.claimed(new SlotClaim(SECOND, 0, Map.of(1, 4L)));
        assertThat(passed).hasSize(1);
        table.claimed(new SlotClaim(SECOND, 8, Map.of(1, 5L)));
        assertThat(passed).hasSize(2).last().isEqualTo(new SlotClaim(SECOND, 8, Map.of(1, 5L)));
        end.run();
        table.claimed(new SlotClaim(SECOND, 9, Map.of(1, 5L)));
        assertThat(passed).hasSize(2);
    }

    @Example
    void listenersFindTheClaimInTheTable() {
        membership.others(N2, N3);
        int slot = chosenFor(SECOND);
        List<@Nullable String> seen = new ArrayList<>();
        table.listen(_ -> seen.add(table.ownerOf(slot)));
        table.claimed(claim(THIRD, slot, 1));
        assertThat(seen).containsExactly(THIRD);
    }

    @Example
    void aClaimOfAProcessThatIsNotInViewWaitsUntilItIs() {
        membership.others(N3);
        table.listen(passed::add);
        table.claimed(new SlotClaim(SECOND, 3, Map.of(1, 5L, 2, 5L)));
        table.claimed(new SlotClaim(SECOND, 0, Map.of(2, 6L)));
        assertThat(passed).isEmpty();
        assertThat(table.ownerOf(1)).isEqualTo(THIRD);
        membership.others(N2, N3);
        assertThat(passed).containsExactly(new SlotClaim(SECOND, 3, Map.of(1, 5L, 2, 6L)));
        assertThat(table.ownerOf(1)).isEqualTo(SECOND);
    }

    @Example
    void whatIsClaimedIsToldAgainWhenAnOwnerComesBackIntoView() {
        membership.others(N2, N3);
        table.claimed(new SlotClaim(SECOND, 3, Map.of(1, 5L, 2, 5L)));
        membership.others(N3);
        table.claimed(new SlotClaim(THIRD, 0, Map.of(2, 6L)));
        table.listen(passed::add);
        membership.others(N2, N3);
        assertThat(passed).containsExactly(new SlotClaim(SECOND, 0, Map.of(1, 5L)));
    }

    /// After any claims in any order and any comings and goings, each owner is the living claimant of the
    /// highest epoch, else the chosen one; and what was passed on was the newest at that time.
    @Property(tries = 60)
    void theHighestEpochWins(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int steps) {
        FakeMembership members = new FakeMembership("n1");
        members.offer("sm.0");
        SlotTable learned = new SlotTable(members);
        Map<Integer, SlotClaim> newest = new HashMap<>();
        learned.listen(claim -> claim.epochs().forEach((slot, epoch) -> {
            SlotClaim before = newest.put(slot, claim);
            assertThat(epoch)
                    .isGreaterThanOrEqualTo(before == null ? 0 : before.epochs().get(slot));
        }));
        Random random = new Random(seed);
        Map<Integer, Long> highest = new HashMap<>();
        Map<Integer, String> claimants = new HashMap<>();
        Map<String, Map<Integer, Long>> early = new HashMap<>();
        for (int step = 0; step < steps; step++) {
            List<Member> living = new ArrayList<>();
            for (Member other : List.of(N2, N3)) {
                if (random.nextInt(3) > 0) {
                    living.add(other);
                }
            }
            members.others(living.toArray(new Member[0]));
            int owner = random.nextInt(3);
            Map<Integer, Long> epochs = new HashMap<>();
            for (int i = 0; i < 20; i++) {
                // Epochs are unique to their owners, as PostgreSQL gives them out.
                epochs.put(random.nextInt(40), random.nextInt(8) * 3L + owner + 1);
            }
            String claimant = List.of(FIRST, SECOND, THIRD).get(owner);
            learned.claimed(new SlotClaim(claimant, step, epochs));
            epochs.forEach((slot, epoch) ->
                    early.computeIfAbsent(claimant, _ -> new HashMap<>()).merge(slot, epoch, Math::max));
            early.entrySet().removeIf(claims -> {
                boolean inView = members.view().has(Addresses.nodeOf(claims.getKey()));
                if (inView) {
                    claims.getValue().forEach((slot, epoch) -> {
                        if (epoch >= highest.getOrDefault(slot, 0L)) {
                            highest.put(slot, epoch);
                            claimants.put(slot, claims.getKey());
                        }
                    });
                }
                return inView;
            });
            List<String> candidates = members.view().servingAll("sm.", false);
            for (int slot = 0; slot < SlotTable.SLOTS; slot++) {
                String expected = claimants.get(slot);
                assertThat(learned.ownerOf(slot))
                        .isEqualTo(candidates.contains(expected) ? expected : Rendezvous.choose(slot, candidates));
            }
        }
        highest.forEach(
                (slot, epoch) -> assertThat(newest.get(slot).epochs().get(slot)).isEqualTo(epoch));
    }

    private int chosenFor(String owner) {
        int slot = table.slotsOf(owner).nextSetBit(0);
        assertThat(slot).isNotNegative();
        return slot;
    }

    private static SlotClaim claim(String owner, int slot, long epoch) {
        return new SlotClaim(owner, 0, Map.of(slot, epoch));
    }
}
