package im.stanzabus.bench.link;

import java.util.Locale;

/// One measurement of a loaded link, from {@link #begin} to {@link #row}.
record Window(Load load, Side near, Side far, long start, long received, long nearMicros, long farMicros) {
    static final String HEADER = """
            | server | rate | stanzas/s | CPU µs per stanza | sender's server | receiver's | p50 ms | p99 ms |
            |---|---|---|---|---|---|---|---|""";
    private static final double NANOS_PER_SECOND = 1e9;

    static Window begin(Load load, Side near, Side far) {
        load.latencies();
        return new Window(
                load,
                near,
                far,
                System.nanoTime(),
                load.received(),
                ProcessUse.cpuMicros(near.process()),
                ProcessUse.cpuMicros(far.process()));
    }

    String row(Kind kind, int rate) {
        long stanzas = load.received() - received;
        double time = (System.nanoTime() - start) / NANOS_PER_SECOND;
        double here = (double) (ProcessUse.cpuMicros(near.process()) - nearMicros) / stanzas;
        double there = (double) (ProcessUse.cpuMicros(far.process()) - farMicros) / stanzas;
        Latencies latencies = load.latencies();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.0f | %.1f | %.1f | %.1f | %.1f | %.1f |",
                kind,
                rate == 0 ? "all" : rate + "/s",
                stanzas / time,
                here + there,
                here,
                there,
                latencies.millis(0.5),
                latencies.millis(0.99));
    }
}
