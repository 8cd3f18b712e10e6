package im.stanzabus.cluster.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import im.stanzabus.bus.NodeId;
import im.stanzabus.storage.Database;
import im.stanzabus.storage.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PgLeasesTest {
    private static final String A = "sm.0@a";
    private static final String B = "sm.0@b";
    private static final Set<Integer> SLOTS = Set.of(1, 2, 3);

    private final Vertx vertx = Vertx.vertx();
    private Database database;
    private Isolation isolation;
    private PgLeases leases;

    @BeforeEach
    void open() throws Exception {
        database = get(TestDatabase.fresh(vertx));
        isolation = new Isolation();
        leases = new PgLeases(database.pool(), false, isolation);
        seen("a", 0);
        seen("b", 0);
    }

    @AfterEach
    void close() throws Exception {
        get(database.close());
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /// The process was seen so long ago, by PostgreSQL's clock.
    private void seen(String node, double secondsAgo) throws Exception {
        get(database.pool()
                .preparedQuery("INSERT INTO bus_node (node, cluster, address, version, protocol, seen_at)"
                        + " VALUES ($1, 'x', '', '1', 1, now() - $2 * interval '1 s')"
                        + " ON CONFLICT (node) DO UPDATE SET seen_at = excluded.seen_at")
                .execute(Tuple.of(node, secondsAgo)));
    }

    @Test
    void freeSlotsAreGrantedWithAHigherEpochEachTime() throws Exception {
        assertThat(get(leases.claim(A, SLOTS))).isEqualTo(Map.of(1, 1L, 2, 1L, 3, 1L));
        get(leases.release(A, Set.of(2)));
        assertThat(get(leases.claim(B, SLOTS))).isEqualTo(Map.of(2, 2L));
        assertThat(get(leases.held(A))).isEqualTo(Map.of(1, 1L, 3, 1L));
        assertThat(get(leases.held(B))).isEqualTo(Map.of(2, 2L));
        assertThat(get(leases.holders())).isEqualTo(Map.of(1, A, 2, B, 3, A));
    }

    @Test
    void whatIsHeldAlreadyKeepsItsEpoch() throws Exception {
        get(leases.claim(A, SLOTS));

        assertThat(get(leases.claim(A, Set.of(3, 4)))).isEqualTo(Map.of(3, 1L, 4, 1L));
        assertThat(get(leases.claim(A, Set.of()))).isEmpty();
    }

    @Test
    void aDeadProcessLosesItsSlotsAndALivingOneDoesNot() throws Exception {
        get(leases.claim(A, SLOTS));
        seen("a", 1.5);
        assertThat(get(leases.claim(B, SLOTS))).isEmpty();

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(get(leases.claim(B, SLOTS))).isEqualTo(Map.of(1, 2L, 2, 2L, 3, 2L)));
        assertThat(get(leases.held(A))).isEmpty();
    }

    @Test
    void aProcessThatLeftLosesItsSlotsAtOnce() throws Exception {
        get(leases.claim(A, SLOTS));
        get(database.pool().query("DELETE FROM bus_node WHERE node = 'a'").execute());

        assertThat(get(leases.claim(B, SLOTS))).containsOnlyKeys(1, 2, 3);
    }

    @Test
    void twoPartitionsOfOneProcessTakeNothingFromEachOther() throws Exception {
        get(leases.claim(A, SLOTS));
        seen("a", 10);

        assertThat(get(leases.claim("sm.1@a", SLOTS))).isEmpty();
    }

    @Test
    void releasingWhatAnotherHoldsDoesNothing() throws Exception {
        get(leases.claim(A, SLOTS));
        get(leases.release(B, SLOTS));
        get(leases.release("sm.1@a", SLOTS));

        assertThat(get(leases.held(A))).containsOnlyKeys(1, 2, 3);
        get(leases.releaseAll(new NodeId("a")));
        assertThat(get(leases.held(A))).isEmpty();
        assertThat(get(leases.claim(A, Set.of(1)))).isEqualTo(Map.of(1, 2L));
    }

    @Test
    void claimantsThatRaceShareTheSlotsWithoutOverlap() throws Exception {
        List<Future<Map<Integer, Long>>> claims = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            int remainder = i / 2;
            Set<Integer> wanted = IntStream.range(0, 1024)
                    .filter(slot -> slot % 8 == remainder || slot % 8 == (remainder + 3) % 8)
                    .boxed()
                    .collect(Collectors.toSet());
            claims.add(leases.claim(i % 2 == 0 ? A : B, wanted));
        }
        Set<Integer> grantedToA = new HashSet<>();
        Set<Integer> grantedToB = new HashSet<>();
        for (int i = 0; i < claims.size(); i++) {
            Map<Integer, Long> granted = get(claims.get(i));
            assertThat(granted.values()).allMatch(epoch -> epoch == 1);
            (i % 2 == 0 ? grantedToA : grantedToB).addAll(granted.keySet());
        }

        assertThat(grantedToA).noneMatch(grantedToB::contains);
        assertThat(grantedToA.size() + grantedToB.size()).isEqualTo(1024);
        assertThat(get(leases.held(A)).keySet()).isEqualTo(grantedToA);
        assertThat(get(leases.held(B)).keySet()).isEqualTo(grantedToB);
    }

    @Test
    void aProcessThatIsAloneTakesAtOnceWhatFormerOnesHeld() throws Exception {
        get(leases.claim(A, SLOTS));

        PgLeases alone = new PgLeases(database.pool(), true, isolation);
        assertThat(get(alone.claim("sm.0@c", SLOTS))).isEqualTo(Map.of(1, 2L, 2, 2L, 3, 2L));
        assertThat(get(alone.claim("sm.1@c", SLOTS))).isEmpty();
    }

    @Test
    void nothingIsGrantedToAnIsolatedProcess() throws Exception {
        isolation.set("cut off");
        assertThat(get(leases.claim(A, SLOTS))).isEmpty();
        isolation.set(null);
        assertThat(get(leases.claim(A, SLOTS))).containsOnlyKeys(1, 2, 3);
    }
}
