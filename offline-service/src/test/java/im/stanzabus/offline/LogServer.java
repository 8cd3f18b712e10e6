package im.stanzabus.offline;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.LocalServiceRegistry;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.SlotOwners;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.LogRequest.Append;
import im.stanzabus.bus.api.LogRequest.Appended;
import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.LogRequest.Mark;
import im.stanzabus.bus.api.LogRequest.MarkDelivered;
import im.stanzabus.bus.api.LogRequest.Page;
import im.stanzabus.bus.api.LogRequest.ReadMark;
import im.stanzabus.bus.api.LogRequest.ReadUndelivered;
import im.stanzabus.launcher.ServiceContext;
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

/// A whole offline-service on a bus of its own with a database of its own.
final class LogServer implements AutoCloseable {
    static final OfflineConfig CONFIG = new OfflineConfig(1000, Duration.ZERO);
    static final Jid ROMEO = Jid.of("romeo@example.org");
    static final Jid JULIET = Jid.of("juliet@example.org");
    static final Instant RECEIVED = Instant.parse("2026-02-03T04:05:06.123456Z");

    final Vertx vertx = Vertx.vertx();
    final Bus bus = new Bus(vertx);
    final LocalServiceRegistry services = new LocalServiceRegistry();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final Database database;
    private final List<String> deployments = new ArrayList<>();

    LogServer() {
        this(CONFIG);
    }

    LogServer(OfflineConfig config) {
        database = await(TestDatabase.fresh(vertx));
        start(config, Duration.ofSeconds(9));
    }

    LogServer(DatabaseConfig place, Duration patience) {
        database = await(Database.open(vertx, place));
        execute("TRUNCATE log_entry, log_mark");
        start(new OfflineConfig(100_000, Duration.ZERO), patience);
    }

    /// Starts an instance of the service; several may run.
    void start(OfflineConfig config, Duration patience) {
        NodeId node = new NodeId("test");
        SlotOwners owners = new SlotOwners(node, 1);
        ServiceContext context = new ServiceContext(
                "1",
                node,
                bus,
                services,
                owners,
                new Router(Set.of("example.org"), owners, services),
                List.of(),
                database.pool(),
                metrics,
                Path.of("target"));
        deployments.add(await(vertx.deployVerticle(new OfflineVerticle(config, context, patience))));
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

    static Entry entry(Jid owner, long id) {
        return new Entry(owner, id, RECEIVED, message("message " + id));
    }

    static List<Entry> entries(Jid owner, long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(id -> entry(owner, id))
                .toList();
    }

    Future<List<Boolean>> appendSoon(List<Entry> entries) {
        return bus.request(Addresses.LOG, new Append(entries), Appended.class).map(Appended::kept);
    }

    List<Boolean> append(Jid owner, long first, long last) {
        return await(appendSoon(entries(owner, first, last)));
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

    Mark mark(Jid owner) {
        return ask(new ReadMark(owner), Mark.class);
    }

    void delivered(Jid owner, long id) {
        ask(new MarkDelivered(owner, id), Done.class);
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
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing happened for 30 s", e);
        }
    }
}
