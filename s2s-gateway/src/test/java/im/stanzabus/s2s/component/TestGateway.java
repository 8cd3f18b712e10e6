package im.stanzabus.s2s.component;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.Member;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.RouteRule;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.testing.FakeMembership;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.launcher.config.Settings;
import im.stanzabus.s2s.policy.PeerLimits;
import im.stanzabus.s2s.policy.StreamTimeouts;
import im.stanzabus.s2s.remote.Backoff;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stream.Admission;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/// A process with components on a bus of its own, and one owner of all accounts.
final class TestGateway implements AutoCloseable {
    static final String ECHO = "echo.localhost";
    static final String SECRET = "s3cr3t-of-echo";

    /// A component that connects to us.
    static final String ONE = "components: {port: 0, domains: [{domain: echo.localhost, secret: s3cr3t-of-echo}]}\n";

    /// What is for the former domain of the component goes to it.
    private static final RouteRule OLD_NAME = new RouteRule(Pattern.compile("old\\.example"), ECHO);

    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final String OWNER = "sm.0@n1";

    final FakeMembership membership = new FakeMembership("n1");
    final ServiceRegistry services = new ServiceRegistry(membership);
    final ComponentParts parts;

    /// Whether the owner of the accounts takes over what it is sent.
    volatile boolean accepting = true;

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<SessionEvent> events = new LinkedBlockingQueue<>();
    private final List<TestComponent> connected = new ArrayList<>();
    private final Bus bus;
    private final ComponentVerticle verticle;
    private String deployment;
    private long number;

    /// @param yaml the gateway's section
    TestGateway(String yaml) throws Exception {
        bus = new Bus(vertx, membership);
        SlotTable slots = new SlotTable(membership);
        ConfigFile file = ConfigFile.of(yaml, Path.of(""));
        Settings settings = file.root();
        parts = new ComponentParts(
                ComponentsConfig.read(settings.section("components")),
                PeerLimits.read(settings.section("limits")),
                StreamTimeouts.read(settings.section("timeouts")),
                Backoff.Rule.read(settings.section("retry")),
                settings.duration("drain", Duration.ofSeconds(2)),
                "test",
                bus,
                slots,
                new Router(Set.of("localhost"), slots, services, List.of(OLD_NAME)),
                services,
                new Admission(0, 0),
                null,
                new ComponentMetrics(new SimpleMeterRegistry()));
        verticle = new ComponentVerticle(parts);
        assertThat(file.errors()).isEmpty();
        get(bus.consume("sm.0", SessionEvent.Batch.class, this::receive).completion());
        deployment = get(vertx.deployVerticle(verticle));
        slots.claimed(new SlotClaim(
                OWNER,
                0,
                IntStream.range(0, SlotTable.SLOTS).boxed().collect(Collectors.toMap(slot -> slot, _ -> 1L))));
    }

    static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    // ---- the owner of the accounts ----

    private void receive(SessionEvent.Batch batch) {
        for (SessionEvent event : batch.events()) {
            events.add(event);
            if (accepting && event instanceof SessionEvent.Inbound inbound) {
                accept(inbound);
            }
        }
    }

    void accept(SessionEvent.Inbound inbound) {
        if (inbound.replyTo() != null) {
            bus.send(
                    inbound.replyTo(),
                    new SessionEvent.Batch(List.of(new SessionEvent.Accepted(
                            inbound.sender(),
                            inbound.origin(),
                            inbound.epoch(),
                            inbound.stanza().isPresence() ? inbound.stanza().type() : null))));
        }
    }

    /// The next event of a kind; others before it are forgotten.
    <E extends SessionEvent> E next(Class<E> kind) throws InterruptedException {
        while (true) {
            SessionEvent event = events.poll(10, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("the owner was not sent a " + kind.getSimpleName());
            }
            if (kind.isInstance(event)) {
                return kind.cast(event);
            }
        }
    }

    /// The next stanza for an account.
    Stanza stanza() throws InterruptedException {
        return next(SessionEvent.Inbound.class).stanza();
    }

    /// What has come for the owner and was not asked for.
    List<SessionEvent> rest() {
        List<SessionEvent> rest = new ArrayList<>();
        events.drainTo(rest);
        return rest;
    }

    // ---- stanzas for components ----

    /// Romeo's owner sends a message, and keeps it until it is accepted.
    ///
    /// @return its number
    long says(String to, String body) {
        number++;
        send(number, message(to, body), false);
        return number;
    }

    /// The same message once more.
    void saysAgain(long sent, String to, String body) {
        send(sent, message(to, body), true);
    }

    /// A message of which nobody keeps a copy.
    void mentions(String to, String body) {
        SessionEvent.Inbound inbound = new SessionEvent.Inbound(message(to, body), null, null, null, false);
        bus.send("domain:" + ECHO + "@n1", new SessionEvent.Batch(List.of(inbound)));
    }

    /// What another process that answers for the component is sent.
    BlockingQueue<SessionEvent> sentToOther() throws Exception {
        BlockingQueue<SessionEvent> sent = new LinkedBlockingQueue<>();
        get(vertx.eventBus()
                .<SessionEvent.Batch>consumer(
                        "domain:" + ECHO + "@n2",
                        message -> sent.addAll(message.body().events()))
                .completion());
        return sent;
    }

    private static Stanza message(String to, String body) {
        return Stanza.message(StanzaType.CHAT, ROMEO, Jid.of(to), Element.text("body", Namespaces.CLIENT, body));
    }

    private void send(long sent, Stanza stanza, boolean retry) {
        SessionEvent.Inbound inbound = new SessionEvent.Inbound(stanza, new Origin(3, sent), OWNER, ROMEO, retry, 0, 0);
        bus.send("domain:" + ECHO + "@n1", new SessionEvent.Batch(List.of(inbound)));
    }

    // ---- components ----

    int port() {
        return verticle.actualPort();
    }

    /// A connection on which nothing has been said.
    TestComponent connect() {
        TestComponent component = new TestComponent(port());
        connected.add(component);
        return component;
    }

    /// A component that has shown that it knows the secret.
    TestComponent join() throws Exception {
        TestComponent component = connect();
        component.join(ECHO, SECRET);
        awaitServed(true);
        return component;
    }

    /// Waits until the component's domain is found by everybody, or by nobody.
    void awaitServed(boolean served) {
        Awaitility.await().until(() -> isServed() == served && domains().isEmpty() != served);
    }

    boolean isServed() {
        return !membership.view().serving("domain:" + ECHO).isEmpty();
    }

    /// Whether this process is one of those that answer the domain.
    boolean isServing() {
        return membership.view().serving("domain:" + ECHO).contains("domain:" + ECHO + "@n1");
    }

    /// What is announced of domains.
    List<ServedDomain> domains() {
        return services.living().stream()
                .flatMap(service -> service.domains().stream())
                .toList();
    }

    /// From now on another process answers for the component, and has a stream with it or waits for one.
    void otherServes(boolean connected) {
        ServiceDescriptor answers = ServiceDescriptor.internal(ECHO, "test", false)
                .withDomains(List.of(new ServedDomain(ECHO, "component", "generic", ECHO)));
        ServiceDescriptor hasStream = ServiceDescriptor.internal("connected:" + ECHO, "test", false);
        List<ServiceDescriptor> services = connected ? List.of(answers, hasStream) : List.of(answers);
        membership.others(new Member(new NodeId("n2"), "test", services, Set.of("domain:" + ECHO), false));
    }

    void isolated(boolean cutOff) {
        verticle.isolated(cutOff);
    }

    /// The process stops.
    void stop() throws Exception {
        String stopping = deployment;
        deployment = "";
        get(vertx.undeploy(stopping));
    }

    @Override
    public void close() throws Exception {
        connected.forEach(TestComponent::close);
        if (!deployment.isEmpty()) {
            stop();
        }
        get(vertx.close());
    }
}
