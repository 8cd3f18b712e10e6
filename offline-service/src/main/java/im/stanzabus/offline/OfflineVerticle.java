package im.stanzabus.offline;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.launcher.ServiceContext;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Wires the service. All of it runs on this verticle's event loop.
final class OfflineVerticle extends VerticleBase {
    /// XEP-0160 section 5.
    private static final String FEATURE = "msgoffline";

    private final OfflineConfig config;
    private final ServiceContext services;
    private final Duration patience;
    private final ServiceDescriptor descriptor;
    private final OfflineMetrics metrics;
    private final List<MessageConsumer<Object>> consumers = new ArrayList<>();
    private @Nullable MessageLog log;
    private @Nullable Expiry expiry;

    /// @param patience how long a request may take while the database is away
    OfflineVerticle(OfflineConfig config, ServiceContext services, Duration patience) {
        this.config = config;
        this.services = services;
        this.patience = patience;
        this.metrics = new OfflineMetrics(services.metrics());
        this.descriptor = ServiceDescriptor.internal(OfflineModule.NAME, services.version(), true)
                .withFeatures(List.of(FEATURE), List.of());
    }

    @Override
    public Future<?> start() {
        LogTable table = new LogTable(services.database(), config);
        Retry retry = new Retry(vertx, patience);
        MessageLog messages = new MessageLog(
                table,
                new AppendQueue(context, table, retry, metrics),
                new DeliveredMarks(context, table, retry),
                retry);
        log = messages;
        expiry = new Expiry(vertx, table, metrics);

        Bus bus = services.bus();
        consumers.add(bus.serve(Addresses.LOG, LogRequest.class, messages::answer));
        consumers.add(bus.serve(descriptor.purgeAddress(), Purge.class, messages::purge));
        services.services().announce(descriptor);
        return Future.join(consumers.stream().map(MessageConsumer::completion).toList());
    }

    /// First takes no more requests, then finishes those it has.
    @Override
    public Future<?> stop() {
        services.services().withdraw(descriptor);
        if (expiry != null) {
            expiry.stop();
        }
        MessageLog running = log;
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
                .transform(_ -> running == null ? Future.succeededFuture() : running.drained())
                .onComplete(_ -> metrics.close());
    }
}
