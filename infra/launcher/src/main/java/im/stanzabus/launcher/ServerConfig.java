package im.stanzabus.launcher;

import im.stanzabus.bus.RouteRule;
import im.stanzabus.launcher.config.ConfigException;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.launcher.config.Settings;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The whole configuration, checked.
///
/// @param routes send domains elsewhere
/// @param data the folder for everything this installation keeps
/// @param cluster how others are found
/// @param services each service of this process with its section
record ServerConfig(
        List<VirtualHost> hosts,
        List<RouteRule> routes,
        Path data,
        DatabaseSettings database,
        HttpConfig http,
        LogConfig log,
        ClusterConfig cluster,
        List<ConfiguredService<?>> services) {

    /// What is not a service: listeners, the bus, the membership, the database. Each has a limit of
    /// its own.
    private static final Duration REST_STOP_LIMIT = Duration.ofSeconds(30);

    /// A service and what its section says.
    record ConfiguredService<C>(ServiceModule<C> module, C config) {
        static <C> ConfiguredService<C> read(ServiceModule<C> module, Settings settings) {
            try {
                return new ConfiguredService<>(module, module.configure(settings));
            } catch (LinkageError e) {
                throw new StartupException("service " + module.name() + " cannot be loaded: " + e);
            }
        }

        String name() {
            return module.name();
        }

        StartStage stage() {
            return StartStage.of(module.name());
        }

        Duration stopLimit() {
            return module.stopLimit(config);
        }

        Future<ServiceModule.RunningService> start(ServiceContext context) {
            return module.start(config, context);
        }
    }

    /// Reads every section.
    ///
    /// @throws ConfigException with all errors, if there are any
    static ServerConfig read(ConfigFile file, List<? extends ServiceModule<?>> modules) {
        Settings root = file.root();
        List<VirtualHost> hosts = hosts(root);
        List<RouteRule> routes = RouteRules.read(root.sections("routes"));
        Path data = root.path("data", Path.of("stanzabus-data"));
        DatabaseSettings database = DatabaseSettings.read(root.section("database"));
        HttpConfig http = HttpConfig.read(root.section("http"));
        LogConfig log = LogConfig.read(root.section("log"));
        ClusterConfig cluster = ClusterConfig.read(root.section("cluster"));
        if (!cluster.isAlone() && database instanceof DatabaseSettings.Embedded) {
            root.section("cluster")
                    .error(
                            "join",
                            "needs a database that all processes share, not the embedded one; see database.host");
        }
        List<ConfiguredService<?>> services = new ArrayList<>();
        for (ServiceModule<?> module : modules) {
            services.add(ConfiguredService.read(module, root.section(module.name())));
        }
        file.check();
        return new ServerConfig(hosts, routes, data, database, http, log, cluster, List.copyOf(services));
    }

    /// Only the named services; all of them if none is named.
    ///
    /// @throws StartupException if some are named and the process is alone
    ServerConfig only(Set<String> names) {
        List<ConfiguredService<?>> chosen = services.stream()
                .filter(service -> names.isEmpty() || names.contains(service.name()))
                .toList();
        if (chosen.size() < services.size() && cluster.isAlone()) {
            throw new StartupException("a process with some of the services only is of use in a cluster alone:"
                    + " set cluster.join and a database that all processes share, or run all services");
        }
        return new ServerConfig(hosts, routes, data, database, http, log, cluster, chosen);
    }

    /// How long the services of a stage take to stop at most.
    Duration stopLimit(StartStage stage) {
        return services.stream()
                .filter(service -> service.stage() == stage)
                .map(ConfiguredService::stopLimit)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /// How long the process may take to stop.
    Duration stopLimit() {
        return Stream.of(StartStage.values()).map(this::stopLimit).reduce(REST_STOP_LIMIT, Duration::plus);
    }

    private static List<VirtualHost> hosts(Settings root) {
        List<VirtualHost> hosts = new ArrayList<>();
        Set<String> domains = new HashSet<>();
        for (Settings entry : root.sections("hosts")) {
            String domain = domain(entry);
            if (!domain.isEmpty() && !domains.add(domain)) {
                entry.error("domain", "'" + domain + "' is given twice");
            }
            hosts.add(new VirtualHost(
                    domain,
                    entry.flag("anonymous", false),
                    entry.flag("external", false),
                    entry.flag("registration", false),
                    entry.flag("archive", true),
                    keepMessages(entry)));
        }
        return hosts.isEmpty() ? List.of(VirtualHost.of("localhost")) : List.copyOf(hosts);
    }

    private static Duration keepMessages(Settings entry) {
        Duration keep = entry.duration("keep-messages", VirtualHost.of("").keepMessages());
        if (keep.isNegative() || (!keep.isZero() && keep.toDays() < 1)) {
            entry.error("keep-messages", "must be at least 1 d, or 0 s for ever");
        }
        return keep;
    }

    private static String domain(Settings entry) {
        if (entry.text("domain", "").isEmpty()) {
            entry.error("domain", "is missing; every host needs one");
            return "";
        }
        return entry.domain("domain", "");
    }
}
