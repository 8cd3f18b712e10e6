package im.stanzabus.sender;

import im.stanzabus.storage.Database;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Of all processes on a database one has the lock at a time. It is an advisory lock that belongs to
/// a connection of this class, which asks every second: who has it is still there, the others try to
/// get it. PostgreSQL ends a connection on which nothing is asked for {@link #SILENCE}, such as that
/// of a frozen process, and the lock with it; who has the lock gives it up sooner when it has no
/// answer. The same connection listens for what wakes the sender. Confined to one context.
final class SendingLock {
    private static final Logger LOG = LoggerFactory.getLogger(SendingLock.class);
    private static final long ASK_MILLIS = 1_000;

    /// Who has had no answer for so long may not have the lock any more.
    static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(4);

    /// Longer than a holder believes that it has the lock without an answer.
    private static final String SILENCE = "6s";

    /// PostgreSQL before version 14 has no such limit.
    private static final String LIMIT_SILENCE = "SELECT set_config('idle_session_timeout', '" + SILENCE
            + "', false) WHERE current_setting('idle_session_timeout', true) IS NOT NULL";

    private static final String LISTEN = "LISTEN stanza_outbox";
    private static final String TRY = "SELECT pg_try_advisory_lock(hashtextextended('stanza_outbox', 0))";
    private static final String STILL_THERE = "SELECT true";

    /// Who wants the lock.
    interface Holder {
        /// The lock is here.
        void obtained();

        /// The lock is not here any more; another process may have it.
        void lost();

        /// Somebody has inserted something.
        void woken();
    }

    private final Context context;
    private final Supplier<Future<Database>> single;
    private final Holder holder;
    private @Nullable Session session;
    private boolean wanted;
    private boolean connecting;
    private boolean held;

    /// @param single opens a connection of its own
    SendingLock(Context context, Supplier<Future<Database>> single, Holder holder) {
        this.context = context;
        this.single = single;
        this.holder = holder;
    }

    /// Tries to get the lock, and to get it back when it is lost, until {@link #leave}.
    void compete() {
        wanted = true;
        connect();
    }

    /// Gives the lock up if it is here, and does not try to get it any more. Completes when the connection
    /// is closed.
    Future<Void> leave() {
        wanted = false;
        Session leaving = session;
        return leaving == null ? Future.succeededFuture() : leaving.end();
    }

    /// To be called every second.
    void ask() {
        Session asking = session;
        if (asking != null) {
            asking.ask();
        } else {
            connect();
        }
    }

    static long askMillis() {
        return ASK_MILLIS;
    }

    private void connect() {
        if (!wanted || connecting || session != null) {
            return;
        }
        connecting = true;
        single.get().onComplete(opened -> context.runOnContext(_ -> opened(opened)));
    }

    private void opened(AsyncResult<Database> opened) {
        if (opened.failed()) {
            LOG.debug("no connection for the lock", opened.cause());
            connecting = false;
            return;
        }
        Database database = opened.result();
        database.pool()
                .getConnection()
                .onComplete(connected -> context.runOnContext(_ -> connected(database, connected)));
    }

    private void connected(Database database, AsyncResult<SqlConnection> connected) {
        connecting = false;
        if (connected.failed() || !wanted) {
            database.close();
            return;
        }
        Session begun = new Session(database, PgConnection.cast(connected.result()));
        session = begun;
        begun.begin();
    }

    /// One connection and the lock that belongs to it.
    private final class Session {
        private final Database database;
        private final PgConnection connection;
        private long answeredNanos = System.nanoTime();
        private boolean asking = true;

        Session(Database database, PgConnection connection) {
            this.database = database;
            this.connection = connection;
        }

        void begin() {
            connection.exceptionHandler(failure -> LOG.debug("the connection for the lock fails", failure));
            connection.closeHandler(_ -> context.runOnContext(_ -> end()));
            connection.notificationHandler(_ -> context.runOnContext(_ -> woken()));
            connection
                    .query(LIMIT_SILENCE)
                    .execute()
                    .compose(_ -> connection.query(LISTEN).execute())
                    .onComplete(prepared -> context.runOnContext(_ -> prepared(prepared)));
        }

        private void prepared(AsyncResult<RowSet<Row>> prepared) {
            asking = false;
            if (session != this) {
                return;
            }
            if (prepared.failed()) {
                LOG.debug("the connection for the lock is of no use", prepared.cause());
                end();
            } else {
                ask();
            }
        }

        /// Without an answer for long, because the database is silent or this process was frozen, the lock
        /// may be another process's by now.
        void ask() {
            if (System.nanoTime() - answeredNanos > ANSWER_NANOS) {
                end();
            } else if (!asking) {
                asking = true;
                connection
                        .query(held ? STILL_THERE : TRY)
                        .execute()
                        .onComplete(answer -> context.runOnContext(_ -> answered(answer)));
            }
        }

        private void answered(AsyncResult<RowSet<Row>> answer) {
            asking = false;
            if (session != this) {
                return;
            }
            if (answer.failed()) {
                LOG.debug("the connection for the lock is lost", answer.cause());
                end();
                return;
            }
            answeredNanos = System.nanoTime();
            if (!held && answer.result().iterator().next().getBoolean(0)) {
                held = true;
                holder.obtained();
            }
        }

        private void woken() {
            if (session == this && held) {
                holder.woken();
            }
        }

        /// Ends the connection, and the lock with it; a new one is made at the next second.
        Future<Void> end() {
            if (session != this) {
                return Future.succeededFuture();
            }
            session = null;
            if (held) {
                held = false;
                holder.lost();
            }
            connection.close();
            return database.close();
        }
    }
}
