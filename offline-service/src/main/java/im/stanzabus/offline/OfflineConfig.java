package im.stanzabus.offline;

import im.stanzabus.launcher.config.Settings;
import java.time.Duration;

/// The section `offline-service` of the configuration.
///
/// @param quota how many messages wait for one account at most; what comes beyond is refused
/// @param keepFor how long a message waits before it is given up; zero for ever, as people expect of a message that
///     was taken in
public record OfflineConfig(int quota, Duration keepFor) {
    private static final int DEFAULT_QUOTA = 1000;
    private static final int MAX_QUOTA = 1_000_000;

    static OfflineConfig read(Settings settings) {
        int quota = settings.number("quota", DEFAULT_QUOTA, 1, MAX_QUOTA);
        Duration keepFor = settings.duration("keep-for", Duration.ZERO);
        if (keepFor.isNegative() || (!keepFor.isZero() && keepFor.toSeconds() == 0)) {
            settings.error("keep-for", "must be at least 1 s, or 0 s for ever");
        }
        return new OfflineConfig(quota, keepFor);
    }
}
