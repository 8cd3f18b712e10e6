package im.stanzabus.bench.load.measure;

import java.util.Map;

/// What was used in a span of time.
///
/// @param seconds its length
/// @param used by each labelled tree of processes
/// @param foreign by all other processes of the machine, in seconds
/// @param stolen by the machine's host, in seconds
public record CpuUse(double seconds, Map<String, CpuTime> used, double foreign, double stolen) {
    private static final double MICROS_PER_SECOND = 1e6;

    /// CPU time for each unit of work, in microseconds; 0 if there was none.
    public double microsPerUnit(String label, long units) {
        return units == 0 ? 0 : of(label).total() * MICROS_PER_SECOND / units;
    }

    /// How many cores were busy with it.
    public double cores(String label) {
        return of(label).total() / seconds;
    }

    /// The CPU time of a label.
    public CpuTime of(String label) {
        return used.getOrDefault(label, CpuTime.NONE);
    }
}
