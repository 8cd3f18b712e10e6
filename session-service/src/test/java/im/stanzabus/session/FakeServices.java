package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.LocalServiceRegistry;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotOwners;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LastSeen;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.session.iq.ContactAddresses;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The services around a session manager, in memory, and a gateway that records what it is told.
final class FakeServices {
    static final NodeId NODE = new NodeId("n1");
    static final String GATEWAY = Addresses.gateway(NODE, 0);

    final Bus bus;
    final SlotOwners owners = new SlotOwners(NODE, 1);
    final Set<Jid> accounts = ConcurrentHashMap.newKeySet();
    final TreeMap<Long, LogRequest.Entry> log = new TreeMap<>();
    final BlockingQueue<ConnectionEvent> told = new LinkedBlockingQueue<>();
    final BlockingQueue<BusMessage> asked = new LinkedBlockingQueue<>();
    volatile boolean rosterDown;
    volatile boolean quotaFull;
    /// While set, appends are stored and answered only when it completes.
    volatile Promise<Void> appendGate;
    /// While set, reading the log is answered only when it completes, with what was there when it was asked.
    volatile Promise<Void> readGate;
    /// While set, roster changes are answered only when it completes.
    volatile Promise<Void> rosterGate;

    FakeServices(Vertx vertx) throws Exception {
        bus = new Bus(vertx);
        bus.serve(Addresses.AUTH, AuthRequest.class, this::auth);
        bus.serve(Addresses.ROSTER, RosterRequest.class, this::roster);
        bus.serve(Addresses.LOG, LogRequest.class, this::log);
        bus.serve(Addresses.PROFILE, LastSeen.class, seen -> {
            asked.add(seen);
            return Future.succeededFuture(Done.DONE);
        });
        bus.consume(GATEWAY, ConnectionEvent.Batch.class, batch -> told.addAll(batch.events()));
        LocalServiceRegistry registry = new LocalServiceRegistry();
        ServiceContext context = new ServiceContext(
                "test",
                NODE,
                bus,
                registry,
                owners,
                new Router(Set.of("localhost"), owners, registry),
                List.of(new VirtualHost("localhost", false, false, false)),
                null,
                new SimpleMeterRegistry(),
                Path.of("."));
        SessionConfig config = new SessionConfig(
                SessionConfig.ResourceConflict.REPLACE,
                3,
                Duration.ofSeconds(60),
                true,
                true,
                false,
                ContactAddresses.NONE);
        AnonymousAccounts anonymous = new AnonymousAccounts(bus, registry, Set.of());
        vertx.deployVerticle(new SessionVerticle(context, config, 0, List.of(), anonymous, Clock.systemUTC()))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    void send(SessionEvent... events) {
        for (SessionEvent event : events) {
            bus.send(owners.addressOf(event.account()), new SessionEvent.Batch(List.of(event)));
        }
    }

    ConnectionId bind(String account, String resource, long number) throws InterruptedException {
        ConnectionId connection = new ConnectionId(GATEWAY, number);
        accounts.add(Jid.of(account));
        send(new SessionEvent.Bind(connection, Jid.of(account), resource, "127.0.0.1"));
        next(ConnectionEvent.Bound.class);
        return connection;
    }

    <T extends ConnectionEvent> T next(Class<T> type) throws InterruptedException {
        ConnectionEvent event = told.poll(10, TimeUnit.SECONDS);
        if (!type.isInstance(event)) {
            throw new AssertionError("expected " + type.getSimpleName() + " but was " + event);
        }
        return type.cast(event);
    }

    /// The next stanza that is handed to the gateway.
    Stanza nextStanza() throws InterruptedException {
        return next(ConnectionEvent.Deliver.class).stanza();
    }

    private Future<BusMessage> auth(AuthRequest request) {
        AuthRequest.AccountExists exists = (AuthRequest.AccountExists) request;
        return Future.succeededFuture(new AuthRequest.Exists(accounts.contains(exists.account())));
    }

    private Future<BusMessage> roster(RosterRequest request) {
        if (rosterDown) {
            return Future.failedFuture(
                    new BusFailure(StanzaError.of(StanzaError.Condition.RESOURCE_CONSTRAINT, "down"), "down"));
        }
        asked.add(request);
        BusMessage answer = switch (request) {
            case RosterRequest.Load _ -> new RosterRequest.Snapshot("1", List.of(), List.of(), List.of());
            case RosterRequest.Block block -> new RosterRequest.BlockList(block.jids());
            case RosterRequest.Unblock _ -> new RosterRequest.BlockList(List.of());
            default -> new RosterRequest.Outcome(List.of(), true, List.of(), null);
        };
        Promise<Void> gate = rosterGate;
        return gate == null || request instanceof RosterRequest.Load
                ? Future.succeededFuture(answer)
                : gate.future().map(answer);
    }

    private Future<BusMessage> log(LogRequest request) {
        asked.add(request);
        Promise<Void> appending = appendGate;
        if (request instanceof LogRequest.Append && appending != null) {
            return appending.future().map(_ -> answer(request));
        }
        Promise<Void> reading = readGate;
        BusMessage answer = answer(request);
        return request instanceof LogRequest.ReadUndelivered && reading != null
                ? reading.future().map(answer)
                : Future.succeededFuture(answer);
    }

    private synchronized BusMessage answer(LogRequest request) {
        return (switch (request) {
            case LogRequest.Append append -> {
                boolean keep = !quotaFull;
                if (keep) {
                    append.entries().forEach(entry -> log.put(entry.id(), entry));
                }
                yield new LogRequest.Appended(
                        append.entries().stream().map(_ -> keep).toList());
            }
            case LogRequest.ReadMark _ -> new LogRequest.Mark(log.isEmpty() ? 0 : log.lastKey(), log.size());
            case LogRequest.ReadUndelivered read ->
                new LogRequest.Page(log.tailMap(read.afterId(), false).values().stream()
                        .filter(entry -> entry.owner().equals(read.owner()))
                        .limit(read.limit())
                        .toList());
            case LogRequest.MarkDelivered mark -> {
                log.headMap(mark.id(), true).clear();
                yield Done.DONE;
            }
        });
    }
}
