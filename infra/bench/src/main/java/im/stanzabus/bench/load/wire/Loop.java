package im.stanzabus.bench.load.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Waits for what the connections have to say. To be used by one thread, but for {@link #wakeUp}.
public final class Loop implements AutoCloseable {
    private static final long WAIT_MILLIS = 10;

    private final Selector selector;
    private final Buffers buffers = new Buffers();
    private final TlsClient tls;

    public Loop() throws IOException {
        selector = Selector.open();
        tls = new TlsClient();
    }

    /// Begins to connect.
    ///
    /// @param from the address of this machine to come from, null for any
    /// @throws IOException if there cannot be a connection, as when files or ports have run out
    public Connection connect(StreamHandler handler, InetSocketAddress to, @Nullable InetAddress from)
            throws IOException {
        return Connection.open(this, handler, to, from);
    }

    /// Runs until the turn says so or the time is over.
    ///
    /// @return false if the time was over first
    public boolean run(Duration limit, Turn turn) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!turn.isOver()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            selector.select(WAIT_MILLIS);
            Set<SelectionKey> ready = selector.selectedKeys();
            for (SelectionKey key : ready) {
                if (key.attachment() instanceof Connection connection) {
                    connection.proceed();
                }
            }
            ready.clear();
        }
        return true;
    }

    /// Makes the loop take its next turn at once. Safe from any thread.
    public void wakeUp() {
        selector.wakeup();
    }

    Selector selector() {
        return selector;
    }

    Buffers buffers() {
        return buffers;
    }

    TlsClient tls() {
        return tls;
    }

    /// Closes all connections, without a word to their handlers.
    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
