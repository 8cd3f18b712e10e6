package im.stanzabus.bench.load.measure;

import java.util.LinkedHashMap;
import java.util.Map;

/// The clocks at one time.
///
/// @param nanos this process's clock
/// @param used what each labelled tree of processes has used so far
/// @param busy what all processes of the machine have used so far, in seconds
/// @param stolen what the machine's host has kept from it so far, in seconds
public record Reading(long nanos, Map<String, CpuTime> used, double busy, double stolen) {
    private static final double NANOS_PER_SECOND = 1e9;

    /// What was used since an earlier reading.
    public CpuUse since(Reading earlier) {
        Map<String, CpuTime> difference = new LinkedHashMap<>();
        double known = 0;
        for (Map.Entry<String, CpuTime> each : used.entrySet()) {
            CpuTime before = earlier.used.getOrDefault(each.getKey(), CpuTime.NONE);
            CpuTime since = each.getValue().minus(before);
            known += since.total();
            difference.put(each.getKey(), since);
        }
        double seconds = (nanos - earlier.nanos) / NANOS_PER_SECOND;
        double foreign = Math.max(0, busy - earlier.busy - known);
        return new CpuUse(seconds, difference, foreign, stolen - earlier.stolen);
    }
}
