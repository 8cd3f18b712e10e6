package im.stanzabus.bench.load.report;

import im.stanzabus.bench.load.measure.CpuUse;
import im.stanzabus.bench.load.measure.Memory;
import im.stanzabus.bench.load.measure.Window;
import im.stanzabus.bench.load.scenario.Result;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import org.HdrHistogram.Histogram;

/// What was measured, for programs: every window, not only medians.
public final class Json {
    private static final double NANOS_PER_MICRO = 1000;
    private static final double MILLIS_PER_SECOND = 1000;

    private Json() {}

    /// Times are in the unit that a key's name tells, memory in KiB.
    public static JsonObject of(Verdict verdict) {
        JsonArray results = new JsonArray();
        verdict.results().forEach(result -> results.add(result(verdict, result)));
        return new JsonObject()
                .put("valid", verdict.isValid())
                .put("server", verdict.server())
                .put("windowSeconds", verdict.timing().window().toMillis() / MILLIS_PER_SECOND)
                .put("warmUpSeconds", verdict.timing().warmUp().toMillis() / MILLIS_PER_SECOND)
                .put("mishaps", verdict.mishaps().count())
                .put("examples", new JsonArray(verdict.mishaps().examples()))
                .put("results", results);
    }

    private static JsonObject result(Verdict verdict, Result result) {
        JsonArray windows = new JsonArray();
        result.windows().forEach(window -> windows.add(window(verdict, window)));
        JsonObject memory = new JsonObject();
        result.memory()
                .forEach((label, use) -> memory.put(
                        label,
                        new JsonObject()
                                .put("before", memory(use.before()))
                                .put("after", memory(use.after()))
                                .put("residentPerUser", use.residentPerUser(result.users()))));
        JsonObject json = new JsonObject()
                .put("name", result.name())
                .put("unit", result.unit())
                .put("users", result.users())
                .put("access", result.access())
                .put("lost", result.losses().lost())
                .put("doubled", result.losses().doubled())
                .put("misdelivered", result.losses().misdelivered())
                .put("windows", windows)
                .put("memory", memory);
        if (result.timeline() != null) {
            JsonArray rates = new JsonArray();
            Arrays.stream(result.timeline().perSecond()).forEach(rates::add);
            json.put("perSecondInEachQuarter", rates);
        }
        return json;
    }

    private static JsonObject window(Verdict verdict, Window window) {
        CpuUse use = window.cpu();
        JsonObject cpu = new JsonObject();
        for (String label : verdict.labels()) {
            cpu.put(
                    label,
                    new JsonObject()
                            .put("microsPerUnit", use.microsPerUnit(label, window.done()))
                            .put("cores", use.cores(label))
                            .put("userSeconds", use.of(label).user())
                            .put("systemSeconds", use.of(label).system()));
        }
        return new JsonObject()
                .put("seconds", use.seconds())
                .put("sent", window.sent())
                .put("done", window.done())
                .put("perSecond", window.perSecond())
                .put("latencyMicros", histogram(window.latencies()))
                .put("sentLateMicros", histogram(window.lateness()))
                .put("cpu", cpu)
                .put("foreignCores", use.foreign() / use.seconds())
                .put("stolenCores", use.stolen() / use.seconds());
    }

    private static JsonObject histogram(Histogram histogram) {
        return new JsonObject()
                .put("count", histogram.getTotalCount())
                .put("p50", micros(histogram, 50.0))
                .put("p90", micros(histogram, 90.0))
                .put("p99", micros(histogram, 99.0))
                .put("p999", micros(histogram, 99.9))
                .put("p9999", micros(histogram, 99.99))
                .put("max", micros(histogram, 100.0));
    }

    private static double micros(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
    }

    private static JsonObject memory(Memory memory) {
        return new JsonObject().put("resident", memory.resident()).put("proportional", memory.proportional());
    }
}
