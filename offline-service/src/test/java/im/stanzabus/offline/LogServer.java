package im.stanzabus.offline;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.LogRequest.Append;
import im.stanzabus.bus.api.LogRequest.Appended;
import im.stanzabus.bus.api.LogRequest.Claim;
import im.stanzabus.bus.api.LogRequest.Direction;
import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.LogRequest.Mark;
import im.stanzabus.bus.api.LogRequest.MarkDelivered;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.bus.api.LogRequest.Page;
import im.stanzabus.bus.api.LogRequest.ReadUndelivered;
import im.stanzabus.bus.api.LogRequest.Standing;
import im.stanzabus.bus.api.StanzaIds;
import im.stanzabus.cluster.lease.Isolation;
import im.stanzabus.cluster.testing.MemoryLeases;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.storage.Database;
import im.stanzabus.storage.DatabaseConfig;
import im.stanzabus.storage.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import javax.crypto.SecretKey;

/// A whole offline-service on a bus of its own with a database of its own.
final class LogServer implements AutoCloseable {
    static final OfflineConfig CONFIG = new OfflineConfig(1000, 100);
    static final Jid ROMEO = Jid.of("romeo@example.org");
    static final Jid JULIET = Jid.of("juliet@example.org");
    static final VirtualHost HOST = VirtualHost.of("example.org");
    static final Instant NOW = Instant.parse("2026-02-03T04:05:06.123456Z");

    static final SecretKey ID_KEY = StanzaIds.newKey();

    final Vertx vertx = Vertx.vertx();
    final Bus bus = new Bus(vertx, new LocalMembership(new NodeId("test"), "1"));
    final ServiceRegistry services = new ServiceRegistry(bus.membership());
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final Database database;
    /// What the service takes for the present.
    volatile Instant now = NOW;

    private final List<String> deployments = new ArrayList<>();

    LogServer() {
        this(CONFIG, HOST);
    }

    LogServer(OfflineConfig config, VirtualHost... hosts) {
        this(config, List.of(hosts));
    }

    LogServer(int archivePage) {
        this(new OfflineConfig(1000, archivePage), HOST);
    }

    private LogServer(OfflineConfig config, List<VirtualHost> hosts) {
        database = await(TestDatabase.fresh(vertx));
        start(config, Duration.ofSeconds(9), hosts);
    }

    LogServer(DatabaseConfig place, Duration patience) {
        database = await(Database.open(vertx, place));
        start(new OfflineConfig(100_000, 100), patience, List.of(HOST));
    }

    /// Starts an instance of the service; several may run.
    void start(OfflineConfig config, Duration patience, List<VirtualHost> hosts) {
        SlotTable slots = new SlotTable(bus.membership());
        ServiceContext context = new ServiceContext(
                "1",
                bus,
                services,
                slots,
                new MemoryLeases(),
                Isolation.none(),
                new Router(Set.of("example.org"), slots, services),
                hosts,
                database.pool(),
                database.config().poolSize(),
                ID_KEY,
                metrics,
                Path.of("target"),
                ServiceContext::poolOnly);
        deployments.add(await(vertx.deployVerticle(new OfflineVerticle(config, context, patience, () -> now))));
    }

    void stop() {
        deployments.forEach(id -> await(vertx.undeploy(id)));
        deployments.clear();
    }

    @Override
    public void close() {
        stop();
        await(database.close());
        await(vertx.close());
    }

    static Stanza message(String body) {
        return Stanza.message(StanzaType.CHAT, ROMEO, JULIET, Element.text("body", Namespaces.CLIENT, body));
    }

    /// One that only waits for its user.
    static Entry entry(Jid owner, long id) {
        return new Entry(
                owner,
                1,
                id,
                NOW,
                ROMEO,
                Direction.RECEIVED,
                false,
                new Origin(owner.hashCode(), id),
                false,
                0,
                message("message " + id));
    }

    /// One that stays in the archive.
    static Entry archived(Jid owner, long id) {
        return Change.of(entry(owner, id)).archived().entry();
    }

    static List<Entry> entries(Jid owner, long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(id -> entry(owner, id))
                .toList();
    }

    Future<List<Outcome>> appendSoon(List<Entry> entries) {
        return bus.request(Addresses.LOG, new Append(entries), Appended.class).map(Appended::outcomes);
    }

    List<Outcome> append(Jid owner, long first, long last) {
        return await(appendSoon(entries(owner, first, last)));
    }

    List<Outcome> append(Entry... entries) {
        return await(appendSoon(List.of(entries)));
    }

    /// All pages.
    List<Long> undelivered(Jid owner) {
        List<Long> ids = new ArrayList<>();
        long after = 0;
        for (List<Entry> page = page(owner, after, 1000); !page.isEmpty(); page = page(owner, after, 1000)) {
            page.forEach(entry -> ids.add(entry.id()));
            after = ids.getLast();
        }
        return ids;
    }

    List<Entry> page(Jid owner, long after, int limit) {
        return ask(new ReadUndelivered(owner, after, limit), Page.class).entries();
    }

    Standing claim(Jid owner, long epoch) {
        return ask(new Claim(owner, epoch), Standing.class);
    }

    /// Where the log stands, for the owner that the entries here have.
    Standing standing(Jid owner) {
        return claim(owner, 1);
    }

    /// The owner of the highest epoch says so.
    void delivered(Jid owner, long id) {
        delivered(owner, id, Long.MAX_VALUE);
    }

    void delivered(Jid owner, long id, long epoch) {
        ask(new MarkDelivered(List.of(new Mark(owner, id, epoch))), Done.class);
    }

    <T extends BusMessage> T ask(LogRequest request, Class<T> answer) {
        return await(bus.request(Addresses.LOG, request, answer));
    }

    long number(String sql) {
        return await(database.pool().query(sql).execute()).iterator().next().getLong(0);
    }

    void execute(String sql) {
        await(database.pool().query(sql).execute());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing happened for 60 s", e);
        }
    }
}
