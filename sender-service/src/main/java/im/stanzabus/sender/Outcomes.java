package im.stanzabus.sender;

import im.stanzabus.storage.DatabaseAway;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what became of rows, many at a time: what is added while one statement runs goes with the
/// next. What was sent is kept until it is written, also when this process does not send any more.
/// Confined to one context; how much waits is bounded by what is under way.
final class Outcomes {
    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);

    /// For so long the first one waits for others.
    private static final long GATHER_MILLIS = 20;

    private final Vertx vertx;
    private final OutboxTable table;
    private final Consumer<List<Outcome>> written;
    private final Set<Long> ids = new HashSet<>();
    private List<Outcome> waiting = new ArrayList<>();
    private List<Outcome> writing = List.of();
    private boolean scheduled;

    /// @param written is told what is in the table
    Outcomes(Vertx vertx, OutboxTable table, Consumer<List<Outcome>> written) {
        this.vertx = vertx;
        this.table = table;
        this.written = written;
    }

    /// The rows whose outcome is known and not in the table yet.
    Set<Long> ids() {
        return ids;
    }

    void add(Outcome outcome) {
        ids.add(outcome.id());
        waiting.add(outcome);
        if (!scheduled && writing.isEmpty()) {
            scheduled = true;
            vertx.setTimer(GATHER_MILLIS, _ -> {
                scheduled = false;
                write();
            });
        }
    }

    /// Writes what waits, unless a statement runs already. While the database is away it is kept: to be
    /// called again after a while.
    void write() {
        if (waiting.isEmpty() || !writing.isEmpty()) {
            return;
        }
        List<Outcome> batch = waiting;
        writing = batch;
        waiting = new ArrayList<>();
        table.finish(batch).onComplete(_ -> done(batch), failure -> failed(batch, failure));
    }

    /// Another process sends from now on. What this one has sent stays true, and does no harm to an
    /// outcome that is there; the rest is for the other one to say.
    void keepSent() {
        for (List<Outcome> outcomes : List.of(waiting, writing)) {
            for (Outcome outcome : outcomes) {
                if (outcome.kind() != Outcome.Kind.SENT) {
                    ids.remove(outcome.id());
                }
            }
        }
        waiting.removeIf(outcome -> !ids.contains(outcome.id()));
    }

    private void done(List<Outcome> batch) {
        writing = List.of();
        batch.forEach(outcome -> ids.remove(outcome.id()));
        written.accept(batch);
        write();
    }

    private void failed(List<Outcome> batch, Throwable failure) {
        writing = List.of();
        batch.removeIf(outcome -> !ids.contains(outcome.id()));
        waiting.addAll(0, batch);
        if (DatabaseAway.explain(failure) == failure) {
            LOG.error("what became of {} stanzas cannot be written", batch.size(), failure);
        }
    }
}
