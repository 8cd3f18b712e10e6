package im.stanzabus.bus.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.Member;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.Route;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SessionEvent.Inbound;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.testing.FakeMembership;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OutgoingTest {
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid ROOM = Jid.of("verona@rooms.localhost");
    private static final Route ROOMS = new Route.Service("domain:rooms.localhost");
    private static final Route REMOTE = new Route.Remote("montague.example");
    private static final String NAME = "domain:rooms.localhost";

    private final FakeMembership membership = new FakeMembership("n1");
    private final Map<String, Member> members = new TreeMap<>();
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final AtomicLong nanos = new AtomicLong();
    private final List<String> told = new ArrayList<>();
    private Bus bus;
    private Outgoing<String> outgoing;

    @BeforeEach
    void start() {
        bus = new Bus(vertx, membership);
        outgoing = new Outgoing<>(bus, context, "sm.0@n1", nanos::get);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /// What arrives at an address.
    private BlockingQueue<Inbound> at(String address) {
        BlockingQueue<Inbound> arrived = new LinkedBlockingQueue<>();
        vertx.eventBus()
                .<SessionEvent.Batch>consumer(
                        address, message -> message.body().events().forEach(event -> arrived.add((Inbound) event)));
        return arrived;
    }

    private static Inbound next(BlockingQueue<Inbound> arrived) throws InterruptedException {
        Inbound next = arrived.poll(10, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    /// Runs on the context of the sender, all of a turn together.
    private void run(Runnable action) throws Exception {
        Future.<Void>future(promise -> context.runOnContext(_ -> {
                    action.run();
                    outgoing.flush();
                    promise.complete();
                }))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private boolean send(Route route, Jid to, long number) {
        Stanza stanza = Stanza.message(StanzaType.CHAT, ROMEO, to).withId("m" + number);
        return outgoing.send(
                route, new Parcel<>(stanza, new Origin(7, number), ROMEO, "romeo", new Told(number)), false);
    }

    private final class Told implements Parcel.Waiting {
        private final long number;

        Told(long number) {
            this.number = number;
        }

        @Override
        public void accepted() {
            told.add("accepted " + number);
        }

        @Override
        public void unreachable() {
            told.add("unreachable " + number);
        }

        @Override
        public void replaced() {
            told.add("replaced " + number);
        }
    }

    private void accept(long number, long epoch) throws Exception {
        run(() -> outgoing.accepted(new SessionEvent.Accepted(ROMEO, new Origin(7, number), epoch, null)));
    }

    private void join(String node, String... names) {
        members.put(node, FakeMembership.member(node, names));
        membership.others(members.values().toArray(Member[]::new));
    }

    private void leave(String node) {
        members.remove(node);
        membership.others(members.values().toArray(Member[]::new));
    }

    private void viewed() throws Exception {
        run(() -> outgoing.viewed(membership.view()));
    }

    @Test
    void aStanzaIsKeptUntilItIsAccepted() throws Exception {
        BlockingQueue<Inbound> rooms = at(NAME + "@n2");
        join("n2", NAME);
        run(() -> assertThat(send(ROOMS, ROOM, 1)).isTrue());
        Inbound inbound = next(rooms);
        assertThat(inbound.replyTo()).isEqualTo("sm.0@n1");
        assertThat(inbound.retry()).isFalse();
        assertThat(outgoing.size()).isOne();
        accept(1, 0);
        accept(1, 0);
        assertThat(told).containsExactly("accepted 1");
        assertThat(outgoing.size()).isZero();
    }

    @Test
    void whatAnInstanceHasNotAcceptedGoesToAnotherWhenItIsGone() throws Exception {
        BlockingQueue<Inbound> rooms = at(NAME + "@n2");
        join("n2", NAME);
        run(() -> {
            send(ROOMS, ROOM, 1);
            send(ROOMS, ROOM, 2);
            send(ROOMS, ROOM, 3);
        });
        assertThat(List.of(
                        next(rooms).previous(),
                        next(rooms).previous(),
                        next(rooms).previous()))
                .containsExactly(0L, 1L, 2L);
        accept(1, 0);
        BlockingQueue<Inbound> others = at(NAME + "@n3");
        join("n3", NAME);
        viewed();
        run(() -> send(ROOMS, ROOM, 4));
        assertThat(next(rooms).stanza().id())
                .as("it stays while something is on its way")
                .isEqualTo("m4");

        leave("n2");
        viewed();

        for (long[] expected : new long[][] {{2, 0}, {3, 2}, {4, 3}}) {
            Inbound again = next(others);
            assertThat(again.stanza().id()).isEqualTo("m" + expected[0]);
            assertThat(again.previous()).isEqualTo(expected[1]);
            assertThat(again.retry()).isTrue();
        }
        assertThat(rooms).isEmpty();
    }

    /// One that leaves in good order takes its name back.
    @Test
    void anInstanceThatTakesItsNameBackIsGone() throws Exception {
        at(NAME + "@n2");
        join("n2", NAME);
        run(() -> send(ROOMS, ROOM, 1));
        BlockingQueue<Inbound> others = at(NAME + "@n3");
        join("n3", NAME);
        join("n2");
        viewed();
        assertThat(next(others).stanza().id()).isEqualTo("m1");
    }

    @Test
    void whereNobodyServesTheReceiverNothingIsKept() throws Exception {
        run(() -> {
            assertThat(send(ROOMS, ROOM, 1)).isFalse();
            assertThat(outgoing.send(REMOTE, Stanza.message(StanzaType.CHAT, ROMEO, ROOM), null))
                    .isFalse();
        });
        assertThat(outgoing.size()).isZero();
        assertThat(told).isEmpty();
    }

    @Test
    void whatNobodyServesForLongIsGivenUp() throws Exception {
        at(NAME + "@n2");
        join("n2", NAME);
        run(() -> send(ROOMS, ROOM, 1));
        leave("n2");
        viewed();
        nanos.set(TimeUnit.SECONDS.toNanos(4));
        run(outgoing::sweep);
        assertThat(told).isEmpty();
        nanos.set(TimeUnit.SECONDS.toNanos(6));
        run(outgoing::sweep);
        assertThat(told).containsExactly("unreachable 1");
        assertThat(outgoing.size()).isZero();
    }

    /// Else it would be sent when somebody serves the receiver again, before what is sent anew.
    @Test
    void whatCameLaterIsGivenUpWithIt() throws Exception {
        at(NAME + "@n2");
        join("n2", NAME);
        run(() -> send(ROOMS, ROOM, 1));
        nanos.set(TimeUnit.SECONDS.toNanos(3));
        run(() -> send(ROOMS, ROOM, 2));
        leave("n2");
        viewed();
        nanos.set(TimeUnit.SECONDS.toNanos(6));
        run(outgoing::sweep);
        assertThat(told).containsExactly("unreachable 1", "unreachable 2");
        assertThat(outgoing.size()).isZero();
    }

    @Test
    void whoIsSilentIsSentItAgain() throws Exception {
        BlockingQueue<Inbound> rooms = at(NAME + "@n2");
        join("n2", NAME);
        run(() -> send(ROOMS, ROOM, 1));
        next(rooms);
        nanos.set(TimeUnit.SECONDS.toNanos(6));
        run(outgoing::sweep);
        assertThat(next(rooms).retry()).isTrue();
    }

    /// A gateway to other servers may try for half a minute before it can say anything.
    @Test
    void aGatewayIsGivenMoreTime() throws Exception {
        BlockingQueue<Inbound> gateway = at("s2s.0@n2");
        join("n2", "s2s.0");
        run(() -> send(REMOTE, Jid.of("tybalt@montague.example"), 1));
        next(gateway);
        nanos.set(TimeUnit.SECONDS.toNanos(35));
        run(outgoing::sweep);
        nanos.set(TimeUnit.SECONDS.toNanos(41));
        run(outgoing::sweep);
        assertThat(next(gateway).retry()).isTrue();
        assertThat(gateway).isEmpty();
    }

    @Test
    void allOfARemoteDomainGoesToOneGateway() throws Exception {
        List<BlockingQueue<Inbound>> gateways = List.of(at("s2s.0@n2"), at("s2s.1@n2"), at("s2s.0@n3"));
        join("n2", "s2s.0", "s2s.1");
        join("n3", "s2s.0");
        run(() -> {
            for (int i = 1; i <= 20; i++) {
                send(REMOTE, Jid.of("user" + i + "@montague.example"), i);
            }
        });
        BlockingQueue<Inbound> owner = null;
        for (BlockingQueue<Inbound> gateway : gateways) {
            Inbound first = gateway.poll(1, TimeUnit.SECONDS);
            if (first != null) {
                assertThat(owner).as("one owner").isNull();
                owner = gateway;
            }
        }
        assertThat(owner).isNotNull();
        for (int i = 2; i <= 20; i++) {
            assertThat(next(owner).stanza().id()).isEqualTo("m" + i);
        }
    }

    @Test
    void whatIsSentAnewTakesThePlaceOfWhatWasSent() throws Exception {
        BlockingQueue<Inbound> rooms = at(NAME + "@n2");
        join("n2", NAME);
        run(() -> {
            send(ROOMS, ROOM, 1);
            send(ROOMS, ROOM, 1);
        });
        next(rooms);
        assertThat(next(rooms).previous()).isZero();
        accept(1, 0);
        assertThat(told).containsExactly("replaced 1", "accepted 1");
    }

    @Test
    void whatAnAccountsOwnerHasNotAcceptedGoesToTheNextOwner() throws Exception {
        Jid juliet = Jid.of("juliet@localhost");
        int slot = SlotTable.slot(juliet);
        BlockingQueue<Inbound> owner = at("sm.0@n2");
        BlockingQueue<Inbound> next = at("sm.0@n3");
        run(() -> outgoing.claimed(new SlotClaim("sm.0@n2", 0, Map.of(slot, 1L))));
        run(() -> send(new Route.Account(slot), juliet, 1));
        assertThat(next(owner).epoch()).isOne();
        run(() -> outgoing.claimed(new SlotClaim("sm.0@n3", 0, Map.of(slot, 2L))));
        assertThat(next(next).epoch()).isEqualTo(2);
        accept(1, 1);
        assertThat(told).isEmpty();
        accept(1, 2);
        assertThat(told).containsExactly("accepted 1");
    }

    /// A host's stanzas are handled where its slot is.
    @Test
    void aHostHasASlot() throws Exception {
        Jid host = Jid.of("localhost");
        BlockingQueue<Inbound> owner = at("sm.0@n2");
        run(() -> send(new Route.Host("localhost"), host, 1));
        run(() -> outgoing.claimed(new SlotClaim("sm.0@n2", 0, Map.of(SlotTable.slot(host), 1L))));
        assertThat(next(owner).stanza().to()).isEqualTo(host);
    }

    @Test
    void whatIsForgottenIsNotSentAgain() throws Exception {
        BlockingQueue<Inbound> rooms = at(NAME + "@n2");
        join("n2", NAME);
        run(() -> send(ROOMS, ROOM, 1));
        next(rooms);
        assertThat(outgoing.isUnderWay("romeo"::equals)).isTrue();
        outgoing.forget("romeo"::equals);
        assertThat(outgoing.isUnderWay("romeo"::equals)).isFalse();
        nanos.set(TimeUnit.MINUTES.toNanos(1));
        run(outgoing::sweep);
        run(() -> send(ROOMS, ROOM, 2));
        Inbound later = next(rooms);
        assertThat(later.stanza().id()).isEqualTo("m2");
        assertThat(later.previous()).isZero();
    }
}
