package im.stanzabus.launcher;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.api.StanzaIds;
import im.stanzabus.cluster.lease.PgLeases;
import im.stanzabus.launcher.ServerConfig.ConfiguredService;
import im.stanzabus.launcher.config.ConfigException;
import im.stanzabus.launcher.http.Accounts;
import im.stanzabus.launcher.http.AdminApi;
import im.stanzabus.launcher.http.ClusterStatus;
import im.stanzabus.launcher.http.Health;
import im.stanzabus.launcher.http.HttpListener;
import im.stanzabus.storage.Database;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/// Starts everything of one process: the data folder, the database, Vert.x, the HTTP listener, then
/// the services stage by stage. Straight-line code on a thread of its own; whatever does not depend
/// on each other starts at the same time.
public final class Launcher {
    private static final Duration STEP_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final Duration DATABASE_STOP_LIMIT = Duration.ofSeconds(10);

    private static final long PROBE_SECONDS = 2;

    private final LaunchOptions options;
    private final ServerConfig config;
    private final StopSequence stops = new StopSequence();
    private final Health health = new Health();
    private final Map<String, Integer> ports = new LinkedHashMap<>();

    private Launcher(LaunchOptions options, ServerConfig config) {
        this.options = options;
        this.config = config;
    }

    /// Starts a server. Fails with {@link ConfigException} or {@link StartupException} if it is the
    /// user's to change; then everything that was started has been stopped again. Several servers
    /// can run in one JVM, each with its own data folder. Must not be called again with the same
    /// options: they hold a configuration that has been read.
    public static Future<RunningServer> start(LaunchOptions options) {
        Promise<RunningServer> result = Promise.promise();
        Thread.ofPlatform().name("stanzabus-start").start(() -> {
            try {
                ServerConfig config = ServerConfig.read(options.config(), options.modules());
                result.complete(new Launcher(options, config.only(options.services())).run());
            } catch (RuntimeException | Error e) {
                result.fail(e);
            }
        });
        return result.future();
    }

    /// Reads a configuration and does nothing else.
    ///
    /// @throws ConfigException with every error in it
    public static void check(LaunchOptions options) {
        ServerConfig.read(options.config(), options.modules());
    }

    /// How long a process may take to stop, by its configuration.
    ///
    /// @throws ConfigException with every error in it
    public static Duration stopLimit(LaunchOptions options) {
        return ServerConfig.read(options.config(), options.modules())
                .only(options.services())
                .stopLimit();
    }

    private RunningServer run() {
        try {
            return startAll();
        } catch (RuntimeException | IOException | Error e) {
            health.phase(Health.Phase.STOPPING);
            stops.run();
            throw StartFailure.explain(e, options.config().keys());
        }
    }

    private RunningServer startAll() throws IOException {
        if (options.logging()) {
            Logging.apply(config.log());
        }
        DataFolder folder = DataFolder.lock(config.data());
        stops.add("data folder", STOP_LIMIT, StopSequence.blocking(folder::close));
        DatabaseServer databaseServer = DatabaseServer.start(config.database(), config.data());
        stops.add("database server", DATABASE_STOP_LIMIT, databaseServer::stop);
        boolean alone = !options.open() || config.cluster().isAlone();
        ProcessBus process = ProcessBus.open(config, alone, stops);
        Bus bus = process.bus();
        Vertx vertx = bus.vertx();
        Runnable ownRouting = SameRouting.watch(bus.membership(), config.hosts(), config.routes());
        stops.add("look at the hosts of others", STOP_LIMIT, StopSequence.blocking(ownRouting));
        Metrics metrics = new Metrics();
        stops.add("metrics", STOP_LIMIT, StopSequence.blocking(metrics::close));
        HttpListener http = options.open() ? listen(vertx, metrics) : null;
        Database database = Blocking.await(
                Database.open(vertx, databaseServer.connection()), STEP_LIMIT, "connecting to the database");
        stops.add("database connections", STOP_LIMIT, database::close);
        health.database(() -> askDatabase(database));
        health.trouble(process.isolation()::reason);
        stops.add("heartbeat", STOP_LIMIT, process::leaveDatabase);
        PgLeases leases = process.leasesIn(database.pool());
        SecretKey idKey =
                StanzaIds.key(Blocking.await(database.idKey(), STEP_LIMIT, "reading the key of the installation"));
        ServiceContext context = context(process, leases, database, idKey, metrics);
        List<String> services =
                config.services().stream().map(ConfiguredService::name).toList();
        new ProcessReport(context, services, () -> askDatabase(database)).start();
        for (StartStage stage : StartStage.values()) {
            if (options.open() || stage != StartStage.GATEWAYS) {
                startStage(stage, context);
            }
        }
        if (http != null) {
            ClusterStatus status =
                    new ClusterStatus(bus, alone ? "" : config.cluster().name(), context.slots(), leases);
            http.open(new AdminApi(new Accounts(bus, context.router()), status, folder.adminToken()));
            folder.announce(config.http().host(), portOf("http.port"));
        }
        health.phase(Health.Phase.READY);
        stops.first(() -> {
            health.phase(Health.Phase.STOPPING);
            bus.membership().leaving();
        });
        return new RunningServer(context, config, Map.copyOf(ports), alone, stops);
    }

    private HttpListener listen(Vertx vertx, Metrics metrics) {
        HttpConfig http = config.http();
        HttpListener listener = new HttpListener(vertx, http.host(), http.names(), health, metrics::scrape);
        int port = Blocking.await(listener.listen(http.port()), STEP_LIMIT, "starting the HTTP listener");
        stops.add("HTTP listener", STOP_LIMIT, listener::close);
        ports.put("http.port", port);
        return listener;
    }

    private static Future<Void> askDatabase(Database database) {
        return database.pool().query("SELECT 1").execute().<Void>mapEmpty().timeout(PROBE_SECONDS, TimeUnit.SECONDS);
    }

    private ServiceContext context(
            ProcessBus process, PgLeases leases, Database database, SecretKey idKey, Metrics metrics) {
        Bus bus = process.bus();
        Vertx vertx = bus.vertx();
        ServiceRegistry services = new ServiceRegistry(bus.membership());
        SlotTable slots = new SlotTable(bus.membership());
        bus.consume(Addresses.SLOTS, SlotClaim.class, slots::claimed);
        Router router = new Router(
                config.hosts().stream().map(VirtualHost::domain).collect(Collectors.toUnmodifiableSet()),
                slots,
                services,
                config.routes());
        return new ServiceContext(
                Version.CURRENT,
                bus,
                services,
                slots,
                leases,
                process.isolation(),
                router,
                config.hosts(),
                database.pool(),
                database.config().poolSize(),
                idKey,
                metrics.registry(),
                config.data(),
                () -> database.single(vertx));
    }

    private void startStage(StartStage stage, ServiceContext context) {
        Map<String, Future<ServiceModule.RunningService>> starting = new LinkedHashMap<>();
        for (ConfiguredService<?> service : config.services()) {
            if (service.stage() == stage) {
                health.service(service.name(), false);
                starting.put(service.name(), startOne(service, context));
            }
        }
        if (starting.isEmpty()) {
            return;
        }
        List<Future<ServiceModule.RunningService>> all = List.copyOf(starting.values());
        stops.add(stage.title(), config.stopLimit(stage), () -> stopServices(all));
        @Nullable RuntimeException failure = null;
        for (Map.Entry<String, Future<ServiceModule.RunningService>> entry : starting.entrySet()) {
            try {
                ready(entry.getKey(), Blocking.await(entry.getValue(), STEP_LIMIT, "starting " + entry.getKey()));
            } catch (RuntimeException e) {
                failure = failure == null ? StartFailure.ofService(entry.getKey(), e) : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static Future<ServiceModule.RunningService> startOne(ConfiguredService<?> service, ServiceContext context) {
        try {
            return Objects.requireNonNull(service.start(context), "its start gives no future");
        } catch (RuntimeException | LinkageError e) {
            return Future.failedFuture(e);
        }
    }

    private void ready(String name, ServiceModule.RunningService service) {
        health.service(name, true);
        if (service instanceof Listening listening) {
            listening.ports().forEach((key, port) -> ports.put(name + '.' + key, port));
        }
    }

    /// Stops those that were started; the others have nothing to stop.
    private static Future<Void> stopServices(List<Future<ServiceModule.RunningService>> services) {
        return Future.join(services.stream()
                        .map(service -> service.transform(started ->
                                started.succeeded() ? started.result().stop() : Future.succeededFuture()))
                        .toList())
                .mapEmpty();
    }

    private int portOf(String key) {
        Integer port = ports.get(key);
        return port == null ? 0 : port;
    }
}
