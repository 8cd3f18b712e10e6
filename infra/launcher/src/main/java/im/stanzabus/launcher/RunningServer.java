package im.stanzabus.launcher;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A server that has been started. Safe from any thread.
public final class RunningServer {
    private final ServiceContext context;
    private final ServerConfig config;
    private final Map<String, Integer> ports;
    private final boolean alone;
    private final StopSequence stops;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Promise<Void> stopped = Promise.promise();

    RunningServer(
            ServiceContext context,
            ServerConfig config,
            Map<String, Integer> ports,
            boolean alone,
            StopSequence stops) {
        this.context = context;
        this.config = config;
        this.ports = ports;
        this.alone = alone;
        this.stops = stops;
    }

    /// What the services were given: the bus, the database and the rest.
    public ServiceContext context() {
        return context;
    }

    /// The ports it listens on, by the keys that configure them, such as `http.port` or `c2s-gateway.port`.
    public Map<String, Integer> ports() {
        return ports;
    }

    /// One of the ports.
    ///
    /// @throws IllegalArgumentException if nothing listens under that key
    public int port(String key) {
        Integer port = ports.get(key);
        if (port == null) {
            throw new IllegalArgumentException("nothing listens under " + key + "; there are " + ports);
        }
        return port;
    }

    /// The virtual hosts.
    public List<VirtualHost> hosts() {
        return config.hosts();
    }

    /// The names of the services in this process.
    public List<String> services() {
        return config.services().stream()
                .map(ServerConfig.ConfiguredService::name)
                .toList();
    }

    /// The name of the cluster that it is a member of; null if it is alone.
    public @Nullable String cluster() {
        return alone ? null : config.cluster().name();
    }

    /// Where its data is.
    public Path dataFolder() {
        return config.data();
    }

    /// True if lines of text have no place on standard output, because log lines there are JSON.
    public boolean logsJson() {
        return config.log().format() == LogConfig.Format.JSON;
    }

    /// Where health and metrics are served, as an address to call.
    public String httpAddress() {
        String host = config.http().host();
        return "http://" + (host.contains(":") ? '[' + host + ']' : host) + ':' + port("http.port");
    }

    /// How long {@link #stop} may take.
    public Duration stopLimit() {
        return config.stopLimit();
    }

    /// Stops everything in good order: gateways, sessions, services, database. Completes when nothing is
    /// left, within a bounded time; may be called again.
    public Future<Void> stop() {
        if (stopping.compareAndSet(false, true)) {
            Thread.ofPlatform().name("stanzabus-stop").start(() -> {
                stops.run();
                stopped.complete();
            });
        }
        return stopped.future();
    }
}
