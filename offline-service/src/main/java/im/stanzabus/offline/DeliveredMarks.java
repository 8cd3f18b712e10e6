package im.stanzabus.offline;

import im.stanzabus.bus.api.LogRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Moves delivered marks, many accounts in one commit. While a commit runs the marks of an account come
/// together: only the highest counts. Confined to one context.
final class DeliveredMarks {
    private static final int MAX_BATCH = 500;
    private static final int MAX_PENDING = 20_000;

    private final Context context;
    private final LogTable table;
    private final Retry retry;
    private LinkedHashMap<String, Mark> waiting = new LinkedHashMap<>();
    private boolean busy;
    private @Nullable Promise<Void> drained;

    /// Where to move one account's mark, and who waits for it.
    private record Mark(long id, Promise<Void> done) {}

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
        return Future.all(marks.stream()
                        .map(mark -> move(mark.owner().bare().toString(), mark.id()))
                        .toList())
                .mapEmpty();
    }

    private Future<Void> move(String owner, long id) {
        Mark mark = waiting.get(owner);
        if (mark == null && waiting.size() >= MAX_PENDING) {
            return Future.failedFuture(Retry.unavailable("too many delivered marks wait already"));
        }
        Mark moved = mark == null ? new Mark(id, Promise.promise()) : new Mark(Math.max(id, mark.id), mark.done);
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
        Map<String, Mark> batch = takeBatch();
        Map<String, Long> ids = new HashMap<>();
        batch.forEach((owner, mark) -> ids.put(owner, mark.id));
        retry.until(retry.deadline(), () -> table.reached(ids)).onComplete(result -> {
            for (Mark mark : batch.values()) {
                mark.done.handle(result);
            }
            flush();
        });
    }

    private Map<String, Mark> takeBatch() {
        if (waiting.size() <= MAX_BATCH) {
            Map<String, Mark> all = waiting;
            waiting = new LinkedHashMap<>();
            return all;
        }
        Map<String, Mark> first = new HashMap<>();
        while (first.size() < MAX_BATCH) {
            Map.Entry<String, Mark> entry = waiting.pollFirstEntry();
            first.put(entry.getKey(), entry.getValue());
        }
        return first;
    }
}
