package im.stanzabus.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.cluster.testing.MemoryLeases;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.BitSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The keeper on a real bus, with real time.
@Timeout(60)
class SlotKeeperTest {
    private final Vertx vertx = Vertx.vertx();
    private final LocalMembership membership = new LocalMembership(new NodeId("n1"), "test");
    private final Bus bus = new Bus(vertx, membership);
    private final SlotTable table = new SlotTable(membership);
    private final MemoryLeases leases = new MemoryLeases();

    @AfterEach
    void stop() throws Exception {
        get(vertx.close());
    }

    @Test
    void aloneItOwnsEverythingAndGivesItBackWhenItLeaves() throws Exception {
        Tenant tenant = new Tenant(leases, 0);
        membership.offer("sm.0");
        get(tenant.keeper.start());
        assertThat(tenant.open()).isEqualTo(SlotTable.SLOTS);
        assertThat(table.slotsOf("sm.0@n1").cardinality()).isEqualTo(SlotTable.SLOTS);
        get(tenant.keeper.leave());
        assertThat(tenant.slots).isEmpty();
        assertThat(get(leases.held("sm.0@n1"))).isEmpty();

        Tenant next = new Tenant(leases, 1);
        membership.retract("sm.0");
        membership.offer("sm.1");
        get(next.keeper.start());
        assertThat(get(next.onContext(() -> next.keeper.epoch(7)))).isEqualTo(2);
    }

    @Test
    void partitionsShareWithoutMovingWhatTheyHaveWhenAllWereOfferedBefore() throws Exception {
        membership.offer("sm.0");
        membership.offer("sm.1");
        Tenant first = new Tenant(leases, 0);
        Tenant second = new Tenant(leases, 1);
        get(Future.all(first.keeper.start(), second.keeper.start()));
        assertThat(first.open() + second.open()).isEqualTo(SlotTable.SLOTS);
        BitSet both = table.slotsOf("sm.0@n1");
        both.and(table.slotsOf("sm.1@n1"));
        assertThat(both.isEmpty()).isTrue();
        assertThat(get(leases.held("sm.0@n1")))
                .hasSize(first.open())
                .allSatisfy((_, epoch) -> assertThat(epoch).isEqualTo(1));
    }

    @Test
    void aNewPartitionGetsItsShareFromTheOther() throws Exception {
        membership.offer("sm.0");
        Tenant first = new Tenant(leases, 0);
        get(first.keeper.start());
        membership.offer("sm.1");
        Tenant second = new Tenant(leases, 1);
        get(second.keeper.start());
        while (first.open() + second.open() < SlotTable.SLOTS || second.open() == 0) {
            assertThat(second.changes.poll(20, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(first.open()).isBetween(400, 624);
    }

    @Test
    void aGatewayIsWaitedFor() throws Exception {
        BlockingQueue<SlotClaim> claims = new LinkedBlockingQueue<>();
        table.listen(claims::add);
        membership.offer("sm.0");
        membership.offer(Addresses.gateway(0));
        Tenant tenant = new Tenant(leases, 0);
        Future<Void> started = tenant.keeper.start();
        SlotClaim claim = claims.poll(20, TimeUnit.SECONDS);
        assertThat(claim).isNotNull();
        assertThat(tenant.open()).isZero();
        SessionEvent.Announced answer = new SessionEvent.Announced("c2s.0@n1", claim.round());
        get(tenant.onContext(() -> {
            tenant.keeper.announced(answer);
            return answer;
        }));
        get(started);
        assertThat(tenant.open()).isEqualTo(SlotTable.SLOTS);
    }

    @Test
    void leasesThatCannotBeReachedAreTriedAgain() throws Exception {
        AtomicInteger failures = new AtomicInteger(3);
        Leases broken = new Leases() {
            @Override
            public Future<Map<Integer, Long>> claim(String owner, Set<Integer> slots) {
                return failures.getAndDecrement() > 0 ? away() : leases.claim(owner, slots);
            }

            @Override
            public Future<Void> release(String owner, Set<Integer> slots) {
                return leases.release(owner, slots);
            }

            @Override
            public Future<Map<Integer, Long>> held(String owner) {
                return failures.getAndDecrement() > 0 ? away() : leases.held(owner);
            }

            private Future<Map<Integer, Long>> away() {
                return Future.failedFuture(new IllegalStateException("the database is away"));
            }
        };
        membership.offer("sm.0");
        Tenant tenant = new Tenant(broken, 0);
        get(tenant.keeper.start());
        assertThat(tenant.open()).isEqualTo(SlotTable.SLOTS);
    }

    @Test
    void aStaleOwnerFindsOutWhenItSuspects() throws Exception {
        membership.offer("sm.0");
        Tenant tenant = new Tenant(leases, 0);
        get(tenant.keeper.start());
        leases.died("sm.0@n1");
        get(leases.claim("sm.0@n2", Set.of(7)));
        tenant.changes.clear();
        get(tenant.onContext(() -> {
            tenant.keeper.suspect();
            return 7;
        }));
        while (tenant.slots.containsKey(7) || tenant.open() < SlotTable.SLOTS - 1) {
            assertThat(tenant.changes.poll(20, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(get(tenant.onContext(() -> tenant.keeper.epoch(8)))).isEqualTo(2);
    }

    @Test
    void whoNeverWasAbleToStartMayLeave() throws Exception {
        Tenant tenant = new Tenant(leases, 0);
        Future<Void> started = tenant.keeper.start();
        get(tenant.keeper.leave());
        get(started);
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /// Knows of each slot whether it is open.
    private final class Tenant implements SlotTenant {
        final Map<Integer, Boolean> slots = new ConcurrentHashMap<>();
        final BlockingQueue<String> changes = new LinkedBlockingQueue<>();
        final Context context = vertx.getOrCreateContext();
        final SlotKeeper keeper;

        Tenant(Leases from, int partition) {
            String address = Addresses.at(Addresses.sessions(partition), bus.self());
            keeper = new SlotKeeper(bus, context, table, from, address, this);
        }

        int open() {
            return (int) slots.values().stream().filter(open -> open).count();
        }

        <T> Future<T> onContext(java.util.function.Supplier<T> what) {
            io.vertx.core.Promise<T> done = io.vertx.core.Promise.promise();
            context.runOnContext(_ -> done.complete(what.get()));
            return done.future();
        }

        @Override
        public void claimed(Set<Integer> taken) {
            taken.forEach(slot -> assertThat(slots.put(slot, false)).isNull());
            changes.add("claimed");
        }

        @Override
        public void opened(Set<Integer> taken) {
            taken.forEach(slot -> assertThat(slots.put(slot, true)).isFalse());
            changes.add("opened");
        }

        @Override
        public Future<Void> closing(Set<Integer> given) {
            given.forEach(slot -> slots.put(slot, false));
            changes.add("closing");
            return Future.succeededFuture();
        }

        @Override
        public void lost(Set<Integer> given) {
            slots.keySet().removeAll(given);
            changes.add("lost");
        }
    }
}
