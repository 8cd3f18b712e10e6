package im.stanzabus.sender;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// What is counted. Safe from any thread.
final class SenderMetrics {
    private final AtomicInteger working = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<Outcome.Kind, Counter> stanzas = new EnumMap<>(Outcome.Kind.class);

    SenderMetrics(MeterRegistry registry) {
        registry.gauge("stanzabus.sender.working", working);
        registry.gauge("stanzabus.sender.waiting", waiting);
        for (Outcome.Kind kind : Outcome.Kind.values()) {
            stanzas.put(kind, registry.counter("stanzabus.sender.stanzas", "outcome", kind.wire()));
        }
    }

    /// Whether this process is the one that sends. What waits is counted by that one only.
    void working(boolean now) {
        working.set(now ? 1 : 0);
        if (!now) {
            waiting.set(0);
        }
    }

    void waiting(int rows) {
        waiting.set(rows);
    }

    /// A row got its outcome.
    void done(Outcome.Kind kind) {
        Counter counter = stanzas.get(kind);
        if (counter != null) {
            counter.increment();
        }
    }
}
