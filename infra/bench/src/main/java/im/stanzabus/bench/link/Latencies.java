package im.stanzabus.bench.link;

import java.util.concurrent.atomic.AtomicLongArray;

/// How long messages were under way, in steps of a tenth of a millisecond up to ten seconds. Safe from any thread.
final class Latencies {
    private static final long STEP_NANOS = 100_000;
    private static final int STEPS = 100_000;
    private static final double STEPS_PER_MILLI = 10;

    private final AtomicLongArray counts = new AtomicLongArray(STEPS);

    void add(long nanos) {
        counts.incrementAndGet(Math.clamp(nanos / STEP_NANOS, 0, STEPS - 1));
    }

    /// The time that this part of the messages did not exceed, in milliseconds.
    double millis(double part) {
        long all = 0;
        for (int i = 0; i < STEPS; i++) {
            all += counts.get(i);
        }
        long seen = 0;
        for (int i = 0; i < STEPS; i++) {
            seen += counts.get(i);
            if (seen >= all * part) {
                return (i + 1) / STEPS_PER_MILLI;
            }
        }
        return STEPS / STEPS_PER_MILLI;
    }
}
