package im.stanzabus.bench.load.report;

import im.stanzabus.bench.load.measure.Window;
import im.stanzabus.bench.load.report.Plot.Line;
import im.stanzabus.bench.load.scenario.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;

/// Draws what was measured.
public final class Plots {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double LEAST_MILLIS = 0.01;
    private static final int POINTS_PER_NINE = 20;
    private static final double PERCENT = 100;
    private static final int MOST_NINES = 5;

    private Plots() {}

    /// Writes `latency.svg` and `throughput.svg`, or neither where nothing was done that could be drawn.
    ///
    /// @param folder that is made if need be
    /// @return the files
    public static List<Path> write(List<Result> results, Path folder) throws IOException {
        List<Result> drawn = results.stream()
                .filter(result -> result.timeline() != null && !result.windows().isEmpty())
                .toList();
        if (drawn.isEmpty()) {
            return List.of();
        }
        Files.createDirectories(folder);
        return List.of(
                Files.writeString(folder.resolve("latency.svg"), latency(drawn).svg()),
                Files.writeString(
                        folder.resolve("throughput.svg"), throughput(drawn).svg()));
    }

    /// Which part of the units took at most how long.
    static Plot latency(List<Result> results) {
        List<Line> lines = new ArrayList<>();
        double least = Double.MAX_VALUE;
        double most = LEAST_MILLIS;
        for (Result result : results) {
            Line line = percentiles(result);
            lines.add(line);
            for (double millis : line.y()) {
                least = Math.min(least, millis);
                most = Math.max(most, millis);
            }
        }
        return new Plot(
                "Latency by percentile",
                Axis.nines("part of the units"),
                Axis.logarithmic("ms", Math.min(least, most), most),
                lines);
    }

    private static Line percentiles(Result result) {
        Histogram all = new Histogram(3);
        result.windows().stream().map(Window::latencies).forEach(all::add);
        int points = (int) Math.round(POINTS_PER_NINE
                * Math.min(MOST_NINES, Math.log10(Math.max(1.0, (double) all.getTotalCount()))));
        double[] parts = new double[points + 1];
        double[] millis = new double[points + 1];
        for (int i = 0; i <= points; i++) {
            parts[i] = 1 - Math.pow(10, -i / (double) POINTS_PER_NINE);
            millis[i] = Math.max(LEAST_MILLIS, all.getValueAtPercentile(parts[i] * PERCENT) / NANOS_PER_MILLI);
        }
        return new Line(result.name(), parts, millis);
    }

    /// What was done in each second, from the beginning of the warm-up on.
    static Plot throughput(List<Result> results) {
        List<Line> lines = new ArrayList<>();
        double most = 1;
        double longest = 1;
        for (Result result : results) {
            if (result.timeline() != null) {
                double[] seconds = result.timeline().seconds();
                double[] rates = result.timeline().perSecond();
                most = Math.max(most, Arrays.stream(rates).max().orElse(0));
                longest = Math.max(longest, Arrays.stream(seconds).max().orElse(0));
                lines.add(new Line(result.name(), seconds, rates));
            }
        }
        return new Plot(
                "Throughput over time", Axis.linear("seconds", longest), Axis.linear("units per second", most), lines);
    }
}
