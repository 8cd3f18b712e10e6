package im.stanzabus.c2s;

import im.stanzabus.stanza.StreamError;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/// What is counted, for all instances of a process together. Safe from any thread.
final class C2sMetrics {
    private final MeterRegistry registry;
    private final AtomicInteger connections;
    private final AtomicInteger bound;
    private final Counter refused;
    private final Counter logins;
    private final Counter failedLogins;
    private final Counter stanzasIn;
    private final Counter stanzasOut;
    private final Counter bytesIn;
    private final Counter bytesOut;
    private final Counter flushes;
    private final AtomicInteger managed;
    private final AtomicInteger detached;
    private final Counter resumed;
    private final Counter notResumed;
    private final Counter acks;
    private final Counter ackRequests;

    C2sMetrics(MeterRegistry registry) {
        this.registry = registry;
        connections = gauge("stanzabus.c2s.connections");
        bound = gauge("stanzabus.c2s.bound");
        refused = registry.counter("stanzabus.c2s.connections.refused");
        logins = registry.counter("stanzabus.c2s.logins", "result", "success");
        failedLogins = registry.counter("stanzabus.c2s.logins", "result", "failure");
        stanzasIn = registry.counter("stanzabus.c2s.stanzas", "direction", "in");
        stanzasOut = registry.counter("stanzabus.c2s.stanzas", "direction", "out");
        bytesIn = registry.counter("stanzabus.c2s.bytes", "direction", "in");
        bytesOut = registry.counter("stanzabus.c2s.bytes", "direction", "out");
        flushes = registry.counter("stanzabus.c2s.flushes");
        managed = gauge("stanzabus.c2s.streams.managed");
        detached = gauge("stanzabus.c2s.streams.detached");
        resumed = registry.counter("stanzabus.c2s.resumptions", "result", "success");
        notResumed = registry.counter("stanzabus.c2s.resumptions", "result", "failure");
        acks = registry.counter("stanzabus.c2s.acks");
        ackRequests = registry.counter("stanzabus.c2s.ack.requests");
    }

    private AtomicInteger gauge(String name) {
        AtomicInteger value = new AtomicInteger();
        registry.gauge(name, value);
        return value;
    }

    void connected() {
        connections.incrementAndGet();
    }

    void disconnected() {
        connections.decrementAndGet();
    }

    void connectionRefused() {
        refused.increment();
    }

    void bound() {
        bound.incrementAndGet();
    }

    void unbound() {
        bound.decrementAndGet();
    }

    void loggedIn() {
        logins.increment();
    }

    void loginFailed() {
        failedLogins.increment();
    }

    void read(int bytes) {
        bytesIn.increment(bytes);
    }

    void wrote(int bytes) {
        bytesOut.increment(bytes);
    }

    void stanzaIn() {
        stanzasIn.increment();
    }

    void stanzaOut() {
        stanzasOut.increment();
    }

    void flushed(int sockets) {
        flushes.increment(sockets);
    }

    /// A stream with a connection has stream management.
    void managed() {
        managed.incrementAndGet();
    }

    void unmanaged() {
        managed.decrementAndGet();
    }

    /// How many more sessions have lost their connections.
    void detached(int more) {
        detached.addAndGet(more);
    }

    void resumed() {
        resumed.increment();
    }

    void notResumed() {
        notResumed.increment();
    }

    void ackReceived() {
        acks.increment();
    }

    void ackRequested() {
        ackRequests.increment();
    }

    void streamError(StreamError.Condition condition) {
        registry.counter("stanzabus.c2s.stream.errors", "condition", condition.wire())
                .increment();
    }
}
