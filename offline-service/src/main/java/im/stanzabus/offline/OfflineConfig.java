package im.stanzabus.offline;

import im.stanzabus.launcher.config.Settings;

/// The section `offline-service` of the configuration.
///
/// @param quota how many messages wait for one account at most; what comes beyond is refused
/// @param archivePage how many messages one answer of the archive has at most
public record OfflineConfig(int quota, int archivePage) {
    private static final int DEFAULT_QUOTA = 1000;
    private static final int MAX_QUOTA = 1_000_000;
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1000;

    static OfflineConfig read(Settings settings) {
        return new OfflineConfig(
                settings.number("quota", DEFAULT_QUOTA, 1, MAX_QUOTA),
                settings.number("archive-page", DEFAULT_PAGE, 1, MAX_PAGE));
    }
}
