package im.stanzabus.session;

import im.stanzabus.bus.delivery.Outgoing;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToIntFunction;

/// Figures of one partition. Counted on its context, read from any thread.
final class SessionMetrics {
    private final Accounts accounts;
    private final Outgoing<Account> outgoing;
    private final MessageStore store;
    private volatile Counts counts = new Counts(0, 0, 0, 0, 0);

    private record Counts(int accounts, int attached, int detached, int unaccepted, int appending) {}

    SessionMetrics(
            MeterRegistry metrics, int partition, Accounts accounts, Outgoing<Account> outgoing, MessageStore store) {
        this.accounts = accounts;
        this.outgoing = outgoing;
        this.store = store;
        gauge(metrics, partition, "accounts", "accounts whose state is held", Counts::accounts);
        gauge(metrics, partition, "resources.attached", "bound streams with a connection", Counts::attached);
        gauge(metrics, partition, "resources.detached", "streams that may be resumed", Counts::detached);
        gauge(metrics, partition, "unaccepted", "stanzas that other owners have not accepted", Counts::unaccepted);
        gauge(metrics, partition, "appending", "messages on their way into the log", Counts::appending);
    }

    private void gauge(
            MeterRegistry metrics, int partition, String name, String description, ToIntFunction<Counts> figure) {
        Gauge.builder("stanzabus.session." + name, this, self -> figure.applyAsInt(self.counts))
                .tag("partition", Integer.toString(partition))
                .description(description)
                .register(metrics);
    }

    /// Counts anew. Called every few seconds.
    void count() {
        counts = new Counts(
                accounts.size(), accounts.resources(true), accounts.resources(false), outgoing.size(), store.size());
    }
}
