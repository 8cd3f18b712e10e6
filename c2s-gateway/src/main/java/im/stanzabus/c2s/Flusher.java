package im.stanzabus.c2s;

import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// Flushes all connections that were written to in a turn of the event loop at its end, after all its
/// sockets were read: one system call per connection and turn, however many stanzas there are. Confined to
/// its context.
final class Flusher {
    private static final int POOLED = 256;

    private final Context context;
    private final C2sMetrics metrics;
    private final ArrayDeque<Outbound.Batch> pool = new ArrayDeque<>();
    private List<Connection> dirty = new ArrayList<>();
    private List<Connection> flushing = new ArrayList<>();

    Flusher(Context context, C2sMetrics metrics) {
        this.context = context;
        this.metrics = metrics;
    }

    /// A batch for a connection that begins to write; it will be flushed.
    Outbound.Batch borrow(Connection connection) {
        wake(connection);
        Outbound.Batch batch = pool.poll();
        return batch == null ? new Outbound.Batch() : batch;
    }

    /// Has the connection flushed at the end of this turn.
    void wake(Connection connection) {
        if (dirty.isEmpty()) {
            context.runOnContext(_ -> flush());
        }
        dirty.add(connection);
    }

    void giveBack(Outbound.Batch batch) {
        if (pool.size() < POOLED) {
            batch.clear();
            pool.push(batch);
        }
    }

    private void flush() {
        List<Connection> connections = dirty;
        dirty = flushing;
        flushing = connections;
        metrics.flushed(connections.size());
        for (Connection connection : connections) {
            try {
                connection.flush();
            } catch (RuntimeException e) {
                connection.failed(e);
            }
        }
        connections.clear();
    }
}
