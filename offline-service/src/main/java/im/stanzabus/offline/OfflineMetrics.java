package im.stanzabus.offline;

import im.stanzabus.bus.api.LogRequest.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the service counts.
final class OfflineMetrics {
    private final MeterRegistry registry;
    private final Counter failed;
    private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
    private final Counter turned;
    private final Counter sent;
    private final Timer commit;
    private final DistributionSummary batch;
    private @Nullable Gauge pending;

    OfflineMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(
                    outcome,
                    Counter.builder("stanzabus.log.entries")
                            .description("Messages given to the log, by what became of them")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        failed = counter("stanzabus.log.failed", "Messages not written because the database failed");
        turned = counter("stanzabus.log.tables", "Tables of the log made or dropped");
        sent = counter("stanzabus.archive.sent", "Messages sent from the archive");
        commit = Timer.builder("stanzabus.log.commit")
                .description("Time to commit one group of messages")
                .register(registry);
        batch = DistributionSummary.builder("stanzabus.log.batch")
                .description("Messages committed together")
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    /// Watches how many messages wait to be written.
    void pending(Supplier<Number> count) {
        pending = Gauge.builder("stanzabus.log.pending", count)
                .description("Messages that wait to be written")
                .strongReference(true)
                .register(registry);
    }

    /// The queue that was watched ends.
    void close() {
        if (pending != null) {
            registry.remove(pending);
        }
    }

    void committed(int entries, long nanos) {
        batch.record(entries);
        commit.record(Duration.ofNanos(nanos));
    }

    void outcome(Outcome outcome) {
        Objects.requireNonNull(outcomes.get(outcome)).increment();
    }

    void failed() {
        failed.increment();
    }

    void turned() {
        turned.increment();
    }

    void archived(int messages) {
        sent.increment(messages);
    }
}
