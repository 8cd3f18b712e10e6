package im.stanzabus.stream;

import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.xml.StreamLimits;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Connections between two ends in this process.
final class Loopback implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    final Vertx vertx = Vertx.vertx();
    private final StreamInput.Limits limits;
    private final BlockingQueue<TestEnd> accepted = new LinkedBlockingQueue<>();
    private final NetServer server;

    /// Closed with all its connections as soon as nobody refers to it.
    private final NetClient client = vertx.createNetClient();

    Loopback() throws Exception {
        this(new StreamInput.Limits(StreamLimits.DEFAULT, 1 << 20, StreamLimits.DEFAULT, 0));
    }

    Loopback(StreamInput.Limits limits) throws Exception {
        this.limits = limits;
        this.server = vertx.createNetServer()
                .connectHandler(socket -> accepted.add(end(socket)))
                .listen(0, HOST)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private TestEnd end(NetSocket socket) {
        return new TestEnd(socket, Namespaces.SERVER, limits);
    }

    int port() {
        return server.actualPort();
    }

    TestEnd connect() throws Exception {
        return client.connect(server.actualPort(), HOST)
                .map(this::end)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    TestEnd accept() throws InterruptedException {
        TestEnd end = accepted.poll(10, TimeUnit.SECONDS);
        if (end == null) {
            throw new AssertionError("no connection");
        }
        return end;
    }

    @Override
    public void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
