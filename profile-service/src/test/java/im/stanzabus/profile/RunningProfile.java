package im.stanzabus.profile;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.cluster.testing.MemoryLeases;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.ServiceModule.RunningService;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.FragmentReader;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.storage.Database;
import im.stanzabus.storage.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// profile-service on a bus of its own, with a database of its own.
final class RunningProfile implements AutoCloseable {
    private static final ProfileModule MODULE = new ProfileModule();

    final Bus bus;
    final ServiceRegistry services;
    private final Vertx vertx;
    private final Pool pool;
    private final RunningService service;

    private RunningProfile(Vertx vertx, Pool pool, ProfileConfig config) {
        this.vertx = vertx;
        this.pool = pool;
        LocalMembership membership = new LocalMembership(new NodeId("test"), "1.2.3");
        bus = new Bus(vertx, membership);
        services = new ServiceRegistry(membership);
        SlotTable slots = new SlotTable(membership);
        service = await(MODULE.start(
                config,
                new ServiceContext(
                        "1.2.3",
                        bus,
                        services,
                        slots,
                        new MemoryLeases(),
                        new Router(Set.of("capulet.example"), slots, services),
                        List.of(),
                        pool,
                        new SimpleMeterRegistry(),
                        Path.of("target"))));
    }

    static RunningProfile start(ProfileConfig config) {
        Vertx vertx = Vertx.vertx();
        Database database = await(TestDatabase.fresh(vertx));
        return new RunningProfile(vertx, database.pool(), config);
    }

    static RunningProfile on(Vertx vertx, Pool pool) {
        return new RunningProfile(vertx, pool, ProfileConfig.DEFAULT);
    }

    /// What an account's own client gets.
    List<Element> own(String account, String type, String query) {
        return await(request(account, true, type, query));
    }

    /// What somebody who sees the account's presence gets.
    List<Element> other(String account, String type, String query) {
        return await(request(account, false, type, query));
    }

    /// The condition that a request is refused with.
    Condition refusal(String account, boolean own, String type, String query) {
        return refusal(request(account, own, type, query));
    }

    Future<List<Element>> request(String account, boolean own, String type, String query) {
        Element payload = xml(query);
        Jid to = Jid.of(account);
        Jid from = Jid.of(own ? account + "/balcony" : "romeo@montague.example/orchard");
        Stanza iq = Stanza.iq(type.equals("get") ? StanzaType.GET : StanzaType.SET, "1", from, to, payload);
        return bus.request(Addresses.iq(payload.namespace()), new IqRequest(to, own, iq), IqRequest.Answer.class)
                .map(IqRequest.Answer::payload);
    }

    /// How many rows an account has in a table.
    long rows(String table, String owner) {
        return await(pool.preparedQuery("SELECT count(*) FROM " + table + " WHERE owner = $1")
                        .execute(Tuple.of(owner)))
                .iterator()
                .next()
                .getLong(0);
    }

    /// Makes an account, as auth-service does.
    void make(String account) {
        Jid jid = Jid.of(account);
        await(pool.preparedQuery(
                        "INSERT INTO account VALUES ($1, $2, now(), now(), 1, '', '', '', '', '', '', '', '', '')")
                .execute(Tuple.of(jid.domain(), jid.local())));
    }

    void stop() {
        await(service.stop());
    }

    @Override
    public void close() {
        await(pool.close());
        await(vertx.close());
    }

    static Condition refusal(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return ((BusFailure) e.getCause()).error().condition();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("was not refused");
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static Element xml(String text) {
        return FragmentReader.element(text.strip().getBytes(StandardCharsets.UTF_8));
    }
}
