package im.stanzabus.c2s;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Subscription;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One event loop of the gateway with its listeners, its bus address and its connections.
final class GatewayVerticle extends VerticleBase {
    private static final int BACKLOG = 1_024;

    /// For Vert.x, servers that listen on the same negative port share one free port.
    private static final int ANY_PORT = -5_222;

    private static final int ANY_DIRECT_TLS_PORT = -5_223;
    private static final long LONGEST_SWEEP_MILLIS = 5_000;
    private static final long SHORTEST_SWEEP_MILLIS = 20;
    private static final int SWEEPS_PER_TIMEOUT = 4;

    private final GatewayParts parts;
    private final String name;
    private final List<NetServer> servers = new ArrayList<>();
    private volatile @Nullable Gateway gateway;
    private @Nullable Subscription subscription;
    private Runnable forgetClaims = () -> {};

    /// @param name that of this instance on the bus
    GatewayVerticle(GatewayParts parts, String name) {
        this.parts = parts;
        this.name = name;
    }

    @Override
    public Future<?> start() {
        Gateway started = new Gateway(context, Addresses.at(name, parts.bus().self()), parts);
        gateway = started;
        // claims are answered as soon as others know of this gateway
        forgetClaims = parts.slots().listen(started::claimed);
        Subscription events = parts.bus().consume(name, ConnectionEvent.Batch.class, started::receive);
        subscription = events;
        vertx.setPeriodic(sweepMillis(parts.config().timeouts()), _ -> started.sweep());
        C2sConfig config = parts.config();
        Future<NetServer> listening = listen(started, config.port() == 0 ? ANY_PORT : config.port(), false);
        if (config.directTls()) {
            int port = config.directTlsPort() == 0 ? ANY_DIRECT_TLS_PORT : config.directTlsPort();
            listening = listening.compose(_ -> listen(started, port, true));
        }
        return Future.all(events.completion(), listening);
    }

    private Future<NetServer> listen(Gateway started, int onPort, boolean directTls) {
        NetServerOptions options = new NetServerOptions()
                .setHost(parts.config().address())
                .setPort(onPort)
                .setAcceptBacklog(BACKLOG)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true);
        NetServer server = vertx.createNetServer(options);
        server.connectHandler(socket -> started.accept(socket, directTls));
        servers.add(server);
        return server.listen();
    }

    private static long sweepMillis(C2sConfig.Timeouts timeouts) {
        long shortest = Stream.of(timeouts.login(), timeouts.idle(), timeouts.ping())
                .mapToLong(Duration::toMillis)
                .min()
                .orElseThrow();
        return Math.clamp(shortest / SWEEPS_PER_TIMEOUT, SHORTEST_SWEEP_MILLIS, LONGEST_SWEEP_MILLIS);
    }

    /// The port of streams that begin in plain text. To be asked when started.
    int actualPort() {
        return servers.getFirst().actualPort();
    }

    /// The port of streams that begin with TLS, if there is one.
    int actualDirectTlsPort() {
        return servers.getLast().actualPort();
    }

    /// This process is cut off from the others, or not any more. Safe from any thread.
    void isolated(boolean cutOff) {
        Gateway started = gateway;
        if (started != null) {
            context.runOnContext(_ -> started.isolated(cutOff));
        }
    }

    /// Ends all streams and then takes the name back; claims are answered until the end.
    @Override
    public Future<?> stop() {
        Gateway stopping = gateway;
        Subscription events = subscription;
        if (stopping == null || events == null) {
            return Future.succeededFuture();
        }
        long drain = hasOthers() ? parts.config().drain().toMillis() : 0;
        long patience = parts.config().closing(drain).toMillis();
        // closing a server ends its sockets after the patience, so the streams are ended meanwhile
        List<Future<Void>> closed = servers.stream()
                .map(server -> server.shutdown(patience, TimeUnit.MILLISECONDS))
                .toList();
        return stopping.stop(drain)
                .compose(_ -> Future.join(closed))
                .eventually(events::unregister)
                .onComplete(_ -> forgetClaims.run());
    }

    /// Whether other processes serve clients too.
    private boolean hasOthers() {
        NodeId self = parts.bus().self();
        return parts.bus().membership().view().servingAll(Addresses.GATEWAYS, false).stream()
                .anyMatch(gatewayAddress -> !Addresses.nodeOf(gatewayAddress).equals(self));
    }
}
