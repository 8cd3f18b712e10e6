package im.stanzabus.offline;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.LogRequest.Outcome;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Commits a group of entries and tells each what became of it: the good ones are kept also if the
/// database refuses one among them. Confined to one context.
final class GroupWriter {
    private static final Logger LOG = LoggerFactory.getLogger(GroupWriter.class);

    private final LogTable table;
    private final Retry retry;
    private final OfflineMetrics metrics;

    GroupWriter(LogTable table, Retry retry, OfflineMetrics metrics) {
        this.table = table;
        this.retry = retry;
        this.metrics = metrics;
    }

    /// Never fails: each entry's request gets to know. What is left of a request that has failed is not
    /// written: the request comes again as a whole, and in its order.
    Future<Void> write(List<PendingEntry> all) {
        List<PendingEntry> batch = new ArrayList<>(all.size());
        for (PendingEntry entry : all) {
            Throwable failure = entry.request().failure();
            if (failure == null) {
                batch.add(entry);
            } else {
                entry.fail(failure);
            }
        }
        return batch.isEmpty() ? Future.succeededFuture() : commit(batch);
    }

    private Future<Void> commit(List<PendingEntry> batch) {
        long begin = System.nanoTime();
        return retry.until(batch.getFirst().deadline(), () -> table.append(batch))
                .transform(result -> {
                    if (result.succeeded()) {
                        metrics.committed(batch.size(), System.nanoTime() - begin);
                        settle(batch, result.result());
                        return Future.succeededFuture();
                    }
                    if (!Retry.isRefusal(result.cause())) {
                        return fail(batch, result.cause());
                    }
                    return batch.size() == 1 ? refuse(batch.getFirst(), result.cause()) : writeHalves(batch);
                });
    }

    private void settle(List<PendingEntry> batch, List<Outcome> outcomes) {
        for (int i = 0; i < batch.size(); i++) {
            settle(batch.get(i), outcomes.get(i));
        }
    }

    void settle(PendingEntry entry, Outcome outcome) {
        metrics.outcome(outcome);
        entry.settle(outcome);
    }

    /// The database refuses something in the group: the others must not suffer for it.
    private Future<Void> writeHalves(List<PendingEntry> batch) {
        int half = batch.size() / 2;
        return write(batch.subList(0, half)).compose(_ -> write(batch.subList(half, batch.size())));
    }

    private Future<Void> refuse(PendingEntry entry, Throwable cause) {
        LOG.error("entry {} of {} cannot be stored", entry.entry().id(), entry.owner(), cause);
        settle(entry, Outcome.REFUSED);
        return Future.succeededFuture();
    }

    /// Nobody knows whether the entries can be stored: whoever asked asks again.
    private Future<Void> fail(List<PendingEntry> batch, Throwable cause) {
        Throwable answer = cause;
        if (!(cause instanceof BusFailure)) {
            LOG.error("entries cannot be stored", cause);
            answer = Retry.unavailable("an unexpected failure of the database");
        }
        for (PendingEntry entry : batch) {
            metrics.failed();
            entry.fail(answer);
        }
        return Future.succeededFuture();
    }
}
