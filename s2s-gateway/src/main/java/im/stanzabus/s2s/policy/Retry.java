package im.stanzabus.s2s.policy;

import im.stanzabus.launcher.config.Settings;
import java.time.Duration;

/// How long a domain is left alone that could not be reached.
///
/// @param first after the first failure; each further one in a row doubles it
/// @param longest at most
public record Retry(Duration first, Duration longest) {
    private static final int MOST_DOUBLINGS = 30;

    public static Retry read(Settings settings) {
        Retry retry = new Retry(
                Times.positive(settings, "first", Duration.ofSeconds(2)),
                Times.positive(settings, "longest", Duration.ofMinutes(5)));
        if (retry.first().compareTo(retry.longest()) > 0) {
            settings.error("first", "must not be more than longest");
        }
        return retry;
    }

    /// @param failures in a row; at least 1
    public Duration after(int failures) {
        int doublings = Math.min(Math.max(0, failures - 1), MOST_DOUBLINGS);
        Duration grown = first.multipliedBy(1L << doublings);
        return grown.compareTo(longest) > 0 ? longest : grown;
    }
}
