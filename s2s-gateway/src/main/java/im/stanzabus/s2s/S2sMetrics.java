package im.stanzabus.s2s;

import im.stanzabus.stanza.StreamError;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/// What is counted, for all instances of a process together. Safe from any thread.
final class S2sMetrics {
    private final MeterRegistry registry;
    private final AtomicInteger incoming;
    private final AtomicInteger outgoing;
    private final Counter refused;
    private final Counter stanzasIn;
    private final Counter stanzasOut;
    private final Counter stanzasRefused;
    private final Counter bytesIn;
    private final Counter bytesOut;
    private final Counter unreachable;

    S2sMetrics(MeterRegistry registry) {
        this.registry = registry;
        incoming = gauge("stanzabus.s2s.streams.incoming");
        outgoing = gauge("stanzabus.s2s.streams.outgoing");
        refused = registry.counter("stanzabus.s2s.connections.refused");
        stanzasIn = registry.counter("stanzabus.s2s.stanzas", "direction", "in");
        stanzasOut = registry.counter("stanzabus.s2s.stanzas", "direction", "out");
        stanzasRefused = registry.counter("stanzabus.s2s.stanzas.refused");
        bytesIn = registry.counter("stanzabus.s2s.bytes", "direction", "in");
        bytesOut = registry.counter("stanzabus.s2s.bytes", "direction", "out");
        unreachable = registry.counter("stanzabus.s2s.unreachable");
    }

    private AtomicInteger gauge(String name) {
        AtomicInteger value = new AtomicInteger();
        registry.gauge(name, value);
        return value;
    }

    void incoming(int more) {
        incoming.addAndGet(more);
    }

    void outgoing(int more) {
        outgoing.addAndGet(more);
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

    /// No stream to a domain came about.
    void unreachable() {
        unreachable.increment();
    }

    void streamError(StreamError.Condition condition) {
        registry.counter("stanzabus.s2s.stream.errors", "condition", condition.wire())
                .increment();
    }
}
