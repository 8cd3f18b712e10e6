package im.stanzabus.offline;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.IqAccess;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.Subscription;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.offline.archive.Archive;
import im.stanzabus.offline.stored.Retention;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Wires the service. All of it runs on this verticle's event loop.
final class OfflineVerticle extends VerticleBase {
    /// XEP-0160 section 5.
    private static final String FEATURE = "msgoffline";

    private final OfflineConfig config;
    private final ServiceContext services;
    private final Duration patience;
    private final Retention retention;
    private final ServiceDescriptor descriptor;
    private final OfflineMetrics metrics;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private @Nullable MessageLog log;
    private @Nullable Calendar calendar;

    /// @param patience how long a request may take while the database is away
    OfflineVerticle(OfflineConfig config, ServiceContext services, Duration patience, InstantSource clock) {
        this.config = config;
        this.services = services;
        this.patience = patience;
        this.retention = new Retention(services.hosts(), clock);
        this.metrics = new OfflineMetrics(services.metrics());
        // friends may know that there is an archive, and are told `forbidden` (XEP-0313 section 8.1); strangers are not
        // told whether there is an account
        this.descriptor = ServiceDescriptor.internal(OfflineModule.NAME, services.version(), true)
                .withIqNamespaces(Map.of(Archive.NAMESPACE, IqAccess.SUBSCRIBERS))
                .withFeatures(List.of(FEATURE), Archive.FEATURES);
    }

    @Override
    public Future<?> start() {
        calendar = new Calendar(vertx, services.database(), retention, metrics);
        return calendar.start().compose(_ -> serve());
    }

    private Future<?> serve() {
        LogTable table = new LogTable(services.database(), config.quota(), retention);
        Retry retry = new Retry(vertx, patience);
        MessageLog messages = new MessageLog(
                table,
                new AppendQueue(context, table, retention, retry, metrics),
                new DeliveredMarks(context, table, retry),
                retry);
        log = messages;
        Archive archive = new Archive(
                services.database(),
                services.databaseConnections(),
                services.idKey(),
                config.archivePage(),
                retention::today,
                metrics::archived);

        Bus bus = services.bus();
        subscriptions.add(bus.serve(Addresses.LOG, LogRequest.class, messages::answer));
        subscriptions.add(bus.serve(descriptor.purgeAddress(), Purge.class, messages::purge));
        subscriptions.add(bus.serve(Addresses.iq(Archive.NAMESPACE), IqRequest.class, archive::answer));
        services.services().announce(descriptor);
        return Future.join(subscriptions.stream().map(Subscription::completion).toList());
    }

    /// First takes no more requests, then finishes those it has.
    @Override
    public Future<?> stop() {
        services.services().withdraw(descriptor);
        if (calendar != null) {
            calendar.stop();
        }
        MessageLog running = log;
        return Future.join(subscriptions.stream().map(Subscription::unregister).toList())
                .transform(_ -> running == null ? Future.succeededFuture() : running.drained())
                .onComplete(_ -> metrics.close());
    }
}
