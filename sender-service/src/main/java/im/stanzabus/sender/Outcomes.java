package im.stanzabus.sender;

import im.stanzabus.storage.DatabaseAway;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what became of rows, many at a time: what is added while one statement runs goes with the
/// next. Confined to one context; how much waits is bounded by what is under way.
final class Outcomes {
    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);

    /// For so long the first one waits for others.
    private static final long GATHER_MILLIS = 20;

    private final Vertx vertx;
    private final OutboxTable table;
    private final Consumer<List<Outcome>> written;
    private final List<Outcome> waiting = new ArrayList<>();
    private Future<Void> writing = Future.succeededFuture();
    private boolean scheduled;
    private boolean dropped;

    /// @param written is told what is in the table
    Outcomes(Vertx vertx, OutboxTable table, Consumer<List<Outcome>> written) {
        this.vertx = vertx;
        this.table = table;
        this.written = written;
    }

    void add(Outcome outcome) {
        waiting.add(outcome);
        if (!scheduled && writing.isComplete()) {
            scheduled = true;
            vertx.setTimer(GATHER_MILLIS, _ -> {
                scheduled = false;
                write();
            });
        }
    }

    /// Writes what waits, unless a statement runs already. While the database is away it is kept: to be
    /// called again after a while.
    Future<Void> write() {
        if (waiting.isEmpty() || !writing.isComplete()) {
            return writing;
        }
        List<Outcome> batch = List.copyOf(waiting);
        waiting.clear();
        writing =
                table.finish(batch).onSuccess(_ -> written.accept(batch)).onFailure(failure -> failed(batch, failure));
        writing.onSuccess(_ -> write());
        return writing;
    }

    /// Nothing more is written.
    void drop() {
        dropped = true;
        waiting.clear();
    }

    private void failed(List<Outcome> batch, Throwable failure) {
        if (dropped) {
            return;
        }
        waiting.addAll(0, batch);
        if (DatabaseAway.explain(failure) == failure) {
            LOG.error("what became of {} stanzas cannot be written", batch.size(), failure);
        }
    }
}
