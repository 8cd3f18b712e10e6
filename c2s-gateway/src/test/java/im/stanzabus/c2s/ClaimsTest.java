package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.ResourceState;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StreamError;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a new owner of an account is told, and that the old one has nothing to say any more.
class ClaimsTest {
    private TestGateway gateway;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.plain("timeouts: {close: 200 ms}\n");
        client = gateway.bound("romeo", "orchard");
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    /// Everything up to the end of the answer to a claim.
    static List<BusMessage> answer(FakeOwner owner, long round) throws InterruptedException {
        List<BusMessage> all = new ArrayList<>();
        do {
            all.add(owner.next(BusMessage.class));
        } while (!(all.getLast() instanceof SessionEvent.Announced));
        assertThat(((SessionEvent.Announced) all.getLast()).round()).isEqualTo(round);
        assertThat(((SessionEvent.Announced) all.getLast()).gateway()).isEqualTo("c2s.0@test");
        return all.subList(0, all.size() - 1);
    }

    private void settle() throws Exception {
        client.sync();
    }

    @Test
    void aNewOwnerLearnsWhatIsNotHandled() throws Exception {
        ResourceState state = new ResourceState(null, true, false, true, 7, List.of(Jid.of("nurse@alpha.test")));
        ConnectionId connection = gateway.owner.connection(client);
        gateway.owner.send(new ConnectionEvent.Remember(connection, state, 0));
        client.send("<message id='1'/>");
        gateway.owner.next(SessionEvent.FromClient.class);
        settle();
        gateway.owner.confirming = false;
        client.send("<message id='2'/><presence id='3'/>");
        gateway.owner.next(SessionEvent.FromClient.class);
        gateway.owner.next(SessionEvent.FromClient.class);
        FakeOwner next = gateway.successor(4);
        List<BusMessage> told = answer(next, 4);
        assertThat(told).hasSize(3);
        SessionEvent.Announce announce = (SessionEvent.Announce) told.getFirst();
        assertThat(announce.connection()).isEqualTo(connection);
        assertThat(announce.client()).isEqualTo(client.jid);
        assertThat(announce.state()).isEqualTo(state);
        assertThat(announce.management()).isNull();
        assertThat(announce.attached()).isTrue();
        assertThat(announce.peer()).isEqualTo("127.0.0.1");
        assertThat(announce.handled()).isEqualTo(1);
        assertThat(announce.unconfirmed()).isEmpty();
        SessionEvent.FromClient second = (SessionEvent.FromClient) told.get(1);
        assertThat(second.stanza().id()).isEqualTo("2");
        assertThat(second.number()).isEqualTo(2);
        assertThat(second.retry()).isTrue();
        SessionEvent.FromClient third = (SessionEvent.FromClient) told.get(2);
        assertThat(third.stanza().id()).isEqualTo("3");
        assertThat(third.retry()).isTrue();
    }

    /// The bus may have lost the stanza, or what the owner said about it, and nothing follows that would show it.
    @Test
    void anOwnerThatHandlesNothingForSecondsIsSentTheLastStanzaAgain() throws Exception {
        gateway.close();
        gateway = TestGateway.plain("timeouts: {ping: 1 s}\n");
        client = gateway.bound("romeo", "orchard");
        gateway.owner.confirming = false;
        client.send("<message id='1'/><message id='2'/>");
        gateway.owner.next(SessionEvent.FromClient.class);
        gateway.owner.next(SessionEvent.FromClient.class);
        SessionEvent.FromClient again = gateway.owner.next(SessionEvent.FromClient.class);
        assertThat(again.retry()).isTrue();
        assertThat(again.number()).isEqualTo(2);
        assertThat(gateway.owner.rest()).isEmpty();
    }

    /// Also of what the client has long since: the owner may have died before it said so.
    @Test
    void aNewOwnerLearnsWhereTheLastUnloggedStanzasCameIn() throws Exception {
        List<Origin> origins = LongStream.rangeClosed(1, SessionEvent.Announce.MOST_ORIGINS + 5)
                .mapToObj(number -> new Origin(9, number))
                .toList();
        gateway.owner.deliverUnlogged(client, origins);
        client.until("n" + origins.getLast().number());
        FakeOwner next = gateway.successor(1);
        SessionEvent.Announce announce = (SessionEvent.Announce) answer(next, 1).getFirst();
        assertThat(announce.unconfirmed()).isEmpty();
        assertThat(announce.origins()).isEqualTo(origins.subList(5, origins.size()));
    }

    @Test
    void aNewOwnerLearnsWhatTheClientHasNot() throws Exception {
        client.enableResumption();
        gateway.owner.deliverLogged(client, 41, "a");
        gateway.owner.deliverLogged(client, 44, "b");
        client.untilAsked();
        client.acks(1);
        gateway.owner.next(SessionEvent.Delivered.class);
        client.send("<iq type='set' id='s'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>");
        client.until(" id='s' to='");
        assertThat(client.asksForAck()).isEqualTo(1);
        gateway.owner.confirming = false;
        client.send("<presence type='nonsense'/>");
        gateway.owner.next(SessionEvent.Answered.class);
        SessionEvent.Answered refused = gateway.owner.next(SessionEvent.Answered.class);
        FakeOwner next = gateway.successor(1);
        List<BusMessage> told = answer(next, 1);
        SessionEvent.Announce announce = (SessionEvent.Announce) told.getFirst();
        assertThat(announce.management().isResumable()).isTrue();
        assertThat(announce.management().seconds()).isEqualTo(300);
        assertThat(announce.delivered()).isEqualTo(1);
        assertThat(announce.lastLogId()).isEqualTo(44);
        assertThat(announce.logSince()).isEqualTo(1);
        assertThat(announce.handled()).isEqualTo(1);
        assertThat(announce.unconfirmed().stream()
                        .map(ConnectionEvent.Deliver::number)
                        .toList())
                .startsWith(2L, 3L);
        assertThat(announce.unconfirmed().getFirst().logId()).isEqualTo(44);
        SessionEvent.Answered again = (SessionEvent.Answered) told.get(1);
        assertThat(again.number()).isEqualTo(2);
        assertThat(again.retry()).isTrue();
        assertThat(again.answer()).isEqualTo(refused.answer());
        assertThat(told).hasSize(2);
    }

    @Test
    void aSessionWithoutASocketIsAnnouncedToo() throws Exception {
        client.enableResumption();
        ConnectionId connection = gateway.owner.connection(client);
        client.drop();
        gateway.owner.next(SessionEvent.Detached.class);
        gateway.owner.deliver(client, false, "a");
        gateway.bound("juliet", "balcony");
        FakeOwner next = gateway.successor(1);
        SessionEvent.Announce announce = answer(next, 1).stream()
                .map(SessionEvent.Announce.class::cast)
                .filter(each -> each.connection().equals(connection))
                .findFirst()
                .orElseThrow();
        assertThat(announce.attached()).isFalse();
        assertThat(announce.unconfirmed()).hasSize(1);
    }

    @Test
    void theOldOwnerHasNothingToSayAnyMore() throws Exception {
        FakeOwner next = gateway.successor(1);
        answer(next, 1);
        next.takesOver(gateway.owner, client);
        ConnectionId connection = gateway.owner.connection(client);
        gateway.owner.send(
                new ConnectionEvent.Deliver(connection, 1, false, 0, FakeOwner.message(client.jid, "stale")),
                new ConnectionEvent.Disconnect(connection, StreamError.of(StreamError.Condition.CONFLICT)));
        next.deliver(client, false, "fresh");
        assertThat(client.until("</message>")).contains("<body>fresh</body>");
        client.send("<message id='1'/>");
        assertThat(next.next(SessionEvent.FromClient.class).retry()).isFalse();
        assertThat(gateway.owner.rest()).noneMatch(SessionEvent.FromClient.class::isInstance);
    }

    /// Claims are repeated now and then, and nothing follows from that.
    @Test
    void aReminderIsNotAnswered() throws Exception {
        gateway.owner.rest();
        gateway.claim(gateway.owner, 0);
        settle();
        assertThat(gateway.owner.rest()).isEmpty();
    }

    /// A reminder is enough to learn of a new owner, if its claim was lost.
    @Test
    void aReminderOfANewOwnerIsNews() throws Exception {
        FakeOwner next = gateway.successor(0);
        assertThat(next.next(SessionEvent.Announce.class).client()).isEqualTo(client.jid);
        settle();
        assertThat(next.rest()).noneMatch(SessionEvent.Announced.class::isInstance);
    }

    /// The owner asks again, as it has forgotten what it was told.
    @Test
    void aClaimIsAnsweredEachTime() throws Exception {
        for (int round = 1; round <= 3; round++) {
            gateway.owner.rest();
            gateway.claim(gateway.owner, round);
            assertThat(answer(gateway.owner, round)).hasSize(1).hasOnlyElementsOfType(SessionEvent.Announce.class);
        }
    }

    @Test
    void requestsThatWaitAreMadeAgain() throws Exception {
        gateway.owner.rest();
        gateway.owner.answering = false;
        TestClient binding = gateway.login("juliet");
        binding.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        SessionEvent.Bind bind = gateway.owner.next(SessionEvent.Bind.class);
        TestClient resuming = gateway.login("nurse");
        resuming.resume("id", 3);
        SessionEvent.Resume resume = gateway.owner.next(SessionEvent.Resume.class);
        client.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
        SessionEvent.Enable enable = gateway.owner.next(SessionEvent.Enable.class);
        FakeOwner next = gateway.successor(0);
        assertThat(List.of(
                        next.next(SessionEvent.class),
                        next.next(SessionEvent.class),
                        next.next(SessionEvent.class),
                        next.next(SessionEvent.class)))
                .contains(bind, resume, enable)
                .anyMatch(SessionEvent.Announce.class::isInstance);
    }

    /// The old owner's answer, on its way when the account moved, is of no use.
    @Test
    void theAnswerOfAnOldOwnerIsDropped() throws Exception {
        gateway.owner.rest();
        gateway.owner.answering = false;
        TestClient binding = gateway.login("juliet");
        binding.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        SessionEvent.Bind bind = gateway.owner.next(SessionEvent.Bind.class);
        FakeOwner next = new FakeOwner(gateway.bus, "sm.7");
        next.answering = false;
        Awaitility.await()
                .until(() -> gateway.membership.view().servingAll("sm.", true).contains(next.address()));
        gateway.claim(next, 0);
        next.next(SessionEvent.Bind.class);
        gateway.owner.send(new ConnectionEvent.Bound(bind.connection(), Jid.of("juliet@alpha.test/old")));
        next.send(new ConnectionEvent.Bound(bind.connection(), Jid.of("juliet@alpha.test/new")));
        assertThat(binding.until("</iq>")).contains("<jid>juliet@alpha.test/new</jid>");
    }

    /// A request that was made twice, because a claim was repeated, is answered twice.
    @Test
    void aSecondAnswerDoesNotEndTheSession() throws Exception {
        ConnectionId connection = gateway.owner.connection(client);
        gateway.owner.rest();
        gateway.owner.send(new ConnectionEvent.Bound(connection, client.jid));
        client.send("<message id='1'/>");
        gateway.owner.next(SessionEvent.FromClient.class);
        settle();
        gateway.claim(gateway.owner, 1);
        assertThat(answer(gateway.owner, 1)).singleElement().isInstanceOf(SessionEvent.Announce.class);
        assertThat(gateway.owner.rest()).noneMatch(SessionEvent.Gone.class::isInstance);
    }

    /// The owner was out of view for a moment, and somebody else was asked who does not own the account.
    @Test
    void aRequestFindsItsWayBackToTheOwner() throws Exception {
        try (TestGateway sweeping = TestGateway.plain("timeouts: {ping: 400 ms}\n")) {
            sweeping.owner.leave();
            FakeOwner other = sweeping.silentOwner();
            other.answering = false;
            Awaitility.await().until(() -> other.address().equals(sweeping.slots.ownerOf(0)));
            TestClient binding = sweeping.login("juliet");
            binding.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
            other.next(SessionEvent.Bind.class);
            FakeOwner back = new FakeOwner(sweeping.bus, "sm.0");
            assertThat(binding.until("</iq>")).contains("<jid>juliet@alpha.test/given</jid>");
            back.next(SessionEvent.Bind.class);
        }
    }

    /// While nobody owns the account, the request waits.
    @Test
    void aRequestWaitsForAnOwner() throws Exception {
        gateway.owner.leave();
        Awaitility.await().until(() -> gateway.slots.ownerOf(0) == null);
        TestClient binding = gateway.login("juliet");
        binding.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        gateway.successor(0);
        assertThat(binding.until("</iq>")).contains("<jid>juliet@alpha.test/given</jid>");
    }

    /// The old owner is dead, and nobody has taken its accounts yet.
    @Test
    void whatComesFromTheClientWhileNobodyOwnsItIsNotLost() throws Exception {
        gateway.owner.leave();
        client.send("<message id='1'/><message id='2'/>");
        settle();
        FakeOwner next = gateway.successor(1);
        List<BusMessage> told = answer(next, 1);
        assertThat(told).hasSize(3);
        assertThat(((SessionEvent.FromClient) told.get(1)).stanza().id()).isEqualTo("1");
        assertThat(((SessionEvent.FromClient) told.get(2)).stanza().id()).isEqualTo("2");
    }
}
