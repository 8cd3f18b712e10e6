package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
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
    private static final long LONGEST_SWEEP_MILLIS = 5_000;
    private static final long SHORTEST_SWEEP_MILLIS = 20;
    private static final int SWEEPS_PER_TIMEOUT = 4;
    private static final long STOP_MARGIN_MILLIS = 1_000;

    private final GatewayParts parts;
    private final String address;
    private final int port;
    private final int directTlsPort;
    private final List<NetServer> servers = new ArrayList<>();
    private @Nullable Gateway gateway;
    private @Nullable MessageConsumer<Object> consumer;

    /// @param address the bus address of this instance
    /// @param port the actual port to share with other instances; 0 for any free one
    /// @param directTlsPort likewise; below 0 to have none
    GatewayVerticle(GatewayParts parts, String address, int port, int directTlsPort) {
        this.parts = parts;
        this.address = address;
        this.port = port;
        this.directTlsPort = directTlsPort;
    }

    @Override
    public Future<?> start() {
        Gateway started = new Gateway(context, address, parts);
        gateway = started;
        consumer = parts.bus().consume(address, ConnectionEvent.Batch.class, started::receive);
        vertx.setPeriodic(sweepMillis(parts.config().timeouts()), _ -> started.sweep());
        Future<NetServer> listening = listen(started, port, false);
        if (directTlsPort >= 0) {
            listening = listening.compose(_ -> listen(started, directTlsPort, true));
        }
        return Future.all(consumer.completion(), listening);
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

    /// The port of streams that begin with TLS; below 0 if there is none.
    int actualDirectTlsPort() {
        return servers.size() < 2 ? -1 : servers.getLast().actualPort();
    }

    @Override
    public Future<?> stop() {
        Gateway stopping = gateway;
        MessageConsumer<Object> listening = consumer;
        if (stopping == null || listening == null) {
            return Future.succeededFuture();
        }
        long patience = parts.config().timeouts().close().toMillis() + STOP_MARGIN_MILLIS;
        // closing a server ends its sockets after the patience, so the streams are ended meanwhile
        List<Future<Void>> closed = servers.stream()
                .map(server -> server.shutdown(patience, TimeUnit.MILLISECONDS))
                .toList();
        return stopping.stop().compose(_ -> Future.join(closed)).eventually(listening::unregister);
    }
}
