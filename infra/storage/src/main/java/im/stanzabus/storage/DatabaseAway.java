package im.stanzabus.storage;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells failures of the database as a whole from those of a statement. A database that is away is no fault of
/// a request, which may be tried again later; a statement that the database refuses is a fault of this
/// program. Safe from any thread.
public final class DatabaseAway {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseAway.class);
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final AtomicLong LAST_LINE = new AtomicLong(System.nanoTime() - SILENCE_NANOS);

    private DatabaseAway() {}

    /// True if the database could not be reached, is stopping or starting, or has more to do than it can.
    public static boolean isCause(Throwable failure) {
        if (failure instanceof PgException refused) {
            String state = String.valueOf(refused.getSqlState());
            // connection exceptions, lack of resources, shut down or starting
            return state.startsWith("08") || state.startsWith("53") || state.startsWith("57P");
        }
        return failure instanceof VertxException
                || failure instanceof IOException
                || failure instanceof TimeoutException;
    }

    /// What to fail a request with: `resource-constraint` (wait) if the database is away, else the failure as
    /// it is. Logs one line in five seconds at most.
    public static Throwable explain(Throwable failure) {
        if (failure instanceof BusFailure || !isCause(failure)) {
            return failure;
        }
        long now = System.nanoTime();
        long last = LAST_LINE.get();
        if (now - last >= SILENCE_NANOS && LAST_LINE.compareAndSet(last, now)) {
            LOG.warn("the database does not answer: {}", failure.toString());
        }
        return new BusFailure(
                StanzaError.of(Condition.RESOURCE_CONSTRAINT, "the database is not available"), failure.toString());
    }
}
