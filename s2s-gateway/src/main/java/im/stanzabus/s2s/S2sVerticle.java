package im.stanzabus.s2s;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.Subscription;
import im.stanzabus.s2s.dns.Dns;
import im.stanzabus.s2s.remote.Connector;
import im.stanzabus.s2s.remote.Pace;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One event loop of the gateway with its listeners, its bus address and its streams.
final class S2sVerticle extends VerticleBase {
    private static final int BACKLOG = 1_024;
    private static final long SWEEP_MILLIS = 1_000;

    /// For Vert.x, servers that listen on the same negative port share one free port.
    private static final int ANY_PORT = -5_269;

    private static final int ANY_DIRECT_TLS_PORT = -5_270;

    private final S2sParts parts;
    private final String name;
    private final List<NetServer> servers = new ArrayList<>();
    private final List<Runnable> ends = new ArrayList<>();
    private volatile @Nullable ServerGateway gateway;
    private @Nullable Subscription subscription;

    /// @param name that of this instance on the bus
    S2sVerticle(S2sParts parts, String name) {
        this.parts = parts;
        this.name = name;
    }

    @Override
    public Future<?> start() {
        Bus bus = parts.bus();
        S2sConfig config = parts.config();
        Dns dns = new Dns(context, config.dns());
        ServerGateway started = new ServerGateway(
                context,
                Addresses.at(name, bus.self()),
                parts,
                dns,
                new Connector(
                        context,
                        dns,
                        pace(config.timeouts().connect()),
                        config.timeouts().tcpMillis()));
        gateway = started;
        ends.add(parts.slots().listen(claim -> context.runOnContext(_ -> started.claimed(claim))));
        ends.add(bus.membership().listen(view -> context.runOnContext(_ -> started.viewed(view))));
        long sweeps = vertx.setPeriodic(SWEEP_MILLIS, _ -> started.sweep());
        ends.add(() -> vertx.cancelTimer(sweeps));
        Future<NetServer> listening = listen(started, config.port() == 0 ? ANY_PORT : config.port(), false);
        if (config.directTls()) {
            int port = config.directTlsPort() == 0 ? ANY_DIRECT_TLS_PORT : config.directTlsPort();
            listening = listening.compose(_ -> listen(started, port, true));
        }
        Subscription events = bus.consume(name, SessionEvent.Batch.class, started::receive);
        subscription = events;
        return Future.all(events.completion(), listening);
    }

    /// @param attempt how long one address may take
    private static Pace pace(Duration attempt) {
        Pace usual = Pace.DEFAULT;
        return new Pace(usual.between(), usual.resolution(), usual.patience(), attempt, attempt.multipliedBy(2));
    }

    private Future<NetServer> listen(ServerGateway started, int onPort, boolean directTls) {
        NetServerOptions options = new NetServerOptions()
                .setHost(parts.config().address())
                .setPort(onPort)
                .setAcceptBacklog(BACKLOG)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setTcpUserTimeout(parts.config().timeouts().tcpMillis());
        NetServer server = vertx.createNetServer(options);
        server.connectHandler(socket -> started.accept(socket, directTls));
        servers.add(server);
        return server.listen();
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
        ServerGateway started = gateway;
        if (started != null) {
            context.runOnContext(_ -> started.isolated(cutOff));
        }
    }

    /// Waits a while for what is on its way, takes the name back, so that others get what is for
    /// remote domains, and ends all streams. What has not arrived by then is sent again by another
    /// instance.
    @Override
    public Future<?> stop() {
        ServerGateway stopping = gateway;
        Subscription events = subscription;
        if (stopping == null || events == null) {
            return Future.succeededFuture();
        }
        long patience = parts.config().timeouts().close().toMillis() + SWEEP_MILLIS;
        List<Future<Void>> closed = servers.stream()
                .map(server -> server.shutdown(patience, TimeUnit.MILLISECONDS))
                .toList();
        return stopping.drain(parts.config().drain().toMillis())
                .eventually(events::unregister)
                .eventually(stopping::stop)
                .eventually(() -> Future.join(closed))
                .onComplete(_ -> ends.forEach(Runnable::run));
    }
}
