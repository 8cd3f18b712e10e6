package im.stanzabus.bench.link;

import im.stanzabus.bench.load.measure.Accounting;
import im.stanzabus.bench.load.measure.CpuUse;
import im.stanzabus.bench.load.measure.Reading;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// One measurement of a loaded link, from {@link #begin} to {@link #row}.
record Window(Load load, Accounting accounting, Reading start, long received) {
    static final String HEADER = """
            | server | rate | stanzas/s | CPU µs per stanza | sender's server | receiver's | p50 ms | p99 ms |
            |---|---|---|---|---|---|---|---|""";
    private static final String NEAR = "near";
    private static final String FAR = "far";
    private static final double NANOS_PER_MILLI = 1e6;

    static Window begin(Load load, Side near, Side far) {
        load.latencies();
        Accounting accounting = Accounting.of(
                Map.of(NEAR, near.process().pid(), FAR, far.process().pid()));
        return new Window(load, accounting, accounting.read(), load.received());
    }

    String row(Kind kind, int rate) {
        long stanzas = load.received() - received;
        CpuUse use = accounting.read().since(start);
        double here = use.microsPerUnit(NEAR, stanzas);
        double there = use.microsPerUnit(FAR, stanzas);
        Histogram latencies = load.latencies();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.0f | %.1f | %.1f | %.1f | %.1f | %.1f |",
                kind,
                rate == 0 ? "all" : rate + "/s",
                stanzas / use.seconds(),
                here + there,
                here,
                there,
                latencies.getValueAtPercentile(50) / NANOS_PER_MILLI,
                latencies.getValueAtPercentile(99) / NANOS_PER_MILLI);
    }
}
