package im.stanzabus.offline;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes now and then what nobody came for in time, a bounded number of entries in each transaction. Readers skip
/// such entries at once; this gives their room back. Several services may do it side by side.
final class Expiry {
    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);
    private static final long PERIOD_MINUTES = 10;
    private static final long BATCH = 500;

    private final Vertx vertx;
    private final LogTable table;
    private final OfflineMetrics metrics;
    private final long timer;
    private boolean running;

    Expiry(Vertx vertx, LogTable table, OfflineMetrics metrics) {
        this.vertx = vertx;
        this.table = table;
        this.metrics = metrics;
        timer = vertx.setPeriodic(TimeUnit.MINUTES.toMillis(PERIOD_MINUTES), _ -> run());
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    private void run() {
        if (running) {
            return;
        }
        running = true;
        removeAll(0)
                .onComplete(
                        removed -> {
                            running = false;
                            if (removed > 0) {
                                LOG.info("{} messages were not fetched in time and have been removed", removed);
                            }
                        },
                        failure -> {
                            running = false;
                            LOG.warn("expired messages could not be removed: {}", String.valueOf(failure.getMessage()));
                        });
    }

    /// Completes with the number of entries removed.
    Future<Long> removeAll(long before) {
        return table.expire(BATCH).compose(removed -> {
            metrics.expired(removed);
            return removed < BATCH ? Future.succeededFuture(before + removed) : removeAll(before + removed);
        });
    }
}
