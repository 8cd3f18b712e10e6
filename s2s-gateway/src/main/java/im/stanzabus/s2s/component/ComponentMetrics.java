package im.stanzabus.s2s.component;

import im.stanzabus.stanza.StreamError;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/// What is counted, for all components of a process together. Safe from any thread.
public final class ComponentMetrics {
    private final MeterRegistry registry;
    private final AtomicInteger streams = new AtomicInteger();
    private final Counter refused;
    private final Counter stanzasIn;
    private final Counter stanzasOut;
    private final Counter stanzasRefused;
    private final Counter bytesIn;
    private final Counter bytesOut;

    public ComponentMetrics(MeterRegistry registry) {
        this.registry = registry;
        registry.gauge("stanzabus.components.streams", streams);
        refused = registry.counter("stanzabus.components.connections.refused");
        stanzasIn = registry.counter("stanzabus.components.stanzas", "direction", "in");
        stanzasOut = registry.counter("stanzabus.components.stanzas", "direction", "out");
        stanzasRefused = registry.counter("stanzabus.components.stanzas.refused");
        bytesIn = registry.counter("stanzabus.components.bytes", "direction", "in");
        bytesOut = registry.counter("stanzabus.components.bytes", "direction", "out");
    }

    void streams(int more) {
        streams.addAndGet(more);
    }

    void connectionRefused() {
        refused.increment();
    }

    void stanzaIn() {
        stanzasIn.increment();
    }

    void stanzaOut() {
        stanzasOut.increment();
    }

    /// A stanza was given back to its sender.
    void stanzaRefused() {
        stanzasRefused.increment();
    }

    void read(int bytes) {
        bytesIn.increment(bytes);
    }

    void wrote(int bytes) {
        bytesOut.increment(bytes);
    }

    void streamError(StreamError.Condition condition) {
        registry.counter("stanzabus.components.stream.errors", "condition", condition.wire())
                .increment();
    }
}
