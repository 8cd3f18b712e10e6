package im.stanzabus.bench.load.measure;

import org.HdrHistogram.Histogram;

/// Counts what is sent and done, and how long it took. To be used by one thread.
public final class Meter {
    private static final int DIGITS = 3;

    private final Histogram latencies = new Histogram(DIGITS);
    private final Histogram lateness = new Histogram(DIGITS);
    private final Timeline timeline = new Timeline(System.nanoTime());
    private long sent;
    private long done;

    /// Something was sent.
    ///
    /// @param late nanoseconds after the time at which it should have been
    public void sent(long late) {
        sent++;
        lateness.recordValue(Math.max(0, late));
    }

    /// A unit of work is done.
    ///
    /// @param now this process's clock
    /// @param begin when it began, or should have begun
    public void done(long now, long begin) {
        done++;
        latencies.recordValue(Math.max(0, now - begin));
        timeline.add(now);
    }

    public Timeline timeline() {
        return timeline;
    }

    /// Throws away what was counted until now; totals that {@link #timeline} has stay.
    void reset() {
        sent = 0;
        done = 0;
        latencies.reset();
        lateness.reset();
    }

    /// What was counted since the last {@link #reset}.
    Window window(CpuUse cpu) {
        return new Window(sent, done, latencies.copy(), lateness.copy(), cpu);
    }
}
