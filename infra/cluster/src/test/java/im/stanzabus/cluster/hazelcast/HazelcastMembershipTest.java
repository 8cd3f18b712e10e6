package im.stanzabus.cluster.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.View;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class HazelcastMembershipTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<HazelcastMembership> members = new ArrayList<>();
    private final List<Vertx> vertxes = new ArrayList<>();
    private int first;
    private int second;

    @BeforeEach
    void choosePorts() throws IOException {
        first = freePort();
        second = freePort();
    }

    @AfterEach
    void leave() throws Exception {
        for (Vertx vertx : vertxes) {
            get(vertx.close());
        }
        members.forEach(HazelcastMembership::die);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private JoinSettings settings(String node, int port) {
        return new JoinSettings(
                JoinSettings.Way.SEEDS,
                "test-" + first,
                new NodeId(node),
                "1.0",
                1,
                "installation",
                "127.0.0.1",
                "",
                port,
                List.of("127.0.0.1:" + first, "localhost:" + second),
                List.of(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3));
    }

    private static JoinSettings other(JoinSettings settings, String cluster, int protocol, String installation) {
        return new JoinSettings(
                settings.way(),
                cluster,
                settings.node(),
                settings.version(),
                protocol,
                installation,
                settings.host(),
                settings.publicHost(),
                settings.port(),
                settings.seeds(),
                settings.known(),
                settings.patience(),
                settings.deadAfter());
    }

    private HazelcastMembership join(JoinSettings settings) {
        HazelcastMembership membership = HazelcastMembership.join(settings);
        members.add(membership);
        return membership;
    }

    private HazelcastMembership join(String node, int port) {
        return join(settings(node, port));
    }

    private Bus bus(HazelcastMembership membership) throws Exception {
        VertxOptions options = new VertxOptions()
                .setEventBusOptions(
                        new EventBusOptions().setHost("127.0.0.1").setClusterPublicHost(membership.publicHost()));
        Vertx vertx = get(Vertx.builder()
                .with(options)
                .withClusterManager(membership.clusterManager())
                .buildClustered());
        vertxes.add(vertx);
        return new Bus(vertx, membership);
    }

    private static List<String> nodes(View view) {
        return view.members().stream().map(member -> member.node().name()).toList();
    }

    private static void awaitNodes(HazelcastMembership membership, String... names) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(nodes(membership.view())).containsExactly(names));
    }

    @Test
    void whoJoinsKnowsEverybodyAndIsKnown() {
        HazelcastMembership a = join("a", first);
        a.offer("log");
        HazelcastMembership b = join("b", second);

        assertThat(nodes(b.view())).containsExactly("a", "b");
        assertThat(b.view().serving("log")).containsExactly("log@a");
        HazelcastMembership c = join("c", 0);
        assertThat(nodes(c.view())).containsExactly("a", "b", "c");
        awaitNodes(a, "a", "b", "c");
        awaitNodes(b, "a", "b", "c");
    }

    @Test
    void whatIsServedIsKnownEverywhereAndTakenBackEverywhere() {
        HazelcastMembership a = join("a", first);
        HazelcastMembership b = join("b", second);
        ServiceDescriptor service = ServiceDescriptor.internal("echo", "1", false);

        b.offer("sm.0");
        b.announce(service);
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(a.view().serving("sm.0")).containsExactly("sm.0@b");
            assertThat(a.view().member(new NodeId("b")).services()).containsExactly(service);
        });
        b.leaving();
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(a.view().serving("sm.0")).isEmpty();
            assertThat(a.view().servingAll("sm.", true)).containsExactly("sm.0@b");
        });
        b.retract("sm.0");
        b.withdraw(service);
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(a.view().servingAll("sm.", true)).isEmpty();
            assertThat(a.view().member(new NodeId("b")).services()).isEmpty();
        });
    }

    @Test
    void whoLeavesOrDiesVanishesWithWhatItServed() {
        HazelcastMembership a = join("a", first);
        HazelcastMembership b = join("b", second);
        HazelcastMembership c = join("c", 0);
        b.offer("log");
        c.offer("log");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(a.view().serving("log")).containsExactly("log@b", "log@c"));

        b.die();
        awaitNodes(a, "a", "c");
        assertThat(a.view().serving("log")).containsExactly("log@c");
        c.leave();
        awaitNodes(a, "a");
    }

    @Test
    void everyListenerHearsOfEveryViewInOrder() {
        HazelcastMembership a = join("a", first);
        List<Integer> heard = new CopyOnWriteArrayList<>();
        a.listen(view -> {
            int names = view.servingAll("n", true).size();
            if (names < 20) {
                a.offer("n" + names);
            }
        });
        a.listen(view -> heard.add(view.servingAll("n", true).size()));

        a.offer("n0");
        a.offer("n1");

        await().atMost(SOON).untilAsserted(() -> assertThat(heard).endsWith(20));
        assertThat(heard).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void questionsAndMessagesCrossTheBus() throws Exception {
        Bus a = bus(join("a", first));
        Bus b = bus(join("b", second));
        List<Purge> received = new CopyOnWriteArrayList<>();
        Purge purge = new Purge(Jid.of("romeo@localhost"));
        get(b.serve("purge", Purge.class, _ -> Future.succeededFuture(Done.DONE))
                .completion());
        get(b.consume("sink", Purge.class, received::add).completion());
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(a.membership().view().serving("purge")).containsExactly("purge@b"));

        assertThat(get(a.request("purge", purge, Done.class))).isEqualTo(Done.DONE);
        a.send(Addresses.at("sink", b.self()), purge);
        await().atMost(SOON).untilAsserted(() -> assertThat(received).containsExactly(purge));
    }

    @Test
    void aQuestionGoesToAnotherInstanceWhenOneDies() throws Exception {
        Bus a = bus(join("a", first));
        HazelcastMembership dying = join("b", second);
        Bus b = bus(dying);
        Bus c = bus(join("c", 0));
        get(b.serve("purge", Purge.class, _ -> {
                    dying.die();
                    return Future.<Done>future(_ -> {});
                })
                .completion());
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(a.membership().view().serving("purge")).hasSize(1));
        Future<Done> answer = a.request("purge", new Purge(Jid.of("romeo@localhost")), Done.class);
        get(c.serve("purge", Purge.class, _ -> Future.succeededFuture(Done.DONE))
                .completion());

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(a.membership().view().has(new NodeId("b"))).isFalse());
        await().atMost(SOON).until(answer::isComplete);
        assertThat(get(a.request("purge", new Purge(Jid.of("romeo@localhost")), Done.class)))
                .isEqualTo(Done.DONE);
    }

    @Test
    void whoIsNoSeedAndFindsNoneDoesNotBeginACluster() {
        assertThatThrownBy(() -> join("c", 0))
                .isInstanceOf(CannotJoin.class)
                .hasMessage("the cluster 'test-%d' cannot be joined: none of 127.0.0.1:%d, localhost:%d answers within"
                                .formatted(first, first, second)
                        + " 2 s, and this process is none of them, so it may not begin a cluster itself");
    }

    @Test
    void aNameWithoutAddressesIsTold() {
        JoinSettings settings = settings("a", first);
        JoinSettings dns = new JoinSettings(
                JoinSettings.Way.DNS,
                settings.cluster(),
                settings.node(),
                settings.version(),
                1,
                settings.installation(),
                settings.host(),
                settings.publicHost(),
                settings.port(),
                List.of("no-such-host.invalid:" + first),
                List.of(),
                Duration.ofSeconds(2),
                settings.deadAfter());

        assertThatThrownBy(() -> join(dns))
                .isInstanceOf(CannotJoin.class)
                .hasMessageContaining("no-such-host.invalid:" + first + " has no addresses");
    }

    @Test
    void livingMembersThatAreKnownAreAsGoodAsSeeds() {
        HazelcastMembership a = join("a", first);
        JoinSettings settings = settings("c", 0);
        JoinSettings elsewhere = new JoinSettings(
                settings.way(),
                settings.cluster(),
                settings.node(),
                settings.version(),
                1,
                settings.installation(),
                settings.host(),
                settings.publicHost(),
                0,
                List.of("127.0.0.1:" + second),
                List.of(a.address()),
                settings.patience(),
                settings.deadAfter());

        assertThat(nodes(join(elsewhere).view())).containsExactly("a", "c");
    }

    @ParameterizedTest
    @CsvSource({"another, 1, installation", "same, 2, installation", "same, 1, another"})
    void aForeignClusterIsRefused(String name, int protocol, String installation) {
        HazelcastMembership a = join("a", first);
        String cluster = name.equals("same") ? "test-" + first : name;

        assertThatThrownBy(() -> join(other(settings("b", second), cluster, protocol, installation)))
                .isInstanceOf(CannotJoin.class)
                .hasMessage("at 127.0.0.1:%d there is a cluster that this process does not belong to: it has another"
                                .formatted(first)
                        + " database, another name than '" + cluster
                        + "', or a version that speaks another protocol than " + protocol);
        assertThat(nodes(a.view())).containsExactly("a");
    }

    @Test
    void aTakenPortIsTold() throws IOException {
        try (ServerSocket taken = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> join("a", taken.getLocalPort()))
                    .isInstanceOf(CannotJoin.class)
                    .hasMessageContaining("cluster.port " + first + " at cluster.host 127.0.0.1 cannot be listened on");
        }
    }
}
