package im.stanzabus.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RendezvousPropertyTest {
    private static final int KEYS = SlotTable.SLOTS;

    /// The share of each candidate of the 1024 slots stays within five standard deviations of an even one.
    @Property(tries = 100)
    void everyCandidateGetsItsShare(@ForAll @IntRange(min = 1, max = 20) int size, @ForAll long seed) {
        List<String> candidates = candidates(size, seed);
        List<String> chosen = choices(candidates);
        double share = 1.0 / size;
        double deviation = Math.sqrt(KEYS * share * (1 - share));
        for (String candidate : candidates) {
            assertThat((double) Collections.frequency(chosen, candidate))
                    .isBetween(KEYS * share - 5 * deviation, KEYS * share + 5 * deviation);
        }
    }

    @Property(tries = 100)
    void whoJoinsTakesItsOwnAndMovesNothingElse(@ForAll @IntRange(min = 1, max = 19) int size, @ForAll long seed) {
        List<String> after = candidates(size + 1, seed);
        String joined = after.getLast();
        List<String> was = choices(after.subList(0, size));
        List<String> is = choices(after);
        for (int key = 0; key < KEYS; key++) {
            assertThat(is.get(key)).isIn(was.get(key), joined);
        }
        assertThat(is).contains(joined);
    }

    @Property(tries = 100)
    void whoLeavesGivesItsOwnAndMovesNothingElse(@ForAll @IntRange(min = 2, max = 20) int size, @ForAll long seed) {
        List<String> before = candidates(size, seed);
        String left = before.getFirst();
        List<String> was = choices(before);
        List<String> is = choices(before.subList(1, size));
        for (int key = 0; key < KEYS; key++) {
            if (was.get(key).equals(left)) {
                assertThat(is.get(key)).isNotEqualTo(left);
            } else {
                assertThat(is.get(key)).isEqualTo(was.get(key));
            }
        }
    }

    @Property(tries = 100)
    void theOrderOfTheCandidatesDoesNotMatter(@ForAll @IntRange(min = 1, max = 20) int size, @ForAll long seed) {
        List<String> candidates = candidates(size, seed);
        List<String> shuffled = new ArrayList<>(candidates);
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(choices(shuffled)).isEqualTo(choices(candidates));
    }

    @Property(tries = 50)
    void manyAreChosenAsOneIs(@ForAll @IntRange(min = 0, max = 20) int size, @ForAll long seed) {
        List<String> candidates = candidates(size, seed);
        assertThat(Rendezvous.chooseAll(KEYS, candidates))
                .containsExactly(IntStream.range(0, KEYS)
                        .mapToObj(key -> Rendezvous.choose(key, candidates))
                        .toArray(String[]::new));
    }

    private static List<String> choices(List<String> candidates) {
        return IntStream.range(0, KEYS)
                .mapToObj(key -> Objects.requireNonNull(Rendezvous.choose(key, candidates)))
                .toList();
    }

    /// Addresses as session managers have them: partitions of nodes with random names.
    private static List<String> candidates(int size, long seed) {
        Random random = new Random(seed);
        List<String> candidates = new ArrayList<>();
        while (candidates.size() < size) {
            String node = "node-" + HexFormat.of().toHexDigits(random.nextInt());
            int partitions = Math.min(1 + random.nextInt(4), size - candidates.size());
            for (int partition = 0; partition < partitions; partition++) {
                candidates.add(Addresses.at(Addresses.sessions(partition), new NodeId(node)));
            }
        }
        return candidates;
    }
}
