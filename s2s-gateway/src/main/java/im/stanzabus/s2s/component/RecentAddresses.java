package im.stanzabus.s2s.component;

import java.util.HashMap;
import java.util.Map;

/// Addresses that were logged, so that peers cannot fill the log. Confined to its event loop.
final class RecentAddresses {
    private static final int MOST = 1_000;
    private static final long MINUTE_MILLIS = 60_000;

    private final Map<String, Long> since = new HashMap<>();

    /// True once a minute for an address, and for no new one while there are very many.
    ///
    /// @param now in milliseconds
    boolean isNew(String address, long now) {
        Long last = since.get(address);
        if (last != null && now - last < MINUTE_MILLIS) {
            return false;
        }
        if (since.size() >= MOST) {
            since.values().removeIf(time -> now - time >= MINUTE_MILLIS);
        }
        if (since.size() >= MOST) {
            return false;
        }
        since.put(address, now);
        return true;
    }
}
