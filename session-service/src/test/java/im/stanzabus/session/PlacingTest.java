package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.await;
import static im.stanzabus.session.FakeServices.body;
import static im.stanzabus.session.FakeServices.chat;
import static im.stanzabus.session.FakeServices.stanza;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Streams whose gateway is gone or goes: nothing of what waits is in the log, so it must be in two processes.
@Timeout(60)
class PlacingTest {
    private static final String ID = "some-id";
    private static final ConnectionId HOME = new ConnectionId(FakeServices.OTHER_GATEWAY, 1);
    private static final ConnectionId NEXT = new ConnectionId(FakeServices.GATEWAY, 50);

    private Vertx vertx;
    private FakeServices services;
    private String[] partitions;

    /// Owned by the second session manager.
    private Jid juliet;

    private Jid romeo;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        services = new FakeServices(vertx, false);
        partitions = new String[] {services.startPartition(0), services.startPartition(1)};
        await(() -> services.leases.held("sm.1@n1").result().size() > 100);
        juliet = services.ownedBy("sm.1@n1", "juliet").withResource("balcony");
        romeo = services.ownedBy("sm.0@n1", "romeo").withResource("orchard");
        services.accounts.add(juliet.bare());
        services.accounts.add(romeo.bare());
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    @Test
    void aStreamWhoseGatewayDiesIsGivenToAnotherWithAllThatWaits() throws Exception {
        long last = online();
        say("1");
        services.nextStanza();
        services.membership.died(FakeServices.OTHER_NODE);
        ConnectionEvent.Resumed kept = services.next(ConnectionEvent.Resumed.class);
        assertThat(kept.connection().gateway()).isEqualTo(FakeServices.GATEWAY);
        assertThat(kept.handled()).isEqualTo(1);
        assertThat(kept.delivered()).isEqualTo(last);
        assertThat(kept.unconfirmed())
                .singleElement()
                .satisfies(deliver -> assertThat(body(deliver.stanza())).isEqualTo("1"));
        say("2");
        ConnectionEvent.Deliver second = services.next(ConnectionEvent.Deliver.class);
        assertThat(second.connection()).isEqualTo(kept.connection());
        assertThat(second.number()).isEqualTo(last + 2);

        resume(1);
        assertThat(services.next(ConnectionEvent.Disconnect.class).connection()).isEqualTo(kept.connection());
        assertThat(services.next(ConnectionEvent.Resumed.class).delivered()).isEqualTo(last + 1);
        assertThat(services.next(ConnectionEvent.Deliver.class).number()).isEqualTo(last + 2);
    }

    @Test
    void theOwnerMayGoAfterTheGateway() throws Exception {
        long last = online();
        say("1");
        services.nextStanza();
        services.membership.died(FakeServices.OTHER_NODE);
        ConnectionId keeper = services.next(ConnectionEvent.Resumed.class).connection();
        say("2");
        services.nextStanza();
        leave();
        say("3"); // to the next owner
        assertThat(services.next(ConnectionEvent.Deliver.class).connection()).isEqualTo(keeper);
        expectAllOnResumption(last, "1", "2", "3");
    }

    /// Both are in one process that stops.
    @Test
    void whatOnlyALeavingProcessHasIsElsewhereBeforeTheSlotsAre() throws Exception {
        long last = online();
        services.send(new SessionEvent.Detached(HOME, juliet));
        say("1");
        services.nextStanza();
        services.membership.leaves(FakeServices.OTHER_NODE);
        leave();
        ConnectionEvent.Resumed kept = services.next(ConnectionEvent.Resumed.class);
        assertThat(kept.unconfirmed()).hasSize(1);
        assertThat(services.next(ConnectionEvent.Disconnect.class).connection())
                .as("when the other has it")
                .isEqualTo(HOME);
        expectAllOnResumption(last, "1");
    }

    @Test
    void whatCannotBeFinishedInTimeIsDeliveredToOthers() throws Exception {
        online();
        say("1");
        services.nextStanza();
        services.log.appendGate = Promise.promise();
        services.send(stanza(HOME, juliet, 2, chat(juliet, romeo, "last words")));
        await(() -> services.count(LogRequest.Append.class) >= 1);
        services.membership.died(FakeServices.OTHER_NODE);
        leave();
        assertThat(services.next(ConnectionEvent.Resumed.class).management().isResumable())
                .isFalse();
        await(() -> services.asked.stream()
                .filter(LogRequest.Append.class::isInstance)
                .map(asked -> ((LogRequest.Append) asked).entries().getFirst())
                .anyMatch(entry -> body(entry.stanza()).equals("1")));
    }

    @Test
    void aStreamIsKeptByTheOwnerUntilAGatewayComes() throws Exception {
        long last = online();
        say("1");
        services.nextStanza();
        services.membership.retract(Addresses.gateway(0)); // the only other one
        services.membership.died(FakeServices.OTHER_NODE);
        say("2");
        services.nextStanza();
        services.membership.offer(Addresses.gateway(0));
        ConnectionEvent.Resumed kept = services.next(ConnectionEvent.Resumed.class);
        assertThat(kept.connection().gateway()).isEqualTo(FakeServices.GATEWAY);
        assertThat(kept.delivered()).isEqualTo(last);
        assertThat(kept.unconfirmed()).hasSize(2);
    }

    /// The gateway was frozen, and its clients have not noticed.
    @Test
    void aClientThatNeverLeftGetsItsStreamBack() throws Exception {
        long last = online();
        services.membership.died(FakeServices.OTHER_NODE);
        ConnectionId keeper = services.next(ConnectionEvent.Resumed.class).connection();
        say("1");
        services.nextStanza();
        services.membership.as(FakeServices.OTHER_NODE, () -> {});
        services.send(new SessionEvent.Announce(
                HOME,
                juliet,
                services.remembered.get(HOME).state(),
                new Management(ID, 300, 1, last),
                true,
                "::1",
                1,
                1,
                last,
                0,
                List.of(),
                0));
        assertThat(services.next(ConnectionEvent.Disconnect.class).connection()).isEqualTo(keeper);
        ConnectionEvent.Deliver again = services.next(ConnectionEvent.Deliver.class);
        assertThat(again.connection()).isEqualTo(HOME);
        assertThat(body(again.stanza())).isEqualTo("1");
        say("2");
        assertThat(services.next(ConnectionEvent.Deliver.class).number()).isEqualTo(last + 2);
    }

    // ---- what the tests are made of ----

    /// @return how much she was sent before the first message
    private long online() throws Exception {
        services.send(new SessionEvent.Bind(HOME, juliet.bare(), juliet.resource(), "::1", 1));
        services.next(ConnectionEvent.Bound.class);
        services.send(stanza(HOME, juliet, 1, Stanza.presence(StanzaType.AVAILABLE, juliet, null)));
        long last = services.next(ConnectionEvent.Deliver.class).number();
        services.send(new SessionEvent.Enable(HOME, juliet, new Management(ID, 300, 1, 0)));
        services.next(ConnectionEvent.Enabled.class);
        services.send(new SessionEvent.Delivered(HOME, juliet, last));
        return last;
    }

    private void say(String body) {
        services.send(new SessionEvent.Inbound(chat(romeo, juliet.bare(), body)));
    }

    private void leave() throws Exception {
        FakeServices.get(vertx.undeploy(partitions[1]));
        await(() -> services.ownerOf(juliet).equals("sm.0@n1")
                && services.leases.held("sm.0@n1").result().size() == 1024);
    }

    private void resume(long h) {
        services.send(new SessionEvent.Resume(NEXT, juliet.bare(), ID, h, "::1"));
    }

    private void expectAllOnResumption(long last, String... bodies) throws Exception {
        resume(0);
        services.next(ConnectionEvent.Disconnect.class);
        ConnectionEvent.Resumed resumed = services.next(ConnectionEvent.Resumed.class);
        assertThat(resumed.connection()).isEqualTo(NEXT);
        assertThat(resumed.handled()).isEqualTo(1);
        assertThat(resumed.delivered()).isEqualTo(last);
        assertThat(resumed.stream()).isEqualTo(1);
        List<String> got = new ArrayList<>();
        for (int i = 1; i <= bodies.length; i++) {
            ConnectionEvent.Deliver deliver = services.next(ConnectionEvent.Deliver.class);
            assertThat(deliver.number()).isEqualTo(last + i);
            got.add(body(deliver.stanza()));
        }
        assertThat(got).containsExactly(bodies);
        assertThat(services.count(LogRequest.Append.class))
                .as("nothing redelivered")
                .isZero();
        assertThat(services.told).isEmpty();
    }
}
