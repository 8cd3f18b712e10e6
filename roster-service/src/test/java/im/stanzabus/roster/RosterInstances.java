package im.stanzabus.roster;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.bus.api.RosterRequest.BlockList;
import im.stanzabus.bus.api.RosterRequest.Changes;
import im.stanzabus.bus.api.RosterRequest.Outcome;
import im.stanzabus.bus.api.RosterRequest.Snapshot;
import im.stanzabus.cluster.testing.MemoryLeases;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.ServiceModule.RunningService;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.storage.Database;
import im.stanzabus.storage.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Instances of roster-service on one bus with a PostgreSQL database of their own, and the requests of
/// session-service.
final class RosterInstances implements AutoCloseable {
    private static final String HOST = "example.org";

    final Vertx vertx = Vertx.vertx();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Database database = await(TestDatabase.fresh(vertx));
    private final List<Process> processes = new ArrayList<>();
    private final Set<Process> stopped = new HashSet<>();
    private int turn;

    /// Where one instance runs.
    record Process(Vertx vertx, Bus bus, ServiceRegistry services, Pool pool, RunningService service) {
        <T extends BusMessage> T ask(RosterRequest request, Class<T> answer) {
            return await(bus.request(Addresses.ROSTER, request, answer));
        }

        /// It is gone at once, with all that it was about to say.
        void kill() {
            await(vertx.close());
        }
    }

    Process start(RosterConfig config) {
        Vertx own = Vertx.vertx();
        return start(config, own, await(Database.open(own, database.config())).pool());
    }

    Process start(RosterConfig config, Vertx own, Pool pool) {
        LocalMembership membership = new LocalMembership(new NodeId("test"), "test");
        Bus bus = new Bus(own, membership);
        ServiceRegistry services = new ServiceRegistry(membership);
        SlotTable slots = new SlotTable(membership);
        ServiceContext context = new ServiceContext(
                "test",
                bus,
                services,
                slots,
                new MemoryLeases(),
                new Router(Set.of(HOST), slots, services),
                List.of(),
                pool,
                metrics,
                Path.of("target"));
        Process process = new Process(own, bus, services, pool, await(new RosterModule().start(config, context)));
        processes.add(process);
        return process;
    }

    /// Takes a process out of those that are asked.
    void forget(Process process) {
        processes.remove(process);
    }

    /// Stops the service; the process goes on without it.
    Future<Void> stop(Process process) {
        stopped.add(process);
        return process.service().stop();
    }

    void stopAll() {
        for (Process process : processes) {
            if (!stopped.contains(process)) {
                await(process.service().stop());
            }
            await(process.pool().close());
            await(process.vertx().close());
        }
        processes.clear();
    }

    @Override
    public void close() {
        stopAll();
        await(database.close());
        await(vertx.close());
    }

    Snapshot load(Jid account) {
        return ask(new RosterRequest.Load(account), Snapshot.class);
    }

    Changes changesSince(Jid account, String version) {
        return ask(new RosterRequest.ChangesSince(account, version), Changes.class);
    }

    Outcome set(Jid account, Jid contact, String name, String... groups) {
        return ask(new RosterRequest.Set(account, contact, name, List.of(groups), false), Outcome.class);
    }

    Outcome remove(Jid account, Jid contact) {
        return ask(new RosterRequest.Set(account, contact, null, List.of(), true), Outcome.class);
    }

    Outcome outbound(StanzaType type, Jid account, Jid contact) {
        return ask(new RosterRequest.Outbound(account, Stanza.presence(type, account, contact)), Outcome.class);
    }

    Outcome inbound(StanzaType type, Jid account, Jid contact) {
        return inbound(account, Stanza.presence(type, contact, account));
    }

    Outcome inbound(Jid account, Stanza stanza) {
        return ask(new RosterRequest.Inbound(account, stanza), Outcome.class);
    }

    Outcome farewell(Jid account) {
        return ask(new RosterRequest.Farewell(account), Outcome.class);
    }

    List<Jid> block(Jid account, Jid... jids) {
        return ask(new RosterRequest.Block(account, List.of(jids)), BlockList.class)
                .blocked();
    }

    List<Jid> unblock(Jid account, Jid... jids) {
        return ask(new RosterRequest.Unblock(account, List.of(jids)), BlockList.class)
                .blocked();
    }

    void purge(Jid account) {
        await(bus().request("purge:roster-service", new Purge(account), Done.class));
    }

    /// Makes an account, as auth-service does.
    boolean make(Jid account) {
        String insert = """
                INSERT INTO account
                SELECT $1, $2, now(), now(), 1, '', '', '', '', '', '', '', '', '' WHERE account_may_be_made($1, $2)
                """;
        return await(database.pool().preparedQuery(insert).execute(Tuple.of(account.domain(), account.local())))
                        .rowCount()
                == 1;
    }

    /// Begins the removal of an account, as auth-service does.
    void beginRemoval(Jid account) {
        select(
                "UPDATE account SET removing_since = now() WHERE host = $1 AND localpart = $2",
                Tuple.of(account.domain(), account.local()));
    }

    /// Each instance in its turn.
    private Bus bus() {
        return processes.get(turn++ % processes.size()).bus();
    }

    /// Each asks and each approves.
    void befriend(Jid one, Jid other) {
        subscribe(one, other);
        subscribe(other, one);
    }

    private void subscribe(Jid user, Jid contact) {
        assertThat(outbound(StanzaType.SUBSCRIBE, user, contact).forward()).isTrue();
        assertThat(inbound(StanzaType.SUBSCRIBE, contact, user).forward()).isTrue();
        assertThat(outbound(StanzaType.SUBSCRIBED, contact, user).forward()).isTrue();
        assertThat(inbound(StanzaType.SUBSCRIBED, user, contact).forward()).isTrue();
    }

    <T extends BusMessage> Future<T> send(RosterRequest request, Class<T> answer) {
        return bus().request(Addresses.ROSTER, request, answer);
    }

    <T extends BusMessage> T ask(RosterRequest request, Class<T> answer) {
        return await(send(request, answer));
    }

    /// The condition with which a request is refused.
    StanzaError.Condition refusal(RosterRequest request) {
        try {
            BusMessage answer = ask(request, BusMessage.class);
            throw new AssertionError("not refused but answered: " + answer);
        } catch (BusFailure e) {
            return e.error().condition();
        }
    }

    /// How many rows there are for an account in all tables.
    long rows(Jid account) {
        String owner = account.toString();
        long rows = 0;
        for (String table : List.of(
                "roster", "roster_item", "roster_removed", "roster_request", "roster_blocked", "roster_outcome")) {
            rows += select("SELECT count(*) FROM " + table + " WHERE owner = $1", Tuple.of(owner))
                    .iterator()
                    .next()
                    .getLong(0);
        }
        return rows;
    }

    Iterable<Row> select(String statement, Tuple parameters) {
        return await(database.pool().preparedQuery(statement).execute(parameters));
    }

    void awaitSomebodyWaitingForALock() {
        String waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted";
        while (select(waiting, Tuple.tuple()).iterator().next().getLong(0) == 0) {
            Thread.onSpinWait();
        }
    }

    Pool pool() {
        return database.pool();
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(50, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
