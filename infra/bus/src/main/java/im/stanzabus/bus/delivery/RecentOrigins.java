package im.stanzabus.bus.delivery;

import im.stanzabus.bus.Origin;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;

/// Where the last stanzas came in that were delivered and are not in the log for good, by this
/// owner or, as gateways tell, by the one before: one that is sent again is recognised. Confined to
/// one context.
public final class RecentOrigins {
    private static final int MOST = 50_000;

    private final Set<Origin> known = new HashSet<>();
    private final Queue<Origin> inOrder = new ArrayDeque<>();

    public void add(Origin origin) {
        if (known.add(origin)) {
            inOrder.add(origin);
            if (inOrder.size() > MOST) {
                known.remove(inOrder.remove());
            }
        }
    }

    public boolean contains(Origin origin) {
        return known.contains(origin);
    }
}
