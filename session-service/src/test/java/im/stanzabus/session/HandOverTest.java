package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.again;
import static im.stanzabus.session.FakeServices.await;
import static im.stanzabus.session.FakeServices.body;
import static im.stanzabus.session.FakeServices.chat;
import static im.stanzabus.session.FakeServices.stanza;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.ResourceState;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.StreamError;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Accounts that get another owner: two session managers, one of which leaves.
@Timeout(60)
class HandOverTest {
    private Vertx vertx;
    private FakeServices services;
    private String[] partitions;

    /// Owned by the second session manager, which leaves, and by the first, which stays.
    private Jid juliet;

    private Jid romeo;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        services = new FakeServices(vertx, true);
        partitions = new String[] {services.startPartition(0), services.startPartition(1)};
        await(() -> services.leases.held("sm.1@n1").result().size() > 100);
        juliet = services.ownedBy("sm.1@n1", "juliet").withResource("balcony");
        romeo = services.ownedBy("sm.0@n1", "romeo").withResource("orchard");
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    @Test
    void clientsNoticeNothing() throws Exception {
        ConnectionId connection = friendsOnline();
        announce(connection, 2, 2, List.of());
        leave();
        assertThat(services.told).as("no presence").isEmpty();

        services.send(stanza(connection, juliet, 2, chat(juliet, romeo, "still here")));
        assertThat(body(services.nextStanza())).isEqualTo("still here");
        services.send(new SessionEvent.Inbound(chat(romeo, juliet.bare(), "me too")));
        ConnectionEvent.Deliver delivered = services.next(ConnectionEvent.Deliver.class);
        assertThat(delivered.connection()).isEqualTo(connection);
        assertThat(delivered.number()).as("counts go on").isEqualTo(3);
    }

    @Test
    void whatWasHandledIsNotHandledAgain() throws Exception {
        services.available(romeo, 1);
        ConnectionId connection = services.available(juliet, 2);
        services.send(stanza(connection, juliet, 2, chat(juliet, romeo, "2")));
        assertThat(body(services.nextStanza())).isEqualTo("2");
        services.send(stanza(connection, juliet, 3, chat(juliet, romeo, "3")));
        assertThat(body(services.nextStanza())).isEqualTo("3");
        // 2 was acknowledged; of 3 the gateway has not heard
        services.announcements.add(new SessionEvent.Announce(
                connection, juliet, available(), null, true, "::1", 2, 2, 1, 0, List.of(), 0));
        services.announcements.add(again(connection, juliet, 2, chat(juliet, romeo, "2")));
        services.announcements.add(again(connection, juliet, 3, chat(juliet, romeo, "3")));
        services.announcements.add(again(connection, juliet, 4, chat(juliet, romeo, "4")));
        leave();
        assertThat(body(services.nextStanza())).isEqualTo("4");
        await(() -> services.handled.getOrDefault(connection, 0L) == 4);
        assertThat(services.log.of(romeo.bare())).hasSize(3);
        assertThat(services.log.of(juliet.bare())).hasSize(3);
    }

    @Test
    void whatTheOldOwnerWroteAndNobodyGotIsDelivered() throws Exception {
        ConnectionId connection = services.available(juliet, 2);
        services.send(new SessionEvent.Inbound(chat(romeo, juliet, "1")));
        ConnectionEvent.Deliver first = services.next(ConnectionEvent.Deliver.class);
        // written by the old owner, and not handed over any more
        services.log.add(new LogRequest.Entry(
                juliet.bare(),
                1,
                2,
                Instant.now(),
                romeo.bare(),
                LogRequest.Direction.RECEIVED,
                true,
                new Origin(77, 1),
                false,
                0,
                chat(romeo, juliet, "2")));
        announce(connection, first.number() - 1, 1, List.of(first));
        leave();
        ConnectionEvent.Deliver second = services.next(ConnectionEvent.Deliver.class);
        assertThat(body(second.stanza())).isEqualTo("2");
        assertThat(second.number()).isEqualTo(first.number() + 1);
        services.send(new SessionEvent.Delivered(connection, juliet, second.number()));
        await(() -> services.log.mark(juliet.bare()) == 2);
    }

    /// Each of two clients was handed what is for it alone; one of them dies with the owner.
    @Test
    void whatOnlyALostClientWasHandedIsDelivered() throws Exception {
        Jid phone = juliet.bare().withResource("phone");
        ConnectionId connection = services.available(juliet, 2);
        services.bind(juliet.bare().toString(), "phone", 3);
        services.send(new SessionEvent.Inbound(chat(romeo, phone, "1")));
        assertThat(body(services.nextStanza())).isEqualTo("1");
        services.send(new SessionEvent.Inbound(chat(romeo, juliet, "2")));
        ConnectionEvent.Deliver second = services.next(ConnectionEvent.Deliver.class);
        services.send(new SessionEvent.Delivered(connection, juliet, second.number()));
        services.announcements.add(new SessionEvent.Announce(
                connection,
                juliet,
                available(),
                null,
                true,
                "::1",
                2,
                1,
                second.number(),
                second.logId(),
                List.of(),
                second.logSince()));
        leave();
        ConnectionEvent.Deliver first = services.next(ConnectionEvent.Deliver.class);
        assertThat(body(first.stanza())).isEqualTo("1");
        assertThat(first.connection()).isEqualTo(connection);
        services.send(new SessionEvent.Delivered(connection, juliet, first.number()));
        await(() -> services.log.mark(juliet.bare()) == 2);
        assertThat(services.told).as("2 is not sent again").isEmpty();
    }

    @Test
    void aMessageThatTheOldOwnerDidNotTakeGoesToTheNewOne() throws Exception {
        ConnectionId sender = services.available(romeo, 1);
        services.accounts.add(juliet.bare());
        services.log.away = true; // so that her account cannot even be loaded
        services.send(stanza(sender, romeo, 2, chat(romeo, juliet.bare(), "hear me")));
        await(() -> services.asked.stream()
                .anyMatch(asked ->
                        asked instanceof LogRequest.Claim claim && claim.owner().equals(juliet.bare())));
        leave();
        services.log.away = false;
        await(() -> services.handled.getOrDefault(sender, 0L) == 2);
        assertThat(services.log.of(juliet.bare())).hasSize(1);
        assertThat(services.log.of(juliet.bare()).getFirst().epoch())
                .isEqualTo(services.leases.held("sm.0@n1").result().get(SlotTable.slot(juliet)));
    }

    @Test
    void aStreamThatIsDetachedMayStillBeResumed() throws Exception {
        ConnectionId connection = services.available(juliet, 2);
        services.announcements.add(new SessionEvent.Announce(
                connection,
                juliet,
                available(),
                new Management("id", 300, 0, 0),
                false,
                "::1",
                2,
                1,
                1,
                0,
                List.of(),
                0));
        leave();
        ConnectionId next = new ConnectionId(FakeServices.OTHER_GATEWAY, 5);
        services.send(new SessionEvent.Resume(next, juliet.bare(), "id", 1, "::1"));
        services.next(ConnectionEvent.Disconnect.class);
        ConnectionEvent.Resumed resumed = services.next(ConnectionEvent.Resumed.class);
        assertThat(resumed.handled()).isEqualTo(1);
        assertThat(resumed.stream()).isEqualTo(2);
    }

    @Test
    void aStreamThatWasResumedElsewhereBeforeTakesWhatHasComeSince() throws Exception {
        ConnectionId old = services.available(juliet, 2);
        Management management = new Management("id", 300, 0, 0);
        services.announcements.add(new SessionEvent.Announce(
                old, juliet, available(), management, false, "::1", 2, 1, 1, 0, List.of(), 0));
        leave();
        services.send(new SessionEvent.Inbound(chat(romeo, juliet.bare(), "since")));
        assertThat(body(services.nextStanza())).isEqualTo("since");

        ConnectionId next = new ConnectionId(FakeServices.OTHER_GATEWAY, 5);
        services.send(new SessionEvent.Announce(
                next, juliet, available(), management, true, "::1", 2, 1, 4, 0, List.of(), 0));
        assertThat(services.next(ConnectionEvent.Disconnect.class).connection()).isEqualTo(old);
        ConnectionEvent.Deliver again = null;
        while (again == null || again.stanza().isPresence()) {
            again = services.next(ConnectionEvent.Deliver.class);
        }
        assertThat(body(again.stanza())).isEqualTo("since");
        assertThat(again.connection()).isEqualTo(next);
        assertThat(again.number()).isGreaterThan(4);
        services.send(new SessionEvent.Delivered(next, juliet, again.number()));
        await(() -> services.log.mark(juliet.bare()) == 1);
    }

    @Test
    void aStreamThatEndedMeanwhileGoesAwayForEverybody() throws Exception {
        ConnectionId connection = friendsOnline();
        services.announcements.add(new SessionEvent.Announce(
                connection, juliet, available(), null, false, "::1", 2, 1, 2, 0, List.of(), 0));
        leave();
        assertThat(services.next(ConnectionEvent.Disconnect.class).connection()).isEqualTo(connection);
        Stanza gone = services.nextStanza();
        assertThat(gone.type()).isEqualTo(StanzaType.UNAVAILABLE);
        assertThat(gone.from()).isEqualTo(juliet);
    }

    @Test
    void whoTookTheResourceMeanwhileKeepsIt() throws Exception {
        ConnectionId connection = services.available(juliet, 2);
        announce(connection, 1, 0, List.of());
        ConnectionId other = new ConnectionId(FakeServices.OTHER_GATEWAY, 8);
        services.announcements.add(new SessionEvent.Announce(
                other, juliet, ResourceState.NEW, null, true, "::1", 3, 0, 0, 0, List.of(), 0));
        leave();
        ConnectionEvent.Disconnect disconnect = services.next(ConnectionEvent.Disconnect.class);
        assertThat(disconnect.connection()).isEqualTo(other);
        assertThat(disconnect.error().condition()).isEqualTo(StreamError.Condition.CONFLICT);
    }

    @Test
    void withoutAnOwnerMessagesWait() throws Exception {
        ConnectionId sender = services.available(romeo, 1);
        services.accounts.add(juliet.bare());
        FakeServices.get(vertx.undeploy(partitions[1]));
        // the slots are romeo's owner's now; a message sent at once finds its way
        services.send(stanza(sender, romeo, 2, chat(romeo, juliet.bare(), "hello")));
        await(() -> services.log.of(juliet.bare()).size() == 1);
        await(() -> services.handled.getOrDefault(sender, 0L) == 2);
    }

    // ---- what the tests are made of ----

    private void leave() throws Exception {
        FakeServices.get(vertx.undeploy(partitions[1]));
        await(() -> services.ownerOf(juliet).equals("sm.0@n1")
                && services.leases.held("sm.0@n1").result().size() == 1024);
    }

    /// Juliet's connection; romeo's is the first.
    private ConnectionId friendsOnline() throws Exception {
        services.accounts.add(juliet.bare());
        services.rosters.put(juliet.bare(), List.of(friend(romeo)));
        services.rosters.put(romeo.bare(), List.of(friend(juliet)));
        services.available(romeo, 1);
        assertThat(services.nextStanza().type()).as("juliet, to a probe").isEqualTo(StanzaType.UNAVAILABLE);
        ConnectionId connection = services.available(juliet, 2);
        assertThat(List.of(services.nextStanza().from(), services.nextStanza().from()))
                .containsExactlyInAnyOrder(romeo, juliet);
        return connection;
    }

    private static RosterItem friend(Jid jid) {
        return new RosterItem(jid.bare(), null, List.of(), RosterItem.Subscription.BOTH, false, false);
    }

    private ResourceState available() {
        return new ResourceState(
                Stanza.presence(StanzaType.AVAILABLE, juliet, null), false, false, false, 1, List.of());
    }

    private void announce(
            ConnectionId connection, long delivered, long lastLogId, List<ConnectionEvent.Deliver> unconfirmed) {
        services.announcements.add(new SessionEvent.Announce(
                connection,
                juliet,
                available(),
                null,
                true,
                "::1",
                2,
                1,
                delivered,
                lastLogId,
                unconfirmed,
                Math.min(lastLogId, 1)));
    }
}
