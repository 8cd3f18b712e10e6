package im.stanzabus.processor.loading;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Says of something that may happen for every stanza when it is worth a line in the log: at
/// first, then at most every ten seconds. Safe from any thread.
final class Seldom {
    private static final long PAUSE_NANOS = 10_000_000_000L;

    /// What {@link #due} says when the log is to be left alone.
    static final int NOT_NOW = -1;

    private final AtomicLong next;
    private final AtomicInteger unsaid = new AtomicInteger();

    /// @param now of the monotonic clock that is told later on, too
    Seldom(long now) {
        next = new AtomicLong(now);
    }

    /// @return how often it has happened since the last line, without this time; or {@link
    ///     #NOT_NOW}
    int due(long now) {
        long at = next.get();
        if (now - at >= 0 && next.compareAndSet(at, now + PAUSE_NANOS)) {
            return unsaid.getAndSet(0);
        }
        unsaid.incrementAndGet();
        return NOT_NOW;
    }
}
