package im.stanzabus.offline;

import im.stanzabus.bus.api.LogRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Moves delivered marks, many accounts in one commit. While a commit runs the marks of an account come
/// together: only the highest of the latest owner counts. Confined to one context.
final class DeliveredMarks {
    private static final int MAX_BATCH = 500;
    private static final int MAX_PENDING = 20_000;

    private final Context context;
    private final LogTable table;
    private final Retry retry;
    private LinkedHashMap<String, Waiting> waiting = new LinkedHashMap<>();
    private boolean busy;
    private @Nullable Promise<Void> drained;

    /// Where to move one account's mark, and who waits for it.
    private record Waiting(LogRequest.Mark mark, Promise<Void> done) {
        Waiting with(LogRequest.Mark other) {
            boolean later = other.epoch() > mark.epoch() || (other.epoch() == mark.epoch() && other.id() > mark.id());
            return later ? new Waiting(other, done) : this;
        }
    }

    DeliveredMarks(Context context, LogTable table, Retry retry) {
        this.context = context;
        this.table = table;
        this.retry = retry;
    }

    /// Completes when the marks are committed.
    Future<Void> move(List<LogRequest.Mark> marks) {
        if (marks.isEmpty()) {
            return Future.succeededFuture();
        }
        return Future.all(marks.stream().map(this::move).toList()).mapEmpty();
    }

    private Future<Void> move(LogRequest.Mark mark) {
        String owner = mark.owner().bare().toString();
        Waiting known = waiting.get(owner);
        if (known == null && waiting.size() >= MAX_PENDING) {
            return Future.failedFuture(Retry.unavailable("too many delivered marks wait already"));
        }
        Waiting moved = known == null ? new Waiting(mark, Promise.promise()) : known.with(mark);
        waiting.put(owner, moved);
        if (!busy) {
            busy = true;
            context.runOnContext(_ -> flush());
        }
        return moved.done.future();
    }

    /// Completes when nothing waits any more.
    Future<Void> drained() {
        if (!busy) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = Promise.promise();
        drained = promise;
        return promise.future();
    }

    private void flush() {
        if (waiting.isEmpty()) {
            busy = false;
            if (drained != null) {
                drained.complete();
            }
            return;
        }
        Collection<Waiting> batch = takeBatch();
        List<LogRequest.Mark> marks = batch.stream().map(Waiting::mark).toList();
        retry.until(retry.deadline(), () -> table.reached(marks)).onComplete(result -> {
            for (Waiting moved : batch) {
                moved.done.handle(result);
            }
            flush();
        });
    }

    private Collection<Waiting> takeBatch() {
        if (waiting.size() <= MAX_BATCH) {
            Map<String, Waiting> all = waiting;
            waiting = new LinkedHashMap<>();
            return all.values();
        }
        List<Waiting> first = new ArrayList<>(MAX_BATCH);
        while (first.size() < MAX_BATCH) {
            first.add(waiting.pollFirstEntry().getValue());
        }
        return first;
    }
}
