package im.stanzabus.offline;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.stanza.StanzaError;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Repeats what the database did not do, for as long as somebody waits for it. Only for statements that
/// may be repeated: after a broken connection nobody knows whether the last one was carried out.
final class Retry {
    /// Connection, transaction rollback, resources, operator intervention.
    private static final Set<String> PASSING_CLASSES = Set.of("08", "40", "53", "57");
    /// A lock not available in time, and a server that is read-only because it is about to change its role.
    private static final Set<String> PASSING_STATES = Set.of("55P03", "25006");

    /// Data, integrity, limits: an argument that the database will never take.
    private static final Set<String> REFUSED_CLASSES = Set.of("22", "23", "54");

    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);
    private static final long LONGEST_ATTEMPT = TimeUnit.SECONDS.toNanos(5);
    private static final long SHORTEST_ATTEMPT = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_PAUSE_MILLIS = 25;
    private static final long LONGEST_PAUSE_MILLIS = 800;

    private final Vertx vertx;
    private final Duration patience;

    /// @param patience how long a request may take
    Retry(Vertx vertx, Duration patience) {
        this.vertx = vertx;
        this.patience = patience;
    }

    /// When a request that comes now must be answered.
    long deadline() {
        return System.nanoTime() + patience.toNanos();
    }

    /// Carries a statement out before the deadline, at least once. Fails with {@link BusFailure} of type
    /// wait if the database is away or too slow, and with its own failure if the database refuses the
    /// statement.
    <T> Future<T> until(long deadline, Supplier<Future<T>> statement) {
        return attempt(deadline, statement, FIRST_PAUSE_MILLIS);
    }

    private <T> Future<T> attempt(long deadline, Supplier<Future<T>> statement, long pauseMillis) {
        long limit = Math.clamp(deadline - System.nanoTime(), SHORTEST_ATTEMPT, LONGEST_ATTEMPT);
        return statement.get().timeout(limit, TimeUnit.NANOSECONDS).recover(failure -> {
            if (!mayPass(failure)) {
                return Future.failedFuture(failure);
            }
            if (deadline - System.nanoTime() <= TimeUnit.MILLISECONDS.toNanos(pauseMillis)) {
                LOG.warn("the message log is not available: {}", String.valueOf(failure.getMessage()));
                return Future.failedFuture(unavailable(String.valueOf(failure.getMessage())));
            }
            return vertx.timer(pauseMillis, TimeUnit.MILLISECONDS)
                    .compose(_ -> attempt(deadline, statement, Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS)));
        });
    }

    static BusFailure unavailable(String reason) {
        return new BusFailure(
                StanzaError.of(StanzaError.Condition.RESOURCE_CONSTRAINT, "messages cannot be stored at the moment"),
                "message log: " + reason);
    }

    /// True if the database, or its driver, refused what it was given, and would do so again.
    static boolean isRefusal(Throwable failure) {
        if (failure instanceof PgException refused) {
            return REFUSED_CLASSES.contains(
                    String.valueOf(refused.getSqlState()).substring(0, 2));
        }
        return !mayPass(failure) && !(failure instanceof BusFailure);
    }

    /// True for failures of the connection, of a server that stops or starts, and of two transactions
    /// that met; false for what would be refused again.
    private static boolean mayPass(Throwable failure) {
        if (failure instanceof PgException refused) {
            String state = String.valueOf(refused.getSqlState());
            return PASSING_CLASSES.contains(state.substring(0, 2)) || PASSING_STATES.contains(state);
        }
        return !(failure instanceof RuntimeException) || failure instanceof VertxException;
    }
}
