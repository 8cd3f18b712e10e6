package im.stanzabus.profile;

import im.stanzabus.stanza.Jid;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Accounts that were removed a moment ago. Their sessions end at the same time, and the news of that must
/// not be kept. Confined to the service's context.
final class Forgotten {
    static final long KEPT_NANOS = 60_000_000_000L;
    static final int MAX = 10_000;

    private final Map<Jid, Long> since = new LinkedHashMap<>();
    private final LongSupplier nanoTime;

    Forgotten(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void add(Jid account) {
        since.remove(account); // so that the order stays that of time
        since.put(account, nanoTime.getAsLong());
        tidy();
    }

    boolean contains(Jid account) {
        tidy();
        return since.containsKey(account);
    }

    private void tidy() {
        long now = nanoTime.getAsLong();
        Iterator<Long> oldest = since.values().iterator();
        while (oldest.hasNext() && (now - oldest.next() > KEPT_NANOS || since.size() > MAX)) {
            oldest.remove();
        }
    }
}
