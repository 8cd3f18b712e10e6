package im.stanzabus.s2s.remote;

import im.stanzabus.launcher.config.Settings;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// How long is waited before a remote domain is connected to again: twice as long after each
/// failure, up to a bound, and not equally long for all who wait for the same server. A link that
/// has held for a while makes the failures before it forgotten; one that breaks soon is a failure
/// itself. Used by one thread.
public final class Backoff {
    /// @param first how long is waited after the first failure, at most
    /// @param most how long is waited after any failure, at most
    /// @param held how long a link must have held
    public record Rule(Duration first, Duration most, Duration held) {
        /// Reads the section `retry`.
        public static Rule read(Settings settings) {
            Rule rule = new Rule(
                    settings.duration("first", Duration.ofSeconds(2)),
                    settings.duration("longest", Duration.ofMinutes(5)),
                    settings.duration("settled", Duration.ofMinutes(1)));
            if (rule.first().isZero()) {
                settings.error("first", "must be more than 0");
            }
            if (rule.first().compareTo(rule.most()) > 0) {
                settings.error("first", "must not be more than longest");
            }
            return rule;
        }
    }

    private final Rule rule;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private long wait;
    private boolean linked;
    private long linkedAt;
    private long nextAt;

    /// @param nanoTime the clock, such as {@link System#nanoTime}
    public Backoff(Rule rule, LongSupplier nanoTime, RandomGenerator random) {
        this.rule = rule;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /// A link has come up.
    public void up() {
        linked = true;
        linkedAt = nanoTime.getAsLong();
    }

    /// A link has ended, or has not come up. Returns how long is to be waited now: from half of
    /// what the rule says to all of it.
    public Duration down() {
        long now = nanoTime.getAsLong();
        if (linked && now - linkedAt >= rule.held().toNanos()) {
            wait = 0;
        }
        linked = false;
        long most = rule.most().toNanos();
        wait = wait == 0 ? Math.min(rule.first().toNanos(), most) : wait > most / 2 ? most : wait * 2;
        long chosen = wait - random.nextLong(wait / 2 + 1);
        nextAt = now + chosen;
        return Duration.ofNanos(chosen);
    }

    /// How long is still to be waited; zero if a link may be tried at once.
    public Duration remaining() {
        return wait == 0 || linked ? Duration.ZERO : Duration.ofNanos(Math.max(0, nextAt - nanoTime.getAsLong()));
    }
}
