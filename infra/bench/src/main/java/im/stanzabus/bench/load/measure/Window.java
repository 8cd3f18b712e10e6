package im.stanzabus.bench.load.measure;

import org.HdrHistogram.Histogram;

/// What happened in one span of time that was measured.
///
/// @param sent how much was begun
/// @param done how many units of work were done
/// @param latencies of those units, in nanoseconds
/// @param lateness how much later than intended they were sent, in nanoseconds
/// @param cpu what it cost
public record Window(long sent, long done, Histogram latencies, Histogram lateness, CpuUse cpu) {
    public double perSecond() {
        return done / cpu.seconds();
    }
}
