package im.stanzabus.s2s.policy;

import im.stanzabus.launcher.config.Settings;
import java.time.Duration;

/// Reads times for which nothing is no choice.
final class Times {
    private Times() {}

    static Duration positive(Settings settings, String key, Duration usual) {
        Duration read = settings.duration(key, usual);
        if (read.isZero()) {
            settings.error(key, "must be more than 0");
            return usual;
        }
        return read;
    }
}
