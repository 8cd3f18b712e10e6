package im.stanzabus.storage;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Stands between a client and its server, and can stop to pass anything on without closing anything, as a
/// network does that has lost a route.
final class FrozenProxy {
    private final List<NetSocket> sockets = new CopyOnWriteArrayList<>();
    private final NetClient client;
    private final NetServer server;
    private final DatabaseConfig behind;
    private volatile boolean frozen;

    FrozenProxy(Vertx vertx, DatabaseConfig behind) {
        this.behind = behind;
        client = vertx.createNetClient();
        server = vertx.createNetServer().connectHandler(this::connected);
    }

    /// The database as it is reached through here.
    Future<DatabaseConfig> listen() {
        return server.listen(0, "127.0.0.1")
                .map(listening -> new DatabaseConfig(
                        "127.0.0.1",
                        listening.actualPort(),
                        behind.name(),
                        behind.user(),
                        behind.password(),
                        behind.tls(),
                        behind.poolSize()));
    }

    private void connected(NetSocket near) {
        sockets.add(near);
        near.pause();
        client.connect(behind.port(), behind.host()).onSuccess(far -> {
            sockets.add(far);
            pass(near, far);
            pass(far, near);
            if (!frozen) {
                near.resume();
            }
        });
    }

    private void pass(NetSocket from, NetSocket to) {
        from.handler(to::write);
        from.closeHandler(_ -> {
            if (!frozen) {
                to.close();
            }
        });
        if (frozen) {
            from.pause();
        }
    }

    void freeze() {
        frozen = true;
        sockets.forEach(NetSocket::pause);
    }

    /// From now on new connections get through; the old ones are lost for ever.
    void thaw() {
        sockets.clear();
        frozen = false;
    }

    Future<Void> close() {
        return Future.join(server.close(), client.close()).mapEmpty();
    }
}
