package im.stanzabus.bench.micro;

import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/// One row of the table.
///
/// @param error half of the interval of 99.9 % by JMH; says nothing below three measurements
/// @param bytes allocated by all threads
record BenchRow(String bench, String parameters, double nanos, double error, double bytes) {
    static final String HEADER = "| bench | with | ns | ± | bytes allocated |\n|---|---|---|---|---|";

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    static BenchRow of(RunResult result) {
        BenchmarkParams params = result.getParams();
        String[] name = params.getBenchmark().split("\\.", -1);
        return new BenchRow(
                name[name.length - 2] + '.' + name[name.length - 1],
                params.getParamsKeys().stream()
                        .map(key -> key + ' ' + params.getParam(key))
                        .collect(Collectors.joining(", ")),
                result.getPrimaryResult().getScore(),
                result.getPrimaryResult().getScoreError(),
                allocated(result));
    }

    private static double allocated(RunResult result) {
        return result.getSecondaryResults().keySet().stream()
                .filter(measured -> measured.endsWith(ALLOCATED))
                .mapToDouble(measured -> Objects.requireNonNull(
                                result.getSecondaryResults().get(measured))
                        .getScore())
                .findFirst()
                .orElse(Double.NaN);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "| %s | %s | %.1f | %.1f | %.0f |", bench, parameters, nanos, error, bytes);
    }
}
