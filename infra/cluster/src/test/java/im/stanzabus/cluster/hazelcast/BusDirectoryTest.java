package im.stanzabus.cluster.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.DistributedObject;
import com.hazelcast.core.Hazelcast;
import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.NodeId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BusDirectoryTest {
    private static final NodeInfo HERE = new NodeInfo("127.0.0.1", 4001, null);
    private static final NodeInfo THERE = new NodeInfo("127.0.0.1", 4002, null);
    private static final String ADDRESS = Addresses.at("sm.0", new NodeId("there"));

    private final List<RegistrationUpdateEvent> updates = new CopyOnWriteArrayList<>();
    private HazelcastMembership here;
    private HazelcastMembership there;
    private BusDirectory directory;
    private BusDirectory other;

    @BeforeEach
    void join() throws IOException {
        SeededCluster cluster = SeededCluster.onAFreePort();
        here = cluster.first("here", "1.0");
        there = cluster.another("there", "1.0");
        directory = directory(here);
        other = directory(there);
    }

    @AfterEach
    void leave() {
        here.die();
        there.die();
    }

    private BusDirectory directory(HazelcastMembership membership) {
        BusDirectory made = (BusDirectory) membership.clusterManager();
        made.registrationListener(new RegistrationListener() {
            @Override
            public void registrationsUpdated(RegistrationUpdateEvent event) {
                updates.add(event);
            }
        });
        assertThat(made.isActive()).isFalse();
        assertThat(done(made::join)).succeedsWithin(Duration.ZERO);
        assertThat(made.isActive()).isTrue();
        return made;
    }

    private static <T> Future<T> of(Consumer<Promise<T>> call) {
        Promise<T> promise = Promise.promise();
        call.accept(promise);
        return promise.future();
    }

    private static CompletableFuture<Void> done(Consumer<Promise<Void>> call) {
        return BusDirectoryTest.<Void>of(call).toCompletionStage().toCompletableFuture();
    }

    private Future<NodeInfo> place() {
        return of(promise -> directory.getNodeInfo("there", promise));
    }

    private List<RegistrationInfo> registrations() {
        return BusDirectoryTest.<List<RegistrationInfo>>of(promise -> directory.getRegistrations(ADDRESS, promise))
                .result();
    }

    private void bothAreReached() {
        done(promise -> directory.setNodeInfo(HERE, promise));
        done(promise -> other.setNodeInfo(THERE, promise));
        await().until(() -> place().succeeded());
    }

    @Test
    void whoHasNotSaidWhereItIsServesNothing() {
        assertThat(place().failed()).isTrue();
        assertThat(registrations()).isEmpty();

        bothAreReached();

        assertThat(place().result().port()).isEqualTo(THERE.port());
        assertThat(registrations()).containsExactly(new RegistrationInfo("there", 0, false));
        assertThat(directory.getNodeInfo()).isSameAs(HERE);
        assertThat(directory.getNodeId()).isEqualTo("here");
        assertThat(directory.getNodes()).containsExactly("here", "there");
    }

    /// Vert.x keeps what it was told, and processes come and go.
    @Test
    void whatWasToldOfAMemberIsTakenBackWhenItIsGone() {
        bothAreReached();
        registrations();
        registrations();

        there.die();

        await().untilAsserted(() -> assertThat(updates).hasSize(1));
        assertThat(updates.getFirst().address()).isEqualTo(ADDRESS);
        assertThat(updates.getFirst().registrations()).isEmpty();
        assertThat(registrations()).isEmpty();
        assertThat(place().failed()).isTrue();
    }

    /// What is kept in partitions may be out of reach while they move, and be lost when a split heals.
    @Test
    void nothingIsKeptInTheCluster() {
        RegistrationInfo registration = new RegistrationInfo("here", 1, false);
        assertThat(done(promise -> directory.addRegistration("sm.0@here", registration, promise)))
                .succeedsWithin(Duration.ZERO);
        bothAreReached();
        registrations();
        assertThat(done(promise -> directory.removeRegistration("sm.0@here", registration, promise)))
                .succeedsWithin(Duration.ZERO);

        assertThat(Hazelcast.getHazelcastInstanceByName("here").getDistributedObjects())
                .extracting(DistributedObject::getName)
                .containsExactly(MemberConfig.EXECUTOR);
        assertThatThrownBy(() -> directory.getSyncMap("map")).hasMessage("members share a bus, and nothing else");
    }
}
