package im.stanzabus.bench.load;

import im.stanzabus.bench.load.measure.Timing;
import java.time.Duration;
import picocli.CommandLine.Option;

/// How long everything takes.
final class TimeOptions {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int MAX_WINDOWS = 1000;
    private static final double MAX_SECONDS = 3600;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            description = "Seconds of load before the windows (${DEFAULT-VALUE}).")
    private double warmUp = 5;

    @Option(names = "--seconds", paramLabel = "S", description = "Length of a window (${DEFAULT-VALUE}).")
    private double seconds = 5;

    @Option(names = "--windows", paramLabel = "N", description = "Windows of each load (${DEFAULT-VALUE}).")
    private int windows = 3;

    @Option(
            names = "--settle",
            paramLabel = "S",
            description = "Seconds of rest when everybody is online (${DEFAULT-VALUE}).")
    private double settle = 1;

    @Option(
            names = "--patience",
            paramLabel = "S",
            description = "Seconds after which what is prepared must be ready (${DEFAULT-VALUE}).")
    private double patience = 120;

    /// @throws IllegalArgumentException if a number makes no sense
    Timing timing() {
        if (windows < 1 || windows > MAX_WINDOWS) {
            throw new IllegalArgumentException("--windows must be from 1 to " + MAX_WINDOWS);
        }
        return new Timing(
                duration("--warm-up", warmUp),
                duration("--seconds", seconds),
                windows,
                duration("--settle", settle),
                duration("--patience", patience));
    }

    private static Duration duration(String option, double value) {
        if (!(value > 0 && value <= MAX_SECONDS)) {
            throw new IllegalArgumentException(option + " must be above 0 and at most " + (int) MAX_SECONDS);
        }
        return Duration.ofNanos((long) (value * NANOS_PER_SECOND));
    }
}
