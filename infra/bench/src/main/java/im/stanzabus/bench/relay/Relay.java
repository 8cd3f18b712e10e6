package im.stanzabus.bench.relay;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes streams and passes messages on as they came. All that one turn of the event loop brings for a client leaves in
/// one write, like a server's. To be used by its event loop.
final class Relay extends VerticleBase {
    private final int port;
    private final @Nullable ServerSSLOptions tls;
    private final Map<String, RelayedStream> online = new HashMap<>();
    private final List<RelayedStream> unflushed = new ArrayList<>();
    private @Nullable NetServer server;

    /// @param tls null for a relay without TLS
    Relay(int port, @Nullable ServerSSLOptions tls) {
        this.port = port;
        this.tls = tls;
    }

    @Override
    public Future<?> start() {
        server = vertx.createNetServer(
                        new NetServerOptions().setHost("127.0.0.1").setPort(port))
                .connectHandler(socket -> new RelayedStream(this, socket, tls));
        return server.listen();
    }

    /// Where it listens, once it does.
    int port() {
        return server == null ? port : server.actualPort();
    }

    void online(String user, RelayedStream stream) {
        online.put(user, stream);
    }

    void gone(String user, RelayedStream stream) {
        online.remove(user, stream);
    }

    /// Whoever is not there gets nothing, which the bench notices.
    @Nullable
    RelayedStream receiver(String user) {
        return online.get(user);
    }

    /// The stream has something to write when this turn is over.
    void flushLater(RelayedStream stream) {
        if (unflushed.isEmpty()) {
            context.runOnContext(_ -> flush());
        }
        unflushed.add(stream);
    }

    private void flush() {
        for (RelayedStream stream : unflushed) {
            stream.flush();
        }
        unflushed.clear();
    }
}
