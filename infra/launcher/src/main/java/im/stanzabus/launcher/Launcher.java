package im.stanzabus.launcher;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.LocalServiceRegistry;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.SlotOwners;
import im.stanzabus.launcher.ServerConfig.ConfiguredService;
import im.stanzabus.launcher.config.ConfigException;
import im.stanzabus.launcher.http.Accounts;
import im.stanzabus.launcher.http.AdminApi;
import im.stanzabus.launcher.http.Health;
import im.stanzabus.launcher.http.HttpListener;
import im.stanzabus.storage.Database;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Starts everything of one process: the data folder, the database, Vert.x, the HTTP listener, then the
/// services stage by stage. Straight-line code on a thread of its own; whatever does not depend on each
/// other starts at the same time.
public final class Launcher {
    private static final Duration STEP_LIMIT = Duration.ofSeconds(60);
    private static final Duration SERVICE_STOP_LIMIT = Duration.ofSeconds(8);
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

    /// Starts a server. Fails with {@link ConfigException} or {@link StartupException} if it is the user's
    /// to change; then everything that was started has been stopped again. Several servers can run in one
    /// JVM, each with its own data folder. Must not be called again with the same options: they hold a
    /// configuration that has been read.
    public static Future<RunningServer> start(LaunchOptions options) {
        Promise<RunningServer> result = Promise.promise();
        Thread.ofPlatform().name("stanzabus-start").start(() -> {
            try {
                result.complete(new Launcher(options, ServerConfig.read(options.config(), options.modules())).run());
            } catch (RuntimeException e) {
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

    private RunningServer run() {
        try {
            return startAll();
        } catch (RuntimeException | IOException e) {
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
        Vertx vertx = ProcessVertx.create();
        stops.add("Vert.x", STOP_LIMIT, vertx::close);
        Metrics metrics = new Metrics();
        stops.add("metrics", STOP_LIMIT, StopSequence.blocking(metrics::close));
        Bus bus = new Bus(vertx);
        HttpListener http = options.open() ? listen(vertx, metrics) : null;
        Database database = Blocking.await(
                Database.open(vertx, databaseServer.connection()), STEP_LIMIT, "connecting to the database");
        stops.add("database connections", STOP_LIMIT, database::close);
        health.database(() -> askDatabase(database));
        ServiceContext context = context(bus, database, metrics);
        for (StartStage stage : StartStage.values()) {
            if (options.open() || stage != StartStage.GATEWAYS) {
                startStage(stage, context);
            }
        }
        if (http != null) {
            http.open(new AdminApi(new Accounts(bus, context.router()), folder.adminToken()));
            folder.announce(config.http().host(), portOf("http.port"));
        }
        health.phase(Health.Phase.READY);
        stops.first(() -> health.phase(Health.Phase.STOPPING));
        return new RunningServer(context, config, Map.copyOf(ports), stops);
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

    private ServiceContext context(Bus bus, Database database, Metrics metrics) {
        NodeId node = new NodeId(
                "node-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()));
        LocalServiceRegistry services = new LocalServiceRegistry();
        SlotOwners owners = new SlotOwners(node, sessionPartitions());
        Router router = new Router(
                config.hosts().stream().map(VirtualHost::domain).collect(Collectors.toUnmodifiableSet()),
                owners,
                services);
        return new ServiceContext(
                Version.CURRENT,
                node,
                bus,
                services,
                owners,
                router,
                config.hosts(),
                database.pool(),
                metrics.registry(),
                config.data());
    }

    /// One partition keeps all accounts of a process on one event loop, which is enough for what one
    /// process serves.
    private static int sessionPartitions() {
        return 1;
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
        stops.add(stage.title(), SERVICE_STOP_LIMIT, () -> stopServices(all));
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
            return service.start(context);
        } catch (RuntimeException e) {
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
