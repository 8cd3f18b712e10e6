package im.stanzabus.cluster.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import im.stanzabus.bus.Member;
import im.stanzabus.bus.NodeId;
import im.stanzabus.cluster.SimulatedMembership;
import im.stanzabus.storage.Database;
import im.stanzabus.storage.DatabaseConfig;
import im.stanzabus.storage.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NodeHeartbeatTest {
    private static final Duration SOON = Duration.ofSeconds(8);

    private final Vertx vertx = Vertx.vertx();
    private DatabaseConfig config;
    private Database database;

    @BeforeEach
    void open() throws Exception {
        config = get(TestDatabase.freshConfig(vertx));
        database = get(Database.open(vertx, config));
    }

    @AfterEach
    void close() throws Exception {
        get(database.close());
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /// What a process sees: itself and others.
    private static SimulatedMembership membership(String self, String... others) {
        SimulatedMembership membership = new SimulatedMembership(new NodeId(self), Set.of());
        for (String other : others) {
            membership.see(member(other));
        }
        return membership;
    }

    private static Member member(String name) {
        return new Member(new NodeId(name), "test", List.of(), Set.of(), false);
    }

    private static BusNode node(String name, String cluster, int protocol) {
        return new BusNode(new NodeId(name), cluster, "127.0.0.1:1", "1." + protocol, protocol);
    }

    private NodeHeartbeat enter(BusNode node) throws Exception {
        return get(NodeHeartbeat.enter(vertx, config, node));
    }

    private List<String> living() throws Exception {
        return get(database.pool()
                        .query("SELECT node FROM bus_node WHERE bus_lives(seen_at) ORDER BY node")
                        .execute())
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }

    @Test
    void livesWhileItBeatsAndIsGoneWhenItLeaves() throws Exception {
        NodeHeartbeat a = enter(node("a", "x", 1));
        a.joined(membership("a"), "127.0.0.1:5701");
        NodeHeartbeat b = enter(node("b", "x", 1));

        assertThat(b.others()).extracting(other -> other.node().name()).containsExactly("a");
        assertThat(b.installation()).isEqualTo(a.installation()).hasSize(36);
        await().pollDelay(Duration.ofSeconds(3))
                .atMost(SOON)
                .untilAsserted(() -> assertThat(living()).containsExactly("a", "b"));
        get(a.leave());
        get(a.leave());
        assertThat(living()).containsExactly("b");
        get(b.leave());
    }

    @Test
    void tellsWhereOthersJoinIt() throws Exception {
        NodeHeartbeat a = enter(node("a", "x", 1));
        a.joined(membership("a"), "10.0.0.1:5701");

        await().atMost(SOON).untilAsserted(() -> {
            NodeTable.Others others = get(NodeTable.enter(database.pool(), node("b", "x", 1)));
            assertThat(others.fitting()).extracting(BusNode::address).containsExactly("10.0.0.1:5701");
        });
        get(a.leave());
    }

    private void assertRefused(BusNode late, String message) {
        assertThatThrownBy(() -> enter(late))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(DatabaseInUse.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesWhatDoesNotGoTogetherWithTheLiving() throws Exception {
        NodeHeartbeat a = enter(node("a", "x", 1));

        assertRefused(node("b", "", 1), "in use by another Stanzabus process, a of cluster 'x'; set cluster.join");
        assertRefused(node("b", "y", 1), "a of cluster 'x', and cluster.name here is 'y'");
        assertRefused(node("b", "x", 2), "a of version 1.1, which speaks protocol 1; this version, 1.2,");
        assertThat(living()).containsExactly("a");
        get(a.leave());

        NodeHeartbeat alone = enter(node("c", "", 1));
        assertRefused(node("b", "x", 1), "c, which is alone");
        assertRefused(node("b", "", 1), "in use by another Stanzabus process, c; set cluster.join");
        get(alone.leave());
    }

    @Test
    void waitsForAProcessThatWasKilledAMomentAgo() throws Exception {
        get(NodeTable.enter(database.pool(), node("killed", "", 1)));

        get(enter(node("a", "", 1)).leave());
    }

    @Test
    void ofTwoThatComeAtOnceAndWantToBeAloneOneComes() throws Exception {
        Future<NodeHeartbeat> a = NodeHeartbeat.enter(vertx, config, node("a", "", 1));
        Future<NodeHeartbeat> b = NodeHeartbeat.enter(vertx, config, node("b", "", 1));
        await().atMost(Duration.ofSeconds(20)).until(() -> a.isComplete() && b.isComplete());

        assertThat(a.succeeded()).isNotEqualTo(b.succeeded());
        get((a.succeeded() ? a : b).result().leave());
    }

    @Test
    void theLowerSideOfASplitIsIsolatedUntilItIsOver() throws Exception {
        SimulatedMembership eyesOfA = membership("a", "b");
        SimulatedMembership eyesOfB = membership("b", "a");
        NodeHeartbeat a = enter(node("a", "x", 1));
        a.joined(eyesOfA, "");
        NodeHeartbeat b = enter(node("b", "x", 1));
        b.joined(eyesOfB, "");
        List<Boolean> told = new CopyOnWriteArrayList<>();
        b.isolation().listen(told::add);

        eyesOfA.lose(new NodeId("b"));
        eyesOfB.lose(new NodeId("a"));
        await().atMost(SOON).until(b.isolation()::isolated);
        assertThat(b.isolation().reason()).contains("does not see a");
        assertThat(a.isolation().isolated()).isFalse();
        eyesOfA.see(member("b"));
        eyesOfB.see(member("a"));
        await().atMost(SOON).until(() -> !b.isolation().isolated());

        assertThat(told).containsExactly(true, false);
        get(a.leave());
        get(b.leave());
    }

    @Test
    void whoHasNotJoinedYetIsNotIsolated() throws Exception {
        NodeHeartbeat a = enter(node("a", "x", 1));
        a.joined(membership("a"), "");
        NodeHeartbeat joining = enter(node("b", "x", 1));

        await().during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(7))
                .until(() -> !joining.isolation().isolated() && !a.isolation().isolated());
        get(a.leave());
        get(joining.leave());
    }

    @Test
    void aLostMemberThatIsDeadIsolatesNobody() throws Exception {
        SimulatedMembership eyes = membership("b", "a");
        get(NodeTable.enter(database.pool(), node("a", "x", 1)));
        NodeHeartbeat b = enter(node("b", "x", 1));
        b.joined(eyes, "");
        eyes.lose(new NodeId("a"));

        await().during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(7))
                .until(() -> !b.isolation().isolated());
        get(b.leave());
    }
}
