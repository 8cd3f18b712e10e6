package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.ResourceState;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// XEP-0198 sections 5 and 7: streams that go on, and streams that do not.
class ResumptionTest {
    private TestGateway gateway;
    private TestClient client;
    private String id;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.plain("timeouts: {close: 200 ms, idle: 1 s, ping: 400 ms}\n");
        client = gateway.bound("romeo", "orchard");
        id = client.enableResumption();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private void detached() {
        Awaitility.await().until(() -> gateway.gauge("stanzabus.c2s.streams.detached") == 1);
    }

    @Test
    void whatTheClientMissedFollowsUnderTheOldCount() throws Exception {
        client.send("<presence/><message id='1'/>");
        assertThat(client.asksForAck()).isEqualTo(2);
        gateway.owner.deliver(client, false, "a", "b", "c");
        client.untilAsked();
        client.drop();
        ConnectionId old = gateway.owner.connection(client);
        assertThat(gateway.owner.next(SessionEvent.Detached.class).connection()).isEqualTo(old);
        detached();
        gateway.owner.deliver(client, false, "d");
        TestClient again = gateway.login("romeo");
        again.jid = client.jid;
        again.resume(id, 2);
        // each comes in a message of its own, so the client may be asked in between
        assertThat(again.until("<body>d</body></message>"))
                .startsWith("<resumed xmlns='urn:xmpp:sm:3' previd='" + id + "' h='2'/>")
                .contains("<body>c</body>")
                .doesNotContain("<body>a</body>", "<body>b</body>");
        SessionEvent.Resume resume = gateway.owner.next(SessionEvent.Resume.class);
        assertThat(resume.h()).isEqualTo(2);
        assertThat(resume.peer()).isEqualTo("127.0.0.1");
        again.acks(4);
        assertThat(gateway.owner.next(SessionEvent.Delivered.class).number()).isEqualTo(4);
        again.send("<message id='2'/>");
        SessionEvent.FromClient next = gateway.owner.next(SessionEvent.FromClient.class);
        assertThat(next.number()).isEqualTo(3);
        assertThat(next.connection()).isEqualTo(resume.connection());
        assertThat(next.stanza().from()).isEqualTo(client.jid);
        assertThat(again.asksForAck()).isEqualTo(3);
        assertThat(gateway.gauge("stanzabus.c2s.streams.detached")).isZero();
        assertThat(gateway.gauge("stanzabus.c2s.streams.managed")).isEqualTo(1);
        assertThat(gateway.count("stanzabus.c2s.resumptions", "result", "success"))
                .isEqualTo(1);
        assertThat(gateway.owner.rest()).noneMatch(SessionEvent.Gone.class::isInstance);
    }

    @Test
    void theOldConnectionIsClosedIfItLivesStill() throws Exception {
        TestClient again = gateway.login("romeo");
        again.resume(id, 0);
        again.until("<resumed ");
        client.expectStreamError("conflict");
        client.close();
        Awaitility.await().until(() -> gateway.gauge("stanzabus.c2s.connections") == 1);
        assertThat(gateway.owner.rest())
                .noneMatch(event -> event instanceof SessionEvent.Gone || event instanceof SessionEvent.Detached);
        assertThat(again.asksForAck()).isZero();
    }

    /// A resumed stream can be resumed again.
    @Test
    void aStreamGoesOnAndOn() throws Exception {
        TestClient current = client;
        for (int i = 1; i <= 5; i++) {
            gateway.owner.deliver(client, false, "body " + i);
            current.until("<body>body " + i);
            current.drop();
            gateway.owner.next(SessionEvent.Detached.class);
            current = gateway.login("romeo");
            current.resume(id, i - 1);
            assertThat(current.until("</message>")).contains("<resumed ").contains("<body>body " + i + "</body>");
            current.send("<message id='" + i + "'/>");
            assertThat(current.asksForAck()).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"romeo", "juliet"})
    void whatIsUnknownAndWhatIsSomebodyElsesFailAlike(String user) throws Exception {
        client.drop();
        TestClient other = gateway.login(user);
        other.resume(user.equals("juliet") ? id : "guess", 0);
        assertThat(other.until("</failed>"))
                .isEqualTo("<failed xmlns='urn:xmpp:sm:3'>"
                        + "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
        assertThat(other.bind("balcony")).contains("type='result'");
        assertThat(gateway.count("stanzabus.c2s.resumptions", "result", "failure"))
                .isEqualTo(1);
    }

    @Test
    void aStreamThatIsOverMayTellWhatWasHandled() throws Exception {
        TestClient late = gateway.login("romeo");
        late.resume("late", 0);
        assertThat(late.until("</failed>")).startsWith("<failed xmlns='urn:xmpp:sm:3' h='7'><item-not-found ");
    }

    @Test
    void aClientThatHasMoreThanItWasSentLosesTheNewStreamOnly() throws Exception {
        gateway.owner.deliver(client, false, "a");
        TestClient wrong = gateway.login("romeo");
        wrong.resume(id, 5);
        assertThat(wrong.untilEnd())
                .contains("<undefined-condition ")
                .contains("<handled-count-too-high xmlns='urn:xmpp:sm:3' h='5' send-count='1'/>");
        assertThat(client.asksForAck()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"previd='x'", "h='0'", "previd='' h='0'", "previd='x' h='many'", "previd='x' h='-1'"})
    void aRequestThatLacksSomethingIsBad(String attributes) throws Exception {
        TestClient other = gateway.login("romeo");
        other.send("<resume xmlns='urn:xmpp:sm:3' " + attributes + "/>");
        assertThat(other.until("</failed>")).contains("<bad-request ");
        assertThat(other.bind("garden")).contains("type='result'");
    }

    /// RFC 6120 section 4.4: who says good-bye does not come back. What it sent before is handled first.
    @Test
    void aStreamThatTheClientEndsIsOver() throws Exception {
        gateway.owner.confirming = false;
        client.send("<message id='1'/></stream:stream>");
        SessionEvent.FromClient last = gateway.owner.next(SessionEvent.FromClient.class);
        gateway.owner.send(new ConnectionEvent.Handled(last.connection(), last.number()));
        assertThat(client.untilEnd()).isEqualTo("<a xmlns='urn:xmpp:sm:3' h='1'/></stream:stream>");
        client.close();
        gateway.owner.next(SessionEvent.Gone.class);
        assertThat(gateway.gauge("stanzabus.c2s.streams.detached")).isZero();
    }

    /// Nobody is waited for for ever.
    @Test
    void theEndDoesNotWaitLongForWhatIsNotHandled() throws Exception {
        gateway.owner.confirming = false;
        client.send("<message id='1'/></stream:stream>");
        assertThat(client.untilEnd()).isEqualTo("</stream:stream>");
        client.close();
        gateway.owner.next(SessionEvent.Gone.class);
    }

    @Test
    void aStreamThatTheClientBreaksIsOver() throws Exception {
        client.send("<message><not-closed></message>");
        client.expectStreamError("not-well-formed");
        client.close();
        gateway.owner.next(SessionEvent.Gone.class);
        assertThat(gateway.gauge("stanzabus.c2s.streams.detached")).isZero();
    }

    @Test
    void aSilentClientIsAskedAndItsConnectionIsLost() throws Exception {
        assertThat(client.untilAsked()).doesNotContain("<iq");
        client.acks(0);
        assertThat(client.untilAsked()).doesNotContain("<iq");
        client.expectStreamError("connection-timeout");
        gateway.owner.next(SessionEvent.Detached.class);
        detached();
    }

    /// A client that sends, but never says what it has.
    @Test
    void aClientThatDoesNotAcknowledgeIsLostThoughItSends() throws Exception {
        gateway.owner.deliver(client, false, "a");
        client.untilAsked();
        long start = System.nanoTime();
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    client.send(" ");
                    TestGateway.result(gateway.vertx().timer(50));
                }
            } catch (Exception e) {
                // the connection has ended
            }
        });
        assertThat(client.untilEnd()).contains("<connection-timeout ");
        assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
        gateway.owner.next(SessionEvent.Detached.class);
        detached();
    }

    /// One that does not answer at once, but does.
    @Test
    void aClientThatAcknowledgesLateIsKept() throws Exception {
        for (int i = 1; i <= 3; i++) {
            gateway.owner.deliver(client, false, "a");
            client.untilAsked();
            for (int j = 0; j < 16; j++) {
                client.send(" ");
                TestGateway.result(gateway.vertx().timer(50));
            }
            client.acks(i);
            assertThat(gateway.owner.next(SessionEvent.Delivered.class).number())
                    .isEqualTo(i);
        }
        assertThat(client.asksForAck()).isZero();
    }

    /// The bus has lost the question or the answer, as it does when a process is frozen.
    @Test
    void anOwnerThatDoesNotAnswerIsAskedAgainSoon() throws Exception {
        client.drop();
        gateway.owner.answering = false;
        TestClient again = gateway.login("romeo");
        again.resume(id, 0);
        SessionEvent.Resume first = gateway.owner.next(SessionEvent.Resume.class);
        gateway.owner.answering = true;
        long start = System.nanoTime();
        again.until("<resumed ");
        assertThat(System.nanoTime() - start).isLessThan(4_000_000_000L);
        assertThat(gateway.owner.next(SessionEvent.Resume.class)).isEqualTo(first);
    }

    /// The gateway that had the stream is gone, and this one is to keep it.
    @Test
    void aStreamThatWasNeverHereIsKeptForTheNextOwner() throws Exception {
        ConnectionId keeper = new ConnectionId("c2s.0@test", -7);
        Jid juliet = Jid.of("juliet@alpha.test/balcony");
        ConnectionEvent.Resumed kept = new ConnectionEvent.Resumed(
                keeper,
                juliet,
                new Management("kept", 300, 2, 3),
                ResourceState.NEW,
                5,
                4,
                6,
                41,
                1,
                List.of(
                        new ConnectionEvent.Deliver(
                                keeper, 7, false, 0, FakeOwner.message(juliet, "7"), 0, 0, true, null),
                        message(keeper, juliet, 8, 42)));
        gateway.owner.rest();
        gateway.owner.send(kept);
        assertThat(gateway.owner.next(SessionEvent.Detached.class).connection()).isEqualTo(keeper);
        assertThat(gateway.owner.next(SessionEvent.Received.class))
                .as("what one of the stanzas asks for")
                .isEqualTo(new SessionEvent.Received(keeper, juliet, 8));
        gateway.owner.send(message(keeper, juliet, 9, 0));
        gateway.owner.send(kept);
        assertThat(gateway.owner.next(SessionEvent.Detached.class).connection())
                .as("an answer may be lost")
                .isEqualTo(keeper);
        assertThat(gateway.gauge("stanzabus.c2s.streams.detached")).isEqualTo(1);

        SessionEvent.Announce announce = ClaimsTest.answer(gateway.successor(1), 1).stream()
                .map(SessionEvent.Announce.class::cast)
                .filter(each -> each.connection().equals(keeper))
                .findFirst()
                .orElseThrow();
        assertThat(announce.attached()).isFalse();
        assertThat(announce.stream()).isEqualTo(5);
        assertThat(announce.handled()).isEqualTo(4);
        assertThat(announce.delivered()).isEqualTo(6);
        assertThat(announce.lastLogId()).isEqualTo(42);
        assertThat(announce.management()).isEqualTo(kept.management());
        assertThat(announce.unconfirmed())
                .extracting(ConnectionEvent.Deliver::number)
                .containsExactly(7L, 8L, 9L);
    }

    private static ConnectionEvent.Deliver message(ConnectionId connection, Jid to, long number, long logId) {
        return new ConnectionEvent.Deliver(
                connection, number, false, logId, FakeOwner.message(to, "a"), Math.min(logId, 1), 0);
    }

    /// The gateway that had the stream may have sent it to an owner that has written it.
    @Test
    void whatTheClientSendsAgainIsLookedUp() throws Exception {
        client.send("<message id='fresh'/>");
        assertThat(gateway.owner.next(SessionEvent.FromClient.class).retry()).isFalse();
        TestClient again = gateway.login("romeo");
        again.resume(id, 0);
        again.until("<resumed ");
        again.send("<message id='fresh'/>");
        assertThat(gateway.owner.next(SessionEvent.FromClient.class).retry()).isTrue();
    }

    /// The question was asked twice, as when a claim is repeated.
    @Test
    void aSecondAnswerOfTheOwnerChangesNothing() throws Exception {
        TestClient again = gateway.login("romeo");
        again.resume(id, 0);
        again.until("<resumed ");
        ConnectionId connection = gateway.owner.next(SessionEvent.Resume.class).connection();
        gateway.owner.send(new ConnectionEvent.Resumed(
                connection, client.jid, new Management(id, 300, 0, 0), ResourceState.NEW, 5, 0, 0, 0, 0));
        again.send("<message id='1'/>");
        assertThat(again.asksForAck()).isEqualTo(1);
        assertThat(gateway.owner.rest()).noneMatch(SessionEvent.Detached.class::isInstance);
        assertThat(gateway.gauge("stanzabus.c2s.streams.detached")).isZero();
    }

    /// The new owner must know of a stream that the old one let go on for a client that is not there any more.
    @Test
    void aStreamResumedByAnOldOwnerForAClientThatLeftIsAnnounced() throws Exception {
        gateway.owner.answering = false;
        TestClient again = gateway.login("romeo");
        again.resume(id, 0);
        SessionEvent.Resume resume = gateway.owner.next(SessionEvent.Resume.class);
        again.drop();
        client.drop();
        Awaitility.await().until(() -> gateway.gauge("stanzabus.c2s.connections") == 0);
        FakeOwner next = gateway.successor(1);
        ClaimsTest.answer(next, 1);
        gateway.owner.send(new ConnectionEvent.Resumed(
                resume.connection(), client.jid, new Management(id, 300, 0, 0), ResourceState.NEW, 5, 0, 0, 0, 0));
        SessionEvent.Announce announce = next.next(SessionEvent.Announce.class);
        assertThat(announce.connection()).isEqualTo(resume.connection());
        assertThat(announce.attached()).isFalse();
        assertThat(announce.management().resumeId()).isEqualTo(id);
    }

    @Test
    void ofTwoClientsThatResumeAStreamTheLastHasIt() throws Exception {
        TestClient first = gateway.login("romeo");
        TestClient second = gateway.login("romeo");
        first.resume(id, 0);
        second.resume(id, 0);
        first.until("<resumed ");
        second.until("<resumed ");
        List<SessionEvent.Resume> asked =
                List.of(gateway.owner.next(SessionEvent.Resume.class), gateway.owner.next(SessionEvent.Resume.class));
        assertThat(asked.getFirst().connection()).isNotEqualTo(asked.getLast().connection());
        Awaitility.await().until(() -> gateway.gauge("stanzabus.c2s.streams.managed") == 1);
        FakeOwner next = gateway.successor(1);
        assertThat(ClaimsTest.answer(next, 1))
                .singleElement()
                .matches(event -> ((SessionEvent.Announce) event)
                        .connection()
                        .equals(asked.getLast().connection()));
    }

    @Test
    void withoutResumptionALostConnectionIsTheEnd() throws Exception {
        TestClient other = gateway.bound("juliet", "balcony");
        other.enable("");
        other.drop();
        assertThat(gateway.owner.next(SessionEvent.Gone.class).client()).isEqualTo(other.jid);
    }

    @Test
    void theOwnerEndsASessionThatNobodyResumes() throws Exception {
        ConnectionId connection = gateway.owner.connection(client);
        client.drop();
        detached();
        gateway.owner.send(new ConnectionEvent.Disconnect(connection, null));
        Awaitility.await().until(() -> gateway.gauge("stanzabus.c2s.streams.detached") == 0);
        assertThat(gateway.owner.rest()).noneMatch(SessionEvent.Gone.class::isInstance);
    }

    @Test
    void aGapIsNoticedWhileNobodyIsThere() throws Exception {
        ConnectionId connection = gateway.owner.connection(client);
        client.drop();
        detached();
        gateway.owner.send(
                new ConnectionEvent.Deliver(connection, 2, false, 0, FakeOwner.message(client.jid, "after a gap")));
        SessionEvent.Announce announce = gateway.owner.next(SessionEvent.Announce.class);
        assertThat(announce.attached()).isFalse();
        assertThat(announce.delivered()).isZero();
        assertThat(announce.unconfirmed()).isEmpty();
    }

    /// The client went away again while its stream was being resumed.
    @Test
    void aStreamResumedForAClientThatLeftWaitsAgain() throws Exception {
        client.drop();
        gateway.owner.next(SessionEvent.Detached.class);
        gateway.owner.answering = false;
        TestClient again = gateway.login("romeo");
        again.resume(id, 0);
        SessionEvent.Resume resume = gateway.owner.next(SessionEvent.Resume.class);
        again.drop();
        Awaitility.await().until(() -> gateway.gauge("stanzabus.c2s.connections") == 0);
        gateway.owner.send(new ConnectionEvent.Resumed(
                resume.connection(), client.jid, new Management(id, 300, 0, 0), ResourceState.NEW, 5, 0, 0, 0, 0));
        assertThat(gateway.owner.next(SessionEvent.Detached.class).connection()).isEqualTo(resume.connection());
    }

    /// A client that does not read loses its connection and may come back.
    @Test
    void whatDoesNotFitIsNotLost() throws Exception {
        List<String> large = java.util.Collections.nCopies(10, "x".repeat(100_000));
        for (int i = 0; i < 12; i++) {
            gateway.owner.deliver(client, false, large.toArray(String[]::new));
        }
        gateway.owner.next(SessionEvent.Detached.class);
        assertThat(client.untilEnd()).contains("<message ");
        client.close();
        TestClient again = gateway.login("romeo");
        again.resume(id, 119);
        assertThat(again.until("</message>")).contains("<resumed ");
    }
}
