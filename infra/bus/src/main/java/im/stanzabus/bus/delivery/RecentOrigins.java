package im.stanzabus.bus.delivery;

import im.stanzabus.bus.Origin;

/// Where the last stanzas came in that were delivered and are not in the log for good, by this
/// owner or, as gateways tell, by the one before: one that is sent again is recognised. Confined to
/// one context.
public final class RecentOrigins {
    /// Half of them are remembered for sure.
    private static final int MOST = 100_000;

    /// The number of each origin, by a key that with the number says which stream it is.
    private final RecentNumbers numbers = new RecentNumbers(MOST);

    public void add(Origin origin) {
        numbers.put(key(origin), origin.number());
    }

    public boolean contains(Origin origin) {
        return numbers.get(key(origin)) == origin.number();
    }

    private static long key(Origin origin) {
        return origin.apart(origin.number()).stream();
    }
}
