package im.stanzabus.offline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the service counts.
final class OfflineMetrics {
    private final MeterRegistry registry;
    private final Counter appended;
    private final Counter refused;
    private final Counter failed;
    private final Counter expired;
    private final Timer commit;
    private final DistributionSummary batch;
    private @Nullable Gauge pending;

    OfflineMetrics(MeterRegistry registry) {
        this.registry = registry;
        appended = counter("stanzabus.log.appended", "Messages written to the log, retries included");
        refused = counter("stanzabus.log.refused", "Messages refused because the account's quota was used up");
        failed = counter("stanzabus.log.failed", "Messages not written because the database failed");
        expired = counter("stanzabus.log.expired", "Messages given up because they waited too long");
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

    void outcome(boolean kept) {
        (kept ? appended : refused).increment();
    }

    void failed() {
        failed.increment();
    }

    void expired(long count) {
        expired.increment((double) count);
    }
}
