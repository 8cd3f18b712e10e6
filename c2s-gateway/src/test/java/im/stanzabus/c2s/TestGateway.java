package im.stanzabus.c2s;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.api.StanzaIds;
import im.stanzabus.bus.testing.FakeMembership;
import im.stanzabus.cluster.testing.CutOff;
import im.stanzabus.cluster.testing.MemoryLeases;
import im.stanzabus.launcher.Listening;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.ServiceModule.RunningService;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.stream.tls.TlsEngine;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// A gateway on free ports with a local bus, on which a {@link FakeAuth} and a {@link FakeOwner} answer.
final class TestGateway implements AutoCloseable {
    static final String ALPHA = "alpha.test";
    static final String BETA = "beta.test";

    final FakeMembership membership;
    final CutOff cutOff = new CutOff();
    final SlotTable slots;
    final Bus bus;
    final FakeAuth auth;
    final FakeOwner owner;
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final Path folder;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final RunningService service;
    private final List<TestClient> clients = new ArrayList<>();
    private boolean stopped;
    private long epoch;
    private int owners;

    /// For the gateway's section.
    static String with(TlsEngine engine) {
        return "tls-engine: " + engine.name().toLowerCase(Locale.ROOT) + "\n";
    }

    /// @param yaml the gateway's section, without ports
    TestGateway(String yaml, VirtualHost... hosts) throws Exception {
        folder = Files.createTempDirectory("c2s");
        membership = new FakeMembership("test");
        bus = new Bus(vertx, membership);
        slots = new SlotTable(membership);
        ServiceRegistry services = new ServiceRegistry(membership);
        auth = new FakeAuth(bus);
        owner = new FakeOwner(bus, "sm.0");
        Files.createDirectories(folder.resolve("certs"));
        String section = "c2s-gateway:\n  host: 127.0.0.1\n  port: 0\n  certificates: certs\n" + yaml.indent(2);
        ConfigFile file = ConfigFile.of(
                section.contains("direct-tls:") ? section : section + "  direct-tls: {port: 0}\n", folder);
        C2sModule module = new C2sModule();
        C2sConfig config = module.configure(file.root().section("c2s-gateway"));
        if (!file.errors().isEmpty()) {
            throw new IllegalArgumentException(file.errors().toString());
        }
        List<VirtualHost> served = hosts.length > 0
                ? List.of(hosts)
                : List.of(new VirtualHost(ALPHA, false, false, true, true, Duration.ZERO), VirtualHost.of(BETA));
        ServiceContext context = new ServiceContext(
                "test",
                bus,
                services,
                slots,
                new MemoryLeases(),
                cutOff.isolation(),
                new Router(java.util.Set.of(ALPHA, BETA), slots, services),
                served,
                null,
                8,
                StanzaIds.newKey(),
                metrics,
                folder,
                ServiceContext::poolOnly);
        claimUntilKnown();
        service = result(module.start(config, context));
    }

    /// Claims are passed on by members that live, and the owner is one when its address is.
    private void claimUntilKnown() {
        Awaitility.await().until(() -> {
            claim(owner, 0);
            return owner.address().equals(slots.ownerOf(0));
        });
    }

    /// Has an owner claim all accounts.
    ///
    /// @param round 0 where no answer is wanted
    void claim(FakeOwner claimant, long round) {
        claim(claimant.address(), round);
    }

    void claim(String claimant, long round) {
        long next = ++epoch;
        slots.claimed(new SlotClaim(
                claimant,
                round,
                IntStream.range(0, SlotTable.SLOTS).boxed().collect(Collectors.toMap(slot -> slot, _ -> next))));
    }

    /// Another owner, that claims all accounts.
    FakeOwner successor(long round) {
        FakeOwner successor = silentOwner();
        claim(successor, round);
        return successor;
    }

    /// From now on this process believes that another one has a gateway, too.
    void addGateway() {
        membership.others(FakeMembership.member("other", "c2s.0"));
    }

    /// Another owner, that claims nothing.
    FakeOwner silentOwner() {
        FakeOwner owned = new FakeOwner(bus, "sm." + ++owners);
        String address = owned.address();
        Awaitility.await().until(() -> membership.view().servingAll("sm.", true).contains(address));
        return owned;
    }

    static TestGateway plain() throws Exception {
        return new TestGateway("starttls: optional\n");
    }

    static TestGateway plain(String yaml) throws Exception {
        return new TestGateway("starttls: optional\n" + yaml);
    }

    static <T> T result(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    int port() {
        return ((Listening) service).ports().get("port");
    }

    int directTlsPort() {
        return ((Listening) service).ports().get("direct-tls.port");
    }

    Vertx vertx() {
        return vertx;
    }

    /// A client with an open connection and nothing sent.
    TestClient connect() throws IOException {
        return track(new TestClient(port()));
    }

    TestClient track(TestClient client) {
        clients.add(client);
        return client;
    }

    /// A client that has logged in over plain text.
    TestClient login(String user) throws IOException {
        TestClient client = connect();
        client.login(user, ALPHA);
        return client;
    }

    /// A client with a bound resource.
    TestClient bound(String user, String resource) throws Exception {
        TestClient client = login(user);
        client.bind(resource);
        owner.connected(client, user + "@" + ALPHA + "/" + resource);
        return client;
    }

    double count(String name, String... tags) {
        return metrics.get(name).tags(tags).counter().count();
    }

    double gauge(String name) {
        return metrics.get(name).gauge().value();
    }

    Future<Void> stop() {
        stopped = true;
        return service.stop();
    }

    @Override
    public void close() throws Exception {
        for (TestClient client : clients) {
            client.close();
        }
        if (!stopped) {
            result(stop());
        }
        result(vertx.close());
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
