package im.stanzabus.sender;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.Subscription;
import im.stanzabus.bus.api.StanzaIds;
import im.stanzabus.cluster.lease.Isolation;
import im.stanzabus.cluster.testing.MemoryLeases;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.storage.Database;
import im.stanzabus.storage.DatabaseConfig;
import im.stanzabus.storage.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.SecretKey;
import org.awaitility.Awaitility;

/// Processes with sender-service on one database, each with a bus of its own, and the programs that
/// insert.
final class SenderProcesses implements AutoCloseable {
    static final String HOST = "example.org";
    static final SenderConfig CONFIG = new SenderConfig(256, Duration.ofHours(1), Duration.ofDays(7));

    /// Nobody is about to come.
    static final Duration AT_ONCE = Duration.ZERO;

    private static final SecretKey ID_KEY = StanzaIds.newKey();
    private static final Duration SOON = Duration.ofSeconds(20);

    final Vertx vertx = Vertx.vertx();
    final FakeOwner owner = new FakeOwner();
    final Database database;
    private final List<Process> processes = new ArrayList<>();

    SenderProcesses() {
        database = await(TestDatabase.fresh(vertx));
    }

    SenderProcesses(DatabaseConfig place) {
        database = await(Database.open(vertx, place));
    }

    /// One process; everything in it runs on one event loop.
    record Process(
            Vertx vertx,
            Bus bus,
            ServiceRegistry services,
            Database database,
            Isolation isolation,
            SimpleMeterRegistry metrics,
            String deployment,
            CountDownLatch thaw) {
        boolean works() {
            return metrics.get("stanzabus.sender.working").gauge().value() == 1;
        }

        double count(String outcome) {
            return metrics.get("stanzabus.sender.stanzas")
                    .tag("outcome", outcome)
                    .counter()
                    .count();
        }

        /// From now on nothing happens in it until it is closed.
        void freeze() throws InterruptedException {
            CountDownLatch frozen = new CountDownLatch(1);
            vertx.runOnContext(_ -> {
                frozen.countDown();
                Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> thaw.getCount() == 0);
            });
            frozen.await();
        }

        void stop() {
            await(vertx.undeploy(deployment));
        }
    }

    Process start() {
        return start(CONFIG, AT_ONCE);
    }

    Process start(SenderConfig config, Duration settling) {
        Vertx own = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setMaxEventLoopExecuteTime(1) // one that is frozen is meant to be
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.HOURS));
        Database pool = await(Database.open(own, database.config()));
        NodeId node = new NodeId("n" + processes.size());
        LocalMembership membership = new LocalMembership(node, "test");
        Bus bus = new Bus(own, membership);
        SlotTable slots = new SlotTable(membership);
        ServiceRegistry services = new ServiceRegistry(membership);
        serve(bus, "sm.0");
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        Isolation isolation = new Isolation();
        ServiceContext context = new ServiceContext(
                "test",
                bus,
                services,
                slots,
                new MemoryLeases(),
                isolation,
                new Router(Set.of(HOST), slots, services),
                List.of(VirtualHost.of(HOST)),
                pool.pool(),
                database.config().poolSize(),
                ID_KEY,
                metrics,
                Path.of("target"),
                () -> pool.single(own));
        String deployment = await(own.deployVerticle(new SenderVerticle(config, context, settling)));
        Map<Integer, Long> all = new HashMap<>();
        for (int slot = 0; slot < SlotTable.SLOTS; slot++) {
            all.put(slot, 1L);
        }
        slots.claimed(new SlotClaim("sm.0@" + node, 0, all));
        Process process = new Process(own, bus, services, pool, isolation, metrics, deployment, new CountDownLatch(1));
        processes.add(process);
        return process;
    }

    /// Has the owner take what comes to a name of a process.
    Subscription serve(Bus bus, String name) {
        Subscription served = bus.consume(name, SessionEvent.Batch.class, batch -> owner.receive(bus, batch));
        await(served.completion());
        return served;
    }

    /// A service with a domain.
    static ServiceDescriptor service(String domain) {
        return new ServiceDescriptor(
                "rooms",
                "1",
                List.of(new ServedDomain(domain, "conference", "text", "Rooms")),
                Map.of(),
                List.of(),
                List.of(),
                false);
    }

    static String message(String id, String to) {
        return "<message from='alerts@" + HOST + "/db1' to='" + to + "' id='" + id + "' type='chat'><body>" + id
                + "</body></message>";
    }

    /// A program inserts; its key is the stanza's id where it has one.
    void insert(String key, String stanza) {
        await(tryToInsert(key, stanza));
    }

    Future<RowSet<Row>> tryToInsert(String key, String stanza) {
        return database.pool()
                .preparedQuery("INSERT INTO stanza_outbox (idempotency_key, stanza) VALUES ($1, $2)")
                .execute(Tuple.of(key, stanza));
    }

    /// A program sends messages to accounts in one transaction.
    void insertAll(List<String> keys, List<String> stanzas) {
        await(database.pool()
                .preparedQuery("INSERT INTO stanza_outbox (idempotency_key, stanza)"
                        + " SELECT * FROM unnest($1::text[], $2::text[])")
                .execute(Tuple.tuple()
                        .addArrayOfString(keys.toArray(String[]::new))
                        .addArrayOfString(stanzas.toArray(String[]::new))));
    }

    /// The outcome of a row and, behind a colon, the detail; empty while it waits.
    String outcome(String key) {
        RowSet<Row> rows = await(database.pool()
                .preparedQuery("SELECT coalesce(outcome || coalesce(': ' || detail, ''), '') FROM stanza_outbox"
                        + " WHERE idempotency_key = $1")
                .execute(Tuple.of(key)));
        return rows.iterator().next().getString(0);
    }

    /// The outcome of a row when it has one.
    String awaitOutcome(String key) {
        eventually(() -> !outcome(key).isEmpty());
        return outcome(key);
    }

    long number(String sql) {
        return await(database.pool().query(sql).execute()).iterator().next().getLong(0);
    }

    void execute(String sql) {
        await(database.pool().query(sql).execute());
    }

    /// From now on nobody writes to the table, until the transaction of this connection ends.
    SqlConnection lockTable() {
        SqlConnection connection = await(database.pool().getConnection());
        await(connection.query("BEGIN").execute());
        await(connection.query("LOCK TABLE stanza_outbox IN EXCLUSIVE MODE").execute());
        return connection;
    }

    void unlock(SqlConnection connection) {
        await(connection.query("COMMIT").execute());
        await(connection.close());
    }

    /// Waits until a statement that begins so waits for the table.
    void awaitBlocked(String statement) {
        eventually(() -> number("SELECT count(*) " + blocked(statement)) == 1);
    }

    /// Ends the connection of a statement that waits for the table.
    void endBlocked(String statement) {
        execute("SELECT pg_terminate_backend(pid) " + blocked(statement));
    }

    private static String blocked(String statement) {
        return "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '"
                + statement + "%'";
    }

    /// How PostgreSQL sees the end of the process that sends: its connection is closed.
    void endTheConnectionWithTheLock() {
        execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
    }

    static void eventually(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions() // the database may be away for a moment
                .until(condition);
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing happened for 60 s", e);
        }
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.thaw().countDown();
            await(process.vertx().close());
        }
        await(database.close());
        await(vertx.close());
    }
}
