package im.stanzabus.s2s.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BackoffTest {
    private static final Backoff.Rule RULE =
            new Backoff.Rule(Duration.ofSeconds(2), Duration.ofMinutes(5), Duration.ofMinutes(1));

    /// Takes nothing off.
    private static final RandomGenerator NO_JITTER = () -> 0;

    private Duration now = Duration.ofDays(-3);
    private final Backoff backoff = new Backoff(RULE, () -> now.toNanos(), NO_JITTER);

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Example
    void theFirstAttemptIsMadeAtOnce() {
        assertThat(backoff.remaining()).isZero();
    }

    @Example
    void theWaitIsTwiceAsLongAfterEachFailureUpToABound() {
        List<Long> waits =
                Stream.generate(() -> backoff.down().toSeconds()).limit(11).toList();

        assertThat(waits).containsExactly(2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L, 300L);
    }

    @Example
    void whatRemainsPasses() {
        backoff.down();
        pass(Duration.ofMillis(500));
        assertThat(backoff.remaining()).isEqualTo(Duration.ofMillis(1_500));
        pass(Duration.ofMillis(1_500));
        assertThat(backoff.remaining()).isZero();
        pass(Duration.ofHours(1));
        assertThat(backoff.remaining()).isZero();
    }

    @Example
    void aLinkThatHeldForgetsTheFailuresBeforeIt() {
        for (int i = 0; i < 5; i++) {
            backoff.down();
        }
        backoff.up();
        assertThat(backoff.remaining()).isZero();
        pass(RULE.held());

        assertThat(backoff.down()).isEqualTo(RULE.first());
    }

    @Example
    void aLinkThatBreaksSoonIsAFailure() {
        backoff.down();
        for (int seconds = 4; seconds <= 64; seconds *= 2) {
            backoff.up();
            pass(RULE.held().minusMillis(1));
            assertThat(backoff.down()).isEqualTo(Duration.ofSeconds(seconds));
        }
    }

    /// The link that held counts once.
    @Example
    void failuresAfterALinkAddUpAgain() {
        backoff.up();
        pass(Duration.ofHours(1));
        assertThat(backoff.down()).isEqualTo(Duration.ofSeconds(2));
        pass(Duration.ofHours(1));
        assertThat(backoff.down()).isEqualTo(Duration.ofSeconds(4));
    }

    @Property
    void theWaitIsBetweenHalfAndAllOfWhatTheRuleSays(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int failures) {
        Backoff chance = new Backoff(RULE, () -> now.toNanos(), new Random(seed));
        Duration rule = RULE.first();
        for (int i = 0; i < failures; i++) {
            assertThat(chance.down()).isBetween(rule.dividedBy(2), rule);
            assertThat(chance.remaining()).isPositive();
            rule = rule.multipliedBy(2).compareTo(RULE.most()) > 0 ? RULE.most() : rule.multipliedBy(2);
        }
    }

    /// Those that were cut off together do not come back together.
    @Example
    void notAllWaitEquallyLong() {
        Set<Duration> waits = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            waits.add(new Backoff(RULE, () -> now.toNanos(), new Random(i)).down());
        }

        assertThat(waits).hasSizeGreaterThan(90);
    }
}
