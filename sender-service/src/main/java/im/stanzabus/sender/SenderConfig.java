package im.stanzabus.sender;

import im.stanzabus.launcher.config.Settings;
import java.time.Duration;

/// What sender-service is told.
///
/// @param maxUnderWay stanzas that were taken from the table and have no outcome yet
/// @param poll how often the table is looked at, whether or not somebody says that there is something
/// @param keepDone how long a row is kept after it got its outcome; zero for ever
public record SenderConfig(int maxUnderWay, Duration poll, Duration keepDone) {
    static final SenderConfig DEFAULTS = new SenderConfig(256, Duration.ofSeconds(10), Duration.ofDays(7));

    private static final int MANY = 10_000;
    private static final Duration SHORTEST_POLL = Duration.ofMillis(100);

    static SenderConfig from(Settings settings) {
        Duration poll = settings.duration("poll", DEFAULTS.poll);
        if (poll.compareTo(SHORTEST_POLL) < 0) {
            settings.error("poll", "must be at least 100 ms");
        }
        Duration keepDone = settings.duration("keep-done", DEFAULTS.keepDone);
        if (keepDone.isNegative()) {
            settings.error("keep-done", "must not be negative");
        }
        return new SenderConfig(settings.number("max-under-way", DEFAULTS.maxUnderWay, 1, MANY), poll, keepDone);
    }
}
