package im.stanzabus.cluster.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SidesTest {
    /// Each column of `others` is a living process and what it sees, such as `b:bc c:bc`.
    @ParameterizedTest(name = "{0} sees {1} beside {2}: outranked by {3}")
    @CsvSource({
        // All see each other, or nobody else lives.
        "a, abc, a:abc b:abc c:abc,",
        "a, a, ,",
        // A dead process is not in PostgreSQL; who has not joined has no side yet.
        "a, a, b:,",
        // Cut in two: the larger side wins, for each of its members.
        "a, a, b:bc c:bc, b",
        "b, bc, a:a c:bc,",
        "c, bc, a:a b:bc,",
        // Equal sides: the one with the smallest name.
        "a, a, b:b,",
        "b, b, a:a, a",
        "c, bc, a:ad b:bc d:ad, a",
        "d, ad, a:ad b:bc c:bc,",
        // A process that still believes in those that have given it up is not on their side.
        "a, ab, b:ab c:abc,",
        "c, c, a:ab b:ab, a",
        // Three parts.
        "c, c, a:a b:b, a",
        "a, a, b:b c:c,",
        "e, ef, a:abc b:abc c:abc d:d f:ef, a",
    })
    void theLargerSideOutranks(String self, String sees, String others, String outranking) {
        Map<String, Set<String>> living = new TreeMap<>();
        if (others != null) {
            for (String other : others.split(" ")) {
                living.put(other.substring(0, 1), letters(other.substring(2)));
            }
        }
        living.remove(self);

        assertThat(Sides.outranking(self, letters(sees), living)).isEqualTo(outranking);
    }

    private static Set<String> letters(String text) {
        return Arrays.stream(text.split("")).filter(letter -> !letter.isEmpty()).collect(Collectors.toSet());
    }

    private static final Set<String> ALONE = Set.of("b");
    private static final Map<String, Set<String>> OTHER_SIDE = Map.of("a", Set.of("a"));

    private final IsolationRule rule = new IsolationRule("b", 0);

    private static long at(double seconds) {
        return (long) (seconds * Duration.ofSeconds(1).toNanos());
    }

    @Test
    void isIsolatedWhenAHigherSideLivesUnseenForThreeSeconds() {
        assertThat(rule.answered(at(10), ALONE, OTHER_SIDE)).isNull();
        assertThat(rule.answered(at(12.9), ALONE, OTHER_SIDE)).isNull();
        assertThat(rule.answered(at(13.1), ALONE, OTHER_SIDE)).contains("does not see a");
        assertThat(rule.unanswered(at(20))).isNotNull();
        assertThat(rule.answered(at(21), Set.of("a", "b"), Map.of("a", Set.of("a", "b"))))
                .isNull();
    }

    @Test
    void aShortMisunderstandingIsNone() {
        assertThat(rule.answered(at(10), ALONE, OTHER_SIDE)).isNull();
        assertThat(rule.answered(at(12), ALONE, Map.of())).isNull();
        assertThat(rule.answered(at(13.5), ALONE, OTHER_SIDE)).isNull();
        assertThat(rule.answered(at(16), ALONE, OTHER_SIDE)).isNull();
    }

    @Test
    void isIsolatedWhenMembersWereLostAndPostgresIsAway() {
        rule.answered(at(10), ALONE, Map.of());
        rule.lost();
        assertThat(rule.unanswered(at(13.9))).isNull();
        assertThat(rule.unanswered(at(14.1))).contains("cannot ask PostgreSQL");
        assertThat(rule.answered(at(15), ALONE, Map.of())).isNull();
    }

    @Test
    void timeInWhichTheProcessWasFrozenDoesNotCount() {
        rule.tick(at(10));
        rule.answered(at(10), ALONE, OTHER_SIDE);
        rule.lost();
        rule.tick(at(25));
        assertThat(rule.unanswered(at(25))).isNull();
        assertThat(rule.answered(at(25.1), ALONE, OTHER_SIDE)).isNull();
        for (double now = 25.5; now < 28; now += 0.5) {
            rule.tick(at(now));
            assertThat(rule.answered(at(now), ALONE, OTHER_SIDE)).isNull();
        }
        rule.tick(at(28.5));
        assertThat(rule.answered(at(28.5), ALONE, OTHER_SIDE)).isNotNull();
    }

    @Test
    void postgresAloneBeingAwayIsolatesNobody() {
        rule.answered(at(10), ALONE, Map.of());
        assertThat(rule.unanswered(at(100))).isNull();
        rule.lost();
        rule.answered(at(101), ALONE, Map.of());
        assertThat(rule.unanswered(at(200))).isNull();
    }
}
