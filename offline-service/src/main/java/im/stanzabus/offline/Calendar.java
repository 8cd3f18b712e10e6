package im.stanzabus.offline;

import im.stanzabus.offline.stored.Retention;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the tables of the coming weeks and drops those whose time is over, at the start and every hour,
/// one change in each transaction. Several services may do it side by side. Confined to one context.
final class Calendar {
    private static final Logger LOG = LoggerFactory.getLogger(Calendar.class);
    private static final long PERIOD_MINUTES = 60;
    private static final long RETRY_MINUTES = 1;
    private static final String HOST =
            "INSERT INTO log_retention (host, seconds) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    private static final String TURN = "SELECT log_turn($1, $2)";

    private final Vertx vertx;
    private final Pool pool;
    private final Retention retention;
    private final OfflineMetrics metrics;
    private long timer = -1;
    private boolean stopped;

    Calendar(Vertx vertx, Pool pool, Retention retention, OfflineMetrics metrics) {
        this.vertx = vertx;
        this.pool = pool;
        this.retention = retention;
        this.metrics = metrics;
    }

    /// Notes how long hosts keep messages, and does what is due. Completes even if something is left for
    /// later: messages of a week without a table have a place too.
    Future<Void> start() {
        return hosts().compose(_ -> run());
    }

    void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
    }

    /// In one order, so that two instances that start cannot wait for each other.
    private Future<Void> hosts() {
        List<Tuple> rows = retention.byHost().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map((Map.Entry<String, Duration> host) ->
                        Tuple.of(host.getKey(), host.getValue().toSeconds()))
                .toList();
        return rows.isEmpty()
                ? Future.succeededFuture()
                : pool.preparedQuery(HOST).executeBatch(rows).mapEmpty();
    }

    private Future<Void> run() {
        return turns().transform(result -> {
            if (result.failed()) {
                LOG.warn(
                        "the tables of the message log are looked after later: {}",
                        String.valueOf(result.cause().getMessage()));
            }
            if (!stopped) {
                timer = vertx.setTimer(
                        TimeUnit.MINUTES.toMillis(result.succeeded() ? PERIOD_MINUTES : RETRY_MINUTES), _ -> run());
            }
            return Future.succeededFuture();
        });
    }

    /// Does all that is due. Fails if something could not be done now.
    Future<Void> turns() {
        Tuple arguments = Tuple.tuple()
                .addLocalDate(retention.today())
                .addArrayOfLocalDate(retention.lastDays().toArray(LocalDate[]::new));
        return pool.preparedQuery(TURN).execute(arguments).compose(rows -> {
            @Nullable String done = rows.iterator().next().getString(0);
            if (done == null) {
                return Future.succeededFuture();
            }
            LOG.info("message log: {}", done);
            metrics.turned();
            return turns();
        });
    }
}
