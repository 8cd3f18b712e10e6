package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.ResourceState;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// An owner that dies may not have heard of the last things that happened on a stream; the next one hears of them.
class EndedSessionsTest {
    private static final Jid CLIENT = Jid.of("romeo@alpha.test/orchard");
    private static final Stanza MESSAGE = FakeOwner.message(CLIENT, "body");
    private static final ResourceState SEEN =
            new ResourceState(Stanza.presence(StanzaType.AVAILABLE, CLIENT, null), true, false, false, 0, List.of());

    @Nested
    class InAGateway {
        private TestGateway gateway;
        private TestClient client;
        private ConnectionId connection;

        @BeforeEach
        void start() throws Exception {
            gateway = TestGateway.plain("timeouts: {close: 200 ms}\n");
            client = gateway.bound("romeo", "orchard");
            connection = gateway.owner.connection(client);
        }

        @AfterEach
        void stop() throws Exception {
            gateway.close();
        }

        private void ends(String last) throws Exception {
            client.send(last + "</stream:stream>");
            client.untilEnd();
            client.close();
            Awaitility.await().until(() -> gateway.gauge("stanzabus.c2s.connections") == 0);
        }

        private void seen() throws Exception {
            gateway.owner.send(new ConnectionEvent.Remember(connection, SEEN, 0));
            client.sync();
        }

        @Test
        void whatWasSentBeforeTheEndIsHandledByTheNextOwner() throws Exception {
            gateway.owner.leave();
            ends("<message id='1'/><message id='2'/><presence type='unavailable' id='3'/>");
            List<BusMessage> told = ClaimsTest.answer(gateway.successor(4), 4);
            assertThat(told).hasSize(5);
            SessionEvent.Announce announce = (SessionEvent.Announce) told.getFirst();
            assertThat(announce.connection()).isEqualTo(connection);
            assertThat(announce.attached()).isTrue();
            assertThat(announce.management()).isNull();
            assertThat(announce.handled()).isZero();
            for (int i = 1; i <= 3; i++) {
                SessionEvent.FromClient sent = (SessionEvent.FromClient) told.get(i);
                assertThat(sent.stanza().id()).isEqualTo(String.valueOf(i));
                assertThat(sent.number()).isEqualTo(i);
                assertThat(sent.retry()).isTrue();
            }
            assertThat(told.get(4)).isEqualTo(new SessionEvent.Gone(connection, client.jid, 0));
        }

        @Test
        void contactsWillSeeThatTheClientIsGone() throws Exception {
            seen();
            gateway.owner.leave();
            ends("");
            List<BusMessage> told = ClaimsTest.answer(gateway.successor(1), 1);
            SessionEvent.Announce announce = (SessionEvent.Announce) told.getFirst();
            assertThat(announce.attached()).isFalse();
            assertThat(announce.management()).isNull();
            assertThat(announce.state()).isEqualTo(SEEN);
            assertThat(told.subList(1, told.size())).containsExactly(new SessionEvent.Gone(connection, client.jid, 0));
        }

        /// What its owner hands over after the connection was lost.
        @Test
        void whatTheClientDidNotGetIsKnownToTheNextOwner() throws Exception {
            client.enable("");
            gateway.owner.deliverLogged(client, 8, "a");
            client.untilAsked();
            client.drop();
            Awaitility.await().until(() -> gateway.gauge("stanzabus.c2s.connections") == 0);
            SessionEvent.Announce announce = (SessionEvent.Announce)
                    ClaimsTest.answer(gateway.successor(1), 1).getFirst();
            assertThat(announce.lastLogId()).isEqualTo(8);
            assertThat(announce.delivered()).isZero();
            assertThat(announce.unconfirmed()).hasSize(1);
        }

        /// The owner that was told has nothing to begin anew; at most it has missed the end.
        @Test
        void anOwnerThatWasToldIsNotToldEverythingAgain() throws Exception {
            seen();
            ends("<message id='1'/>");
            gateway.owner.next(SessionEvent.Gone.class);
            gateway.claim(gateway.owner, 0);
            gateway.claim(gateway.owner, 7);
            assertThat(ClaimsTest.answer(gateway.owner, 7))
                    .containsExactly(new SessionEvent.Gone(connection, client.jid, 0));
        }

        @Test
        void aClaimThatIsRepeatedIsAnsweredInFull() throws Exception {
            gateway.owner.leave();
            ends("<message id='1'/>");
            FakeOwner next = gateway.silentOwner();
            next.confirming = false;
            gateway.claim(next, 1);
            List<BusMessage> first = ClaimsTest.answer(next, 1);
            gateway.claim(next, 2);
            assertThat(first).hasSize(3);
            assertThat(ClaimsTest.answer(next, 2)).isEqualTo(first);
            next.send(new ConnectionEvent.Handled(connection, 1));
            gateway.claim(next, 3);
            assertThat(ClaimsTest.answer(next, 3)).noneMatch(SessionEvent.FromClient.class::isInstance);
        }

        /// The client is there again with the same resource: its new stream is announced first, its last stream after
        /// it is of no interest to the owner.
        @Test
        void whoHoldsTheResourceNowComesFirst() throws Exception {
            gateway.owner.confirming = false;
            ends("<message id='1'/>");
            client = gateway.bound("romeo", "orchard");
            FakeOwner next = gateway.successor(1);
            List<BusMessage> told = ClaimsTest.answer(next, 1);
            assertThat(((SessionEvent.Announce) told.getFirst()).connection())
                    .isEqualTo(gateway.owner.connection(client));
            assertThat(((SessionEvent.Announce) told.get(1)).connection()).isEqualTo(connection);
            next.send(new ConnectionEvent.Disconnect(connection, null));
            client.sync();
            gateway.claim(next, 2);
            assertThat(ClaimsTest.answer(next, 2)).singleElement().isInstanceOf(SessionEvent.Announce.class);
        }

        /// A client that comes back at once waits for the owner, and its last stanzas go before its new resource.
        @Test
        void theLastStreamIsDoneBeforeTheNextBegins() throws Exception {
            gateway.owner.leave();
            ends("<message id='1'/>");
            TestClient again = gateway.login("romeo");
            // the answer to the first shows that the second waits
            String bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>";
            again.send("<iq type='get' id='a'>" + bind + "<iq type='set' id='b'>" + bind);
            again.until("</iq>");
            FakeOwner next = gateway.successor(1);
            assertThat(ClaimsTest.answer(next, 1))
                    .<Class<?>>extracting(Object::getClass)
                    .containsExactly(
                            SessionEvent.Announce.class,
                            SessionEvent.FromClient.class,
                            SessionEvent.Gone.class,
                            SessionEvent.Bind.class);
        }
    }

    private final AtomicLong clock = new AtomicLong();
    private final List<SessionEvent> told = new ArrayList<>();

    private static Session session(long number) {
        Session session = Session.bound(new ConnectionId("c2s.0@test", number), CLIENT, "127.0.0.1", "sm.0@test", 9);
        session.fromClient(MESSAGE);
        return session;
    }

    private EndedSessions ended(int most, long mostBytes) {
        return new EndedSessions(most, mostBytes, clock::get, (_, event) -> told.add(event));
    }

    private List<Long> announced(EndedSessions ended) {
        told.clear();
        ended.claimed(_ -> true, "sm.1@test", 1);
        return told.stream()
                .filter(SessionEvent.Announce.class::isInstance)
                .map(event -> ((SessionEvent.Announce) event).connection().number())
                .toList();
    }

    @Test
    void theyAreForgottenAfterAWhile() {
        EndedSessions ended = ended(10, 1 << 20);
        ended.add(session(1));
        clock.addAndGet(10_000);
        ended.add(session(2));
        clock.addAndGet(5_000);
        ended.sweep(clock.get());
        assertThat(announced(ended)).containsExactly(1L, 2L);
        clock.addAndGet(1);
        ended.sweep(clock.get());
        assertThat(announced(ended)).containsExactly(2L);
        clock.addAndGet(10_000);
        ended.sweep(clock.get());
        assertThat(ended.size()).isZero();
    }

    @Test
    void theirNumberIsBounded() {
        EndedSessions ended = ended(100, 1 << 20);
        for (int i = 1; i <= 250; i++) {
            ended.add(session(i));
        }
        assertThat(ended.size()).isEqualTo(100);
        assertThat(announced(ended)).startsWith(151L).endsWith(250L);
    }

    @Test
    void theirSizeIsBounded() {
        EndedSessions ended = ended(100, 100_000);
        for (int i = 1; i <= 5; i++) {
            Session session = session(i);
            session.fromClient(FakeOwner.message(CLIENT, "x".repeat(30_000)));
            ended.add(session);
        }
        assertThat(announced(ended)).containsExactly(3L, 4L, 5L);
        // what has gone frees its room
        ended.owner("sm.1@test", new ConnectionEvent.Disconnect(new ConnectionId("c2s.0@test", 4), null));
        ended.add(session(6));
        assertThat(announced(ended)).containsExactly(3L, 5L, 6L);
    }

    @Test
    void aSessionThatNobodyHasNoticedIsNotKept() {
        EndedSessions ended = ended(100, 1 << 20);
        Session session = session(1);
        session.handled(1);
        ended.add(session);
        assertThat(ended.size()).isZero();
    }
}
