package im.stanzabus.s2s.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// RFC 2782, "Usage rules".
class WeightedTargetTest {
    private static final int DRAWS = 20_000;
    private static final double TOLERANCE = 0.02;

    @Provide
    Arbitrary<List<WeightedTarget>> targets() {
        Arbitrary<Integer> priorities = Arbitraries.of(0, 1, 10, 65_535);
        Arbitrary<Integer> weights = Arbitraries.of(0, 0, 1, 5, 100, 65_535);
        Arbitrary<Integer> ports = Arbitraries.integers().between(1, 3);
        return Combinators.combine(priorities, weights, ports)
                .as((priority, weight, port) ->
                        new WeightedTarget(priority, weight, new Target("p" + priority + ".example", port, false)))
                .list()
                .ofMaxSize(12);
    }

    @Property
    void everyTargetComesExactlyOnce(@ForAll("targets") List<WeightedTarget> targets, @ForAll long seed) {
        List<Target> ordered = WeightedTarget.order(targets, new Random(seed));

        assertThat(ordered)
                .containsExactlyInAnyOrderElementsOf(
                        targets.stream().map(WeightedTarget::target).toList());
    }

    @Property
    void prioritiesAscend(@ForAll("targets") List<WeightedTarget> targets, @ForAll long seed) {
        List<Integer> priorities = WeightedTarget.order(targets, new Random(seed)).stream()
                .map(target ->
                        Integer.valueOf(target.host().substring(1, target.host().indexOf('.'))))
                .toList();

        assertThat(priorities).isSorted();
    }

    @Property(tries = 50)
    void theSameChanceGivesTheSameOrder(@ForAll("targets") List<WeightedTarget> targets, @ForAll long seed) {
        assertThat(WeightedTarget.order(targets, new Random(seed)))
                .isEqualTo(WeightedTarget.order(targets, new Random(seed)));
    }

    /// How often each weight comes first, as a part of all draws.
    private static Map<String, Double> first(int... weights) {
        List<WeightedTarget> targets = IntStream.range(0, weights.length)
                .mapToObj(i -> new WeightedTarget(1, weights[i], new Target("t" + i, 1, false)))
                .toList();
        Random random = new Random(42);
        Map<String, Integer> counted = new HashMap<>();
        for (int i = 0; i < DRAWS; i++) {
            counted.merge(WeightedTarget.order(targets, random).getFirst().host(), 1, Integer::sum);
        }
        return counted.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> (double) entry.getValue() / DRAWS));
    }

    @Example
    void weightsAreFrequencies() {
        Map<String, Double> first = first(100, 300, 600);

        assertThat(first.get("t0")).isCloseTo(0.1, within(TOLERANCE));
        assertThat(first.get("t1")).isCloseTo(0.3, within(TOLERANCE));
        assertThat(first.get("t2")).isCloseTo(0.6, within(TOLERANCE));
    }

    @Example
    void theOthersFollowByTheirWeights() {
        List<WeightedTarget> targets = List.of(
                new WeightedTarget(1, 1_000_000, new Target("big", 1, false)),
                new WeightedTarget(1, 30, new Target("three", 1, false)),
                new WeightedTarget(1, 10, new Target("one", 1, false)));
        Random random = new Random(42);
        Map<String, Long> second = Stream.generate(() -> WeightedTarget.order(targets, random))
                .limit(DRAWS)
                .filter(ordered -> ordered.getFirst().host().equals("big"))
                .map(ordered -> ordered.get(1).host())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        double all = second.values().stream().mapToLong(Long::longValue).sum();
        assertThat(second.get("three") / all).isCloseTo(0.75, within(TOLERANCE));
    }

    /// "A very small chance of being selected".
    @Example
    void weightZeroAmongOthersIsSeldom() {
        Map<String, Double> first = first(0, 9, 0);

        assertThat(first.get("t1")).isCloseTo(0.9, within(TOLERANCE));
        assertThat(first.get("t0") + first.get("t2")).isCloseTo(0.1, within(TOLERANCE));
    }

    @Example
    void withoutWeightsNobodyIsPreferred() {
        Map<String, Double> first = first(0, 0, 0, 0);

        assertThat(first.values())
                .hasSize(4)
                .allSatisfy(part -> assertThat(part).isCloseTo(0.25, within(TOLERANCE)));
    }
}
