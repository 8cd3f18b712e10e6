package im.stanzabus.storage;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process's connections to PostgreSQL, with the schema up to date. Safe from any thread.
public final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long RETRY_MILLIS = 200;
    private static final int PIPELINING = 64;
    private static final int WAITING_REQUESTS = 4096;
    private static final int ACQUIRE_SECONDS = 10;
    static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);

    /// How long what was sent may stay without the other side's kernel saying that it has it, where the
    /// system lets us say so.
    private static final Duration TRANSMIT_LIMIT = Duration.ofSeconds(5);

    /// How long a connection may be silent. What was asked on it fails then, and the next request finds a
    /// new one: a connection that a network, a machine or a server has given up without a word would hold
    /// everything that is asked on it for a quarter of an hour. Longer than any statement takes. One that
    /// nobody uses is closed as well, and made again when it is needed.
    static final Duration SILENCE_LIMIT = Duration.ofSeconds(10);

    private final Pool pool;
    private final DatabaseConfig config;

    private Database(Pool pool, DatabaseConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /// Connects and updates the schema. A server that is still starting is waited for.
    /// Fails with {@link DatabaseUnavailable} if the database cannot be used.
    public static Future<Database> open(Vertx vertx, DatabaseConfig config) {
        return open(vertx, config, PATIENCE);
    }

    static Future<Database> open(Vertx vertx, DatabaseConfig config, Duration patience) {
        Pool pool = pool(vertx, config);
        return reach(vertx, pool, config, System.nanoTime() + patience.toNanos(), true)
                .compose(_ -> Schema.update(vertx, pool, config))
                .map(_ -> new Database(pool, config))
                .recover(failure -> pool.close().transform(_ -> Future.failedFuture(explain(config, failure))));
    }

    /// Connects again to a database that this process has opened before, whatever newer processes have made of
    /// its schema since. Fails with {@link DatabaseUnavailable} if the database cannot be used.
    public static Future<Database> reopen(Vertx vertx, DatabaseConfig config) {
        Pool pool = pool(vertx, config);
        return reach(vertx, pool, config, System.nanoTime() + PATIENCE.toNanos(), false)
                .map(_ -> new Database(pool, config))
                .recover(failure -> pool.close().transform(_ -> Future.failedFuture(explain(config, failure))));
    }

    /// Opens one more connection to the same database, for who needs one that nobody else uses: for
    /// locks that end with it, for notifications. The caller closes it. Fails as {@link #reopen}.
    public Future<Database> single(Vertx vertx) {
        return reopen(
                vertx,
                new DatabaseConfig(
                        config.host(),
                        config.port(),
                        config.name(),
                        config.user(),
                        config.password(),
                        config.tls(),
                        1));
    }

    public Pool pool() {
        return pool;
    }

    /// What it was opened with.
    public DatabaseConfig config() {
        return config;
    }

    /// The key of this installation for ids that clients see.
    public Future<byte[]> idKey() {
        return pool.query("SELECT id_key FROM installation")
                .execute()
                .map(rows -> rows.iterator().next().getBuffer(0).getBytes());
    }

    public Future<Void> close() {
        return pool.close();
    }

    private static Pool pool(Vertx vertx, DatabaseConfig config) {
        PgConnectOptions connect = new PgConnectOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setDatabase(config.name())
                .setUser(config.user())
                .setPassword(config.password())
                .setSslMode(config.tls().client())
                .setCachePreparedStatements(true)
                .setPipeliningLimit(PIPELINING)
                .setProperties(Map.of("application_name", "stanzabus", "TimeZone", "UTC"));
        if (config.tls() != TlsMode.OFF) {
            connect.setSslOptions(new ClientSSLOptions()
                    .setTrustAll(config.tls() == TlsMode.REQUIRE)
                    .setHostnameVerificationAlgorithm(config.tls() == TlsMode.VERIFY ? "HTTPS" : ""));
        }
        PoolOptions options = new PoolOptions()
                .setMaxSize(config.poolSize())
                .setMaxWaitQueueSize(WAITING_REQUESTS)
                .setConnectionTimeout(ACQUIRE_SECONDS)
                .setConnectionTimeoutUnit(TimeUnit.SECONDS);
        NetClientOptions transport = new NetClientOptions()
                .setConnectTimeout((int) CONNECT_LIMIT.toMillis())
                .setTcpUserTimeout((int) TRANSMIT_LIMIT.toMillis())
                .setReadIdleTimeout((int) SILENCE_LIMIT.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        return PgBuilder.pool()
                .with(options)
                .with(transport)
                .connectingTo(connect)
                .using(vertx)
                .build();
    }

    private static Future<Void> reach(
            Vertx vertx, Pool pool, DatabaseConfig config, long deadline, boolean announceWaiting) {
        return pool.query("SELECT 1").execute().<Void>mapEmpty().recover(failure -> {
            if (!mayPass(failure) || System.nanoTime() > deadline) {
                return Future.failedFuture(failure);
            }
            if (announceWaiting) {
                LOG.info("waiting for the {}", config.place());
            }
            return vertx.timer(RETRY_MILLIS, TimeUnit.MILLISECONDS)
                    .compose(_ -> reach(vertx, pool, config, deadline, false));
        });
    }

    /// True for what a server that is just starting answers.
    private static boolean mayPass(Throwable failure) {
        if (failure instanceof PgException refused) {
            return "57P03".equals(refused.getSqlState());
        }
        return failure instanceof IOException && !(failure instanceof UnknownHostException);
    }

    private static DatabaseUnavailable explain(DatabaseConfig config, Throwable failure) {
        if (failure instanceof DatabaseUnavailable known) {
            return known;
        }
        String place = config.place();
        if (failure instanceof PgException refused) {
            return new DatabaseUnavailable(
                    switch (String.valueOf(refused.getSqlState())) {
                        case "28P01" -> "the " + place + " refuses the password of role " + config.user();
                        case "28000" ->
                            "the " + place + " does not let role " + config.user() + " in: "
                                    + refused.getErrorMessage();
                        case "3D000" -> "there is no " + place;
                        case "57P03" -> "the " + place + " is still starting";
                        case "53300" -> "the " + place + " has no connection to spare";
                        default -> "the " + place + " refuses: " + refused.getErrorMessage();
                    });
        }
        if (failure instanceof UnknownHostException) {
            return new DatabaseUnavailable("the host name of the " + place + " is unknown");
        }
        String reason = failure instanceof ConnectTimeoutException ? "no answer" : String.valueOf(failure.getMessage());
        return new DatabaseUnavailable("the " + place + " cannot be reached: " + reason);
    }
}
