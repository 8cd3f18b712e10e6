package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.IqAccess;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.bus.api.LastSeen;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.cluster.testing.MemoryLeases;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.processor.loading.ProcessorChain;
import im.stanzabus.session.iq.ContactAddresses;
import im.stanzabus.session.iq.IqProcessor;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.SecretKey;
import org.awaitility.Awaitility;

/// The services around session managers, in memory, and a gateway that records what it is told and
/// answers claims as it is told to.
final class FakeServices {
    static final NodeId NODE = new NodeId("n1");
    static final String GATEWAY = Addresses.at(Addresses.gateway(0), NODE);

    /// A gateway of another process.
    static final NodeId OTHER_NODE = new NodeId("g2");

    static final String OTHER_GATEWAY = Addresses.at(Addresses.gateway(0), OTHER_NODE);

    static final String ARCHIVE = "urn:xmpp:mam:2";

    /// How many stanzas may wait for a detached client.
    static final int MOST_DETACHED = 200;

    /// How much may wait for all clients of an account.
    static final int MOST_BYTES = 8 << 20;

    final Vertx vertx;
    final StagedMembership membership = new StagedMembership(NODE);
    final Bus bus;
    final SlotTable slots;
    final MemoryLeases leases = new MemoryLeases();
    final Set<Jid> accounts = ConcurrentHashMap.newKeySet();
    final Map<Jid, List<RosterItem>> rosters = new ConcurrentHashMap<>();
    final FakeLog log = new FakeLog();
    final BlockingQueue<ConnectionEvent> told = new LinkedBlockingQueue<>();
    final BlockingQueue<BusMessage> asked = new LinkedBlockingQueue<>();

    /// The last that was told of each connection.
    final Map<ConnectionId, Long> handled = new ConcurrentHashMap<>();

    final Map<ConnectionId, ConnectionEvent.Remember> remembered = new ConcurrentHashMap<>();

    /// How many receivers of directed presence were told, each time that they were.
    final AtomicLong directedTold = new AtomicLong();

    /// What the gateway sends in answer to a claim of the slot, before it says that this was all.
    final List<SessionEvent> announcements = new CopyOnWriteArrayList<>();

    /// The streams that the gateway was given to keep, as it announces them.
    final Map<ConnectionId, SessionEvent.Announce> kept = new ConcurrentHashMap<>();

    /// The connections that are gone by the gateway's own word, and those of them that it need not
    /// hold any more.
    private final Set<ConnectionId> gone = ConcurrentHashMap.newKeySet();

    final Set<ConnectionId> forgotten = ConcurrentHashMap.newKeySet();

    final List<SlotClaim> claims = new CopyOnWriteArrayList<>();
    volatile boolean rosterDown;

    /// While set, the gateway has heard of another owner and drops what it is told.
    volatile boolean dropping;

    /// While set, roster changes are answered only when it completes.
    volatile Promise<Void> rosterGate;

    /// While set, rosters are read only when it completes.
    volatile Promise<Void> loadGate;

    /// What follows from each change of a roster.
    volatile List<Stanza> consequences = List.of();

    /// What is answered to each subscription stanza of a contact.
    volatile List<Stanza> replies = List.of();

    /// While set, services answer requests of clients only when it completes.
    volatile Promise<Void> serviceGate;

    List<IqProcessor> processors = List.of();

    /// Processors of others, for the session managers that are started from now on.
    ProcessorChain chain = ProcessorChain.NONE;

    private final Map<ConnectionId, Jid> clients = new ConcurrentHashMap<>();
    private final ServiceContext context;
    private final AnonymousAccounts anonymous;

    FakeServices(Vertx vertx, boolean archive) {
        this.vertx = vertx;
        bus = new Bus(vertx, membership);
        slots = new SlotTable(membership);
        bus.serve(Addresses.AUTH, AuthRequest.class, this::auth);
        bus.serve(Addresses.ROSTER, RosterRequest.class, this::roster);
        bus.serve(Addresses.LOG, LogRequest.class, request -> {
            asked.add(request);
            return log.ask(request);
        });
        bus.serve(Addresses.PROFILE, LastSeen.class, seen -> {
            asked.add(seen);
            return Future.succeededFuture(Done.DONE);
        });
        bus.consume(Addresses.gateway(0), ConnectionEvent.Batch.class, this::tell);
        membership.as(OTHER_NODE, () -> bus.consume(Addresses.gateway(0), ConnectionEvent.Batch.class, this::tell));
        bus.consume(Addresses.SLOTS, SlotClaim.class, slots::claimed);
        slots.listen(this::claimed);
        ServiceRegistry registry = new ServiceRegistry(membership);
        VirtualHost host = VirtualHost.of("localhost");
        context = new ServiceContext(
                "test",
                bus,
                registry,
                slots,
                leases,
                new Router(Set.of("localhost", "forgetful.example"), slots, registry),
                List.of(
                        new VirtualHost("localhost", false, false, false, archive, host.keepMessages()),
                        new VirtualHost("forgetful.example", false, false, false, false, host.keepMessages())),
                null,
                new SimpleMeterRegistry(),
                Path.of("."));
        anonymous = new AnonymousAccounts(bus, registry, Set.of("guests"));
        for (String name : List.of(Addresses.AUTH, Addresses.ROSTER, Addresses.LOG, Addresses.PROFILE)) {
            await(() -> membership.view().serving(name).size() == 1);
        }
        await(() -> membership.view().serving(Addresses.gateway(0)).size() == 2);
    }

    SecretKey idKey() {
        return context.idKey();
    }

    private SessionConfig config() {
        return new SessionConfig(
                SessionConfig.ResourceConflict.REPLACE,
                3,
                1,
                MOST_DETACHED,
                MOST_BYTES,
                Duration.ofSeconds(60),
                true,
                true,
                false,
                chain,
                ContactAddresses.NONE);
    }

    /// Starts a session manager.
    ///
    /// @return by which it is stopped
    String startPartition(int number) throws Exception {
        return get(vertx.deployVerticle(new SessionVerticle(
                context, config(), number, new Siblings(1), processors, anonymous, Clock.systemUTC())));
    }

    static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private void tell(ConnectionEvent.Batch batch) {
        if (dropping) {
            return;
        }
        for (ConnectionEvent event : batch.events()) {
            if (event instanceof ConnectionEvent.Bound bound) {
                clients.put(bound.connection(), bound.client());
            } else if (event instanceof ConnectionEvent.Deliver deliver && deliver.receipt()) {
                Jid client = clients.get(deliver.connection());
                SessionEvent received = new SessionEvent.Received(deliver.connection(), client, deliver.number());
                bus.send(batch.owner(), new SessionEvent.Batch(List.of(received)));
            }
            switch (event) {
                case ConnectionEvent.Resumed resumed
                when resumed.connection().number() < 0 -> keep(batch.owner(), resumed);
                case ConnectionEvent.Deliver more ->
                    kept.computeIfPresent(more.connection(), (_, announce) -> with(announce, more));
                case ConnectionEvent.Disconnect disconnect -> kept.remove(disconnect.connection());
                default -> {}
            }
            switch (event) {
                case ConnectionEvent.Handled safe -> handled.merge(safe.connection(), safe.number(), Math::max);
                case ConnectionEvent.Remember remember -> {
                    remembered.put(remember.connection(), remember);
                    directedTold.addAndGet(remember.state().directed().size());
                }
                case ConnectionEvent.Disconnect end
                when gone.contains(end.connection()) -> forgotten.add(end.connection());
                default -> told.add(event); // a test that sees it may go by what was answered
            }
        }
    }

    private void keep(String owner, ConnectionEvent.Resumed resumed) {
        SessionEvent.Announce announce = new SessionEvent.Announce(
                resumed.connection(),
                resumed.client(),
                resumed.state(),
                resumed.management(),
                false,
                "",
                resumed.stream(),
                resumed.handled(),
                resumed.delivered(),
                resumed.lastLogId(),
                List.of(),
                resumed.logSince());
        for (ConnectionEvent.Deliver more : resumed.unconfirmed()) {
            announce = with(announce, more);
        }
        kept.put(resumed.connection(), announce);
        SessionEvent answer = new SessionEvent.Detached(resumed.connection(), resumed.client());
        bus.send(owner, new SessionEvent.Batch(List.of(answer)));
        String claimant = ownerOf(resumed.client());
        if (!claimant.equals(owner)) { // its claim has come before this
            bus.send(claimant, new SessionEvent.Batch(List.of(announce)));
        }
    }

    private static SessionEvent.Announce with(SessionEvent.Announce announce, ConnectionEvent.Deliver more) {
        List<ConnectionEvent.Deliver> unconfirmed = new ArrayList<>(announce.unconfirmed());
        unconfirmed.add(more);
        return new SessionEvent.Announce(
                announce.connection(),
                announce.client(),
                announce.state(),
                announce.management(),
                false,
                "",
                announce.stream(),
                announce.handled(),
                announce.delivered(),
                more.logSince() > 0 ? more.logId() : announce.lastLogId(),
                unconfirmed,
                more.logSince() > 0 ? more.logSince() : announce.logSince());
    }

    private void claimed(SlotClaim claim) {
        claims.add(claim);
        List<SessionEvent> events = new ArrayList<>();
        List<SessionEvent> all = new ArrayList<>(announcements);
        all.addAll(kept.values());
        for (SessionEvent event : all) {
            if (claim.epochs().containsKey(SlotTable.slot(event.account()))) {
                events.add(event);
                if (event instanceof SessionEvent.Announce announce) {
                    clients.put(announce.connection(), announce.client());
                }
            }
        }
        if (claim.round() != 0) {
            if (!events.isEmpty()) {
                bus.send(claim.owner(), new SessionEvent.Batch(events));
            }
            bus.send(claim.owner(), new SessionEvent.Announced(GATEWAY, claim.round()));
            bus.send(claim.owner(), new SessionEvent.Announced(OTHER_GATEWAY, claim.round()));
        }
    }

    String ownerOf(Jid account) {
        return String.valueOf(slots.ownerOf(account));
    }

    void send(SessionEvent... events) {
        for (SessionEvent event : events) {
            if (event instanceof SessionEvent.Gone over) {
                gone.add(over.connection());
            } else if (event instanceof SessionEvent.Announce announce) {
                clients.put(announce.connection(), announce.client());
            }
            bus.send(ownerOf(event.account()), new SessionEvent.Batch(List.of(event)));
        }
    }

    ConnectionId bind(String account, String resource, long number) throws InterruptedException {
        ConnectionId connection = new ConnectionId(GATEWAY, number);
        accounts.add(Jid.of(account));
        send(new SessionEvent.Bind(connection, Jid.of(account), resource, "127.0.0.1", number));
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

    /// A service that answers for a namespace, with an empty result.
    void serve(String namespace, IqAccess access) {
        bus.serve(Addresses.iq(namespace), IqRequest.class, request -> {
            asked.add(request);
            return gated(new IqRequest.Answer(List.of()));
        });
        membership.announce(
                ServiceDescriptor.internal("service", "test", false).withIqNamespaces(Map.of(namespace, access)));
    }

    private Future<BusMessage> gated(BusMessage answer) {
        Promise<Void> gate = serviceGate;
        return gate == null ? Future.succeededFuture(answer) : gate.future().map(answer);
    }

    /// A service that answers for the archive.
    void serveArchive(List<Stanza> before) {
        bus.serve(Addresses.iq(ARCHIVE), IqRequest.class, request -> {
            asked.add(request);
            return Future.succeededFuture(new IqRequest.Answer(before, List.of()));
        });
        membership.announce(
                ServiceDescriptor.internal("archive", "test", false).withIqNamespaces(Map.of(ARCHIVE, IqAccess.SELF)));
    }

    /// The first account of such a name that a partition owns.
    Jid ownedBy(String owner, String name) {
        for (int i = 0; ; i++) {
            Jid candidate = Jid.of(name + i + "@localhost");
            if (ownerOf(candidate).equals(owner)) {
                return candidate;
            }
        }
    }

    /// A client that is online, without stream management; its next stanza has number 2.
    ConnectionId available(Jid client, long number) throws InterruptedException {
        ConnectionId connection = bind(client.bare().toString(), String.valueOf(client.resource()), number);
        send(stanza(connection, client, 1, Stanza.presence(StanzaType.AVAILABLE, client, null)));
        if (!nextStanza().isPresence()) {
            throw new AssertionError("a client sees its own presence");
        }
        return connection;
    }

    static SessionEvent stanza(ConnectionId connection, Jid client, long number, Stanza stanza) {
        return new SessionEvent.FromClient(connection, client, number, false, stanza);
    }

    static SessionEvent again(ConnectionId connection, Jid client, long number, Stanza stanza) {
        return new SessionEvent.FromClient(connection, client, number, true, stanza);
    }

    static Stanza chat(Jid from, Jid to, String body) {
        return Stanza.message(StanzaType.CHAT, from, to, Element.text("body", Namespaces.CLIENT, body));
    }

    static String body(Stanza stanza) {
        Element body = stanza.payload().child("body", Namespaces.CLIENT);
        return body == null ? stanza.toString() : body.text();
    }

    static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(condition);
    }

    /// How often something of the kind was asked of the services.
    long count(Class<?> type) {
        return asked.stream().filter(type::isInstance).count();
    }

    /// How many entries of the log it was asked to write.
    long entriesAsked() {
        return asked.stream()
                .filter(LogRequest.Append.class::isInstance)
                .mapToLong(append -> ((LogRequest.Append) append).entries().size())
                .sum();
    }

    private Future<BusMessage> auth(AuthRequest request) {
        if (request instanceof AuthRequest.AccountExists exists) {
            return Future.succeededFuture(new AuthRequest.Exists(accounts.contains(exists.account())));
        }
        asked.add(request);
        return gated(Done.DONE);
    }

    private Future<BusMessage> roster(RosterRequest request) {
        if (rosterDown) {
            return Future.failedFuture(
                    new BusFailure(StanzaError.of(StanzaError.Condition.RESOURCE_CONSTRAINT, "down"), "down"));
        }
        asked.add(request);
        BusMessage answer = switch (request) {
            case RosterRequest.Load load ->
                new RosterRequest.Snapshot("1", rosters.getOrDefault(load.account(), List.of()), List.of(), List.of());
            case RosterRequest.Block block -> new RosterRequest.BlockList(block.jids());
            case RosterRequest.Unblock _ -> new RosterRequest.BlockList(List.of());
            default ->
                new RosterRequest.Outcome(
                        List.of(),
                        true,
                        switch (request) {
                            case RosterRequest.Set _ -> consequences;
                            case RosterRequest.Inbound _ -> replies;
                            default -> List.of();
                        },
                        null);
        };
        Promise<Void> gate = request instanceof RosterRequest.Load ? loadGate : rosterGate;
        return gate == null ? Future.succeededFuture(answer) : gate.future().map(answer);
    }
}
