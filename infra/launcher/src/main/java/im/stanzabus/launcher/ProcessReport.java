package im.stanzabus.launcher;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.Subscription;
import im.stanzabus.bus.api.ProcessStatus;
import im.stanzabus.bus.api.StatusRequest;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Tells whoever asks on the bus how this process is, and counts what concerns its place in the cluster.
/// Safe from any thread.
final class ProcessReport {
    private static final String OURS = "stanzabus.";

    private final ServiceContext context;
    private final List<String> services;
    private final Supplier<Future<Void>> database;
    private final Instant since = Instant.now();

    /// @param services the names of the services in this process
    /// @param database asks the database whether it answers, for a short time
    ProcessReport(ServiceContext context, List<String> services, Supplier<Future<Void>> database) {
        this.context = context;
        this.services = services;
        this.database = database;
    }

    /// Answers from now on.
    Subscription start() {
        gauges();
        return context.bus().serve(Addresses.STATUS, StatusRequest.class, _ -> answer());
    }

    private Future<ProcessStatus> answer() {
        String reason = context.isolation().reason();
        return database.get()
                .map(true)
                .otherwise(false)
                .map(answers -> new ProcessStatus(
                        context.version(),
                        services,
                        since,
                        answers,
                        reason == null ? "" : reason,
                        values(context.metrics())));
    }

    private void gauges() {
        MeterRegistry metrics = context.metrics();
        Bus bus = context.bus();
        gauge(
                metrics,
                "stanzabus.cluster.members",
                "Processes on the bus, as this one sees it",
                () -> bus.membership().view().members().size());
        gauge(metrics, "stanzabus.slots.owned", "Slots of accounts that this process owns", this::ownedSlots);
        gauge(
                metrics,
                "stanzabus.cluster.isolated",
                "1 while this process serves nobody because it is cut off from the larger part of the cluster",
                () -> context.isolation().isolated() ? 1 : 0);
    }

    private static void gauge(MeterRegistry metrics, String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(description)
                .strongReference(true)
                .register(metrics);
    }

    private int ownedSlots() {
        return context.bus().membership().view().servingAll(Addresses.SESSIONS, true).stream()
                .filter(address ->
                        Addresses.nodeOf(address).equals(context.bus().self()))
                .mapToInt(address -> context.slots().slotsOf(address).cardinality())
                .sum();
    }

    private static Map<String, Long> values(MeterRegistry metrics) {
        Map<String, Long> values = new TreeMap<>();
        for (Meter meter : metrics.getMeters()) {
            String name = meter.getId().getName();
            if (meter instanceof Gauge gauge && name.startsWith(OURS) && !Double.isNaN(gauge.value())) {
                values.merge(name, Math.round(gauge.value()), Long::sum);
            }
        }
        return values;
    }
}
