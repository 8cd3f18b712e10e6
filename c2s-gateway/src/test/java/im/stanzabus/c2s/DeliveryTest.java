package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.StreamError;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What owners hand to clients: order, confirmation, and clients that do not read.
class DeliveryTest {
    private static final String LARGE = "x".repeat(10_000);

    private TestGateway gateway;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.plain("limits: {outgoing-bytes: 1 MiB}\ntimeouts: {close: 200 ms}\n");
        client = gateway.bound("romeo", "orchard");
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private String nextBody() throws Exception {
        String message = client.until("</message>");
        int start = message.indexOf("<body>") + 6;
        return message.substring(start, message.indexOf("</body>"));
    }

    @Test
    void stanzasOfOneTurnLeaveInOnePieceAndInOrder() throws Exception {
        double before = gateway.metrics.get("stanzabus.c2s.flushes").counter().count();
        String[] bodies = IntStream.range(0, 50).mapToObj(String::valueOf).toArray(String[]::new);
        gateway.owner.deliver(client, false, bodies);
        for (String body : bodies) {
            assertThat(nextBody()).isEqualTo(body);
        }
        assertThat(gateway.metrics.get("stanzabus.c2s.flushes").counter().count() - before)
                .isEqualTo(1);
        assertThat(gateway.count("stanzabus.c2s.stanzas", "direction", "out")).isEqualTo(50);
    }

    private String pingId() throws Exception {
        String ping = client.until("</iq>");
        assertThat(ping)
                .contains("type='get'")
                .contains("from='alpha.test' to='romeo@alpha.test/orchard'>")
                .endsWith("<ping xmlns='urn:xmpp:ping'/></iq>");
        int start = ping.indexOf(" id='") + 5;
        return ping.substring(start, ping.indexOf('\'', start));
    }

    @Test
    void deliveryIsConfirmedByAPingBehindTheLastStanza() throws Exception {
        gateway.owner.deliver(client, true, "a", "b");
        assertThat(nextBody()).isEqualTo("a");
        assertThat(nextBody()).isEqualTo("b");
        client.send("<iq type='result' id='" + pingId() + "' to='alpha.test'/>");
        SessionEvent.Delivered delivered = gateway.owner.next(SessionEvent.Delivered.class);
        assertThat(delivered.number()).isEqualTo(2);
        assertThat(delivered.client()).isEqualTo(client.jid);
        client.sync();
        assertThat(gateway.owner.rest()).isEmpty();
    }

    /// A client that does not know XEP-0199 answers too.
    @Test
    void anErrorIsAnAnswerToo() throws Exception {
        gateway.owner.deliver(client, true, "a");
        nextBody();
        client.send("<iq type='error' id='" + pingId() + "'><error type='cancel'>"
                + "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
        assertThat(gateway.owner.next(SessionEvent.Delivered.class).number()).isEqualTo(1);
    }

    @Test
    void whatFollowsAPingIsConfirmedByTheNext() throws Exception {
        gateway.owner.deliver(client, true, "a");
        nextBody();
        String first = pingId();
        gateway.owner.deliver(client, true, "b");
        nextBody();
        client.send("<iq type='result' id='" + first + "'/>");
        assertThat(gateway.owner.next(SessionEvent.Delivered.class).number()).isEqualTo(1);
        String second = pingId();
        assertThat(second).isNotEqualTo(first);
        client.send("<iq type='result' id='" + second + "'/>");
        assertThat(gateway.owner.next(SessionEvent.Delivered.class).number()).isEqualTo(2);
    }

    @Test
    void othersAnswersAndOldOnesConfirmNothing() throws Exception {
        gateway.owner.deliver(client, true, "a");
        nextBody();
        String id = pingId();
        client.send("<iq type='result' id='guess'/><iq type='result' id='" + id + "' to='juliet@alpha.test/x'/>");
        assertThat(gateway.owner.next(SessionEvent.FromClient.class).stanza().id())
                .isEqualTo("guess");
        assertThat(gateway.owner.next(SessionEvent.FromClient.class).stanza().id())
                .isEqualTo(id);
        assertThat(gateway.owner.rest()).isEmpty();
    }

    @Test
    void nothingIsAskedWhereNothingIsToBeConfirmed() throws Exception {
        gateway.owner.deliver(client, false, "a");
        assertThat(client.until("</message>") + client.sync()).doesNotContain("urn:xmpp:ping");
    }

    /// What the socket has taken is told for many stanzas at once.
    @Test
    void whatTheSocketHasTakenIsToldAtLast() throws Exception {
        String[] bodies = IntStream.range(0, 16).mapToObj(String::valueOf).toArray(String[]::new);
        gateway.owner.deliver(client, false, bodies);
        for (String body : bodies) {
            assertThat(nextBody()).isEqualTo(body);
        }
        assertThat(gateway.owner.next(SessionEvent.Delivered.class).number()).isEqualTo(16);
        long start = System.nanoTime();
        gateway.owner.deliver(client, false, "one", "two");
        SessionEvent.Delivered delivered = gateway.owner.next(SessionEvent.Delivered.class);
        assertThat(delivered.number()).isEqualTo(18);
        assertThat(System.nanoTime() - start).isLessThan(3_000_000_000L);
        client.sync();
        assertThat(gateway.owner.rest()).isEmpty();
    }

    /// What is behind a stanza that the client must confirm is not confirmed before that one, whatever the socket took.
    @Test
    void whatIsNotConfirmedHoldsBackWhatFollows() throws Exception {
        gateway.owner.deliver(client, true, "a");
        nextBody();
        String id = pingId();
        gateway.owner.deliver(client, false, "b");
        nextBody();
        client.sync();
        TestGateway.result(gateway.vertx().timer(1_200));
        assertThat(gateway.owner.rest()).noneMatch(SessionEvent.Delivered.class::isInstance);
        client.send("<iq type='result' id='" + id + "'/>");
        assertThat(gateway.owner.next(SessionEvent.Delivered.class).number()).isEqualTo(2);
    }

    /// The bus has lost something: the owner hears what the client has, and delivers what is missing.
    @Test
    void aGapIsFilledByTheOwner() throws Exception {
        gateway.owner.deliver(client, false, "1");
        nextBody();
        ConnectionId connection = gateway.owner.connection(client);
        gateway.owner.confirming = false;
        client.send("<message id='m'/>");
        gateway.owner.next(SessionEvent.FromClient.class);
        ConnectionEvent[] three = IntStream.rangeClosed(2, 4)
                .mapToObj(number -> new ConnectionEvent.Deliver(
                        connection, number, false, 0, FakeOwner.message(client.jid, String.valueOf(number))))
                .toArray(ConnectionEvent[]::new);
        gateway.owner.send(three[1], three[2]);
        SessionEvent.Announce announce = gateway.owner.next(SessionEvent.Announce.class);
        assertThat(announce.delivered() + announce.unconfirmed().size()).isEqualTo(1);
        assertThat(announce.attached()).isTrue();
        // what the owner has not handled may be lost as well
        assertThat(gateway.owner.next(SessionEvent.FromClient.class).retry()).isTrue();
        gateway.owner.send(three);
        assertThat(List.of(nextBody(), nextBody(), nextBody())).containsExactly("2", "3", "4");
        client.sync();
        assertThat(gateway.owner.rest()).noneMatch(SessionEvent.Announce.class::isInstance);
    }

    @Test
    void whatWasHandedOverBeforeIsNotHandedOverAgain() throws Exception {
        gateway.owner.deliver(client, false, "a");
        ConnectionId connection = gateway.owner.connection(client);
        gateway.owner.send(
                new ConnectionEvent.Deliver(connection, 1, false, 0, FakeOwner.message(client.jid, "a again")));
        gateway.owner.deliver(client, false, "b");
        assertThat(List.of(nextBody(), nextBody())).containsExactly("a", "b");
    }

    @Test
    void whatOthersThanTheOwnerSayIsDropped() throws Exception {
        ConnectionId connection = gateway.owner.connection(client);
        FakeOwner stranger = new FakeOwner(gateway.bus, "sm.9");
        stranger.send(
                new ConnectionEvent.Deliver(connection, 1, false, 0, FakeOwner.message(client.jid, "foreign")),
                new ConnectionEvent.Disconnect(connection, StreamError.of(StreamError.Condition.CONFLICT)));
        gateway.owner.deliver(client, false, "own");
        assertThat(nextBody()).isEqualTo("own");
    }

    @Test
    void theOwnerHearsWhatTheGatewayHasAndNobodyElseDoes() throws Exception {
        ConnectionId connection = gateway.owner.connection(client);
        FakeOwner stranger = new FakeOwner(gateway.bus, "sm.9");
        stranger.send(new ConnectionEvent.Deliver(
                connection, 1, false, 0, FakeOwner.message(client.jid, "foreign"), 0, 0, true, null));
        gateway.owner.send(new ConnectionEvent.Deliver(
                connection, 1, false, 0, FakeOwner.message(client.jid, "own"), 0, 0, true, null));
        assertThat(nextBody()).isEqualTo("own");
        assertThat(gateway.owner.next(SessionEvent.Received.class))
                .isEqualTo(new SessionEvent.Received(connection, client.jid, 1));
        assertThat(stranger.rest()).isEmpty();
    }

    /// The client does not read: its connection ends, and the owner knows how much the client can have read.
    @Test
    void aClientThatDoesNotReadLosesItsConnectionAndNoStanza() throws Exception {
        int sent = fillUntilGone();
        long number = gateway.owner.next(SessionEvent.Gone.class).number();
        assertThat(number).isPositive().isLessThan(sent);
        String read = client.untilEnd();
        int lastWhole = read.lastIndexOf("</message>");
        String last = read.substring(read.lastIndexOf("<body>", lastWhole) + 6);
        // the client may have got more than what it is said to have, and must have got that
        assertThat(Integer.parseInt(last.substring(0, last.indexOf(' ')))).isGreaterThanOrEqualTo((int) number);
    }

    @Test
    void memoryForAClientThatDoesNotReadIsBounded() throws Exception {
        gateway.owner.deliver(client, true, "a");
        int sent = fillUntilGone();
        // what is to be confirmed by the client itself was not
        assertThat(gateway.owner.next(SessionEvent.Gone.class).number()).isZero();
        // what waits here, and what the network's buffers of both sides hold
        assertThat((long) sent * LARGE.length()).isLessThan(12 << 20);
    }

    private int fillUntilGone() throws Exception {
        int sent = 0;
        while (gateway.metrics.find("stanzabus.c2s.stream.errors").counters().isEmpty()) {
            String[] bodies = new String[10];
            for (int i = 0; i < bodies.length; i++) {
                bodies[i] = ++sent + " " + LARGE;
            }
            gateway.owner.deliver(client, false, bodies);
            TestGateway.result(gateway.vertx().timer(1));
        }
        assertThat(gateway.count("stanzabus.c2s.stream.errors", "condition", "resource-constraint"))
                .isEqualTo(1);
        return sent;
    }

    @Test
    void whatComesForAConnectionThatIsGoneIsDropped() throws Exception {
        client.close();
        gateway.owner.next(SessionEvent.Gone.class);
        gateway.owner.deliver(client, false, "late");
        gateway.bound("juliet", "balcony").sync();
        assertThat(gateway.owner.rest()).allMatch(SessionEvent.Bind.class::isInstance);
    }

    /// The stream is over, the client has not closed its side.
    @Test
    void whatComesAfterTheEndOfTheStreamIsDropped() throws Exception {
        client.send("<unknown xmlns='urn:x'/>");
        client.until("</stream:stream>");
        assertThat(gateway.owner.next(SessionEvent.Gone.class).number()).isZero();
        gateway.owner.deliver(client, false, "late");
        assertThat(client.untilEnd()).isEmpty();
        assertThat(gateway.owner.rest()).isEmpty();
    }

    /// The owner has forgotten the session when it has a connection ended.
    @Test
    void theOwnerIsNotToldOfWhatItEndsItself() throws Exception {
        gateway.owner.send(new ConnectionEvent.Disconnect(
                gateway.owner.connection(client), StreamError.of(StreamError.Condition.CONFLICT)));
        client.expectStreamError("conflict");
        client.close();
        TestClient other = gateway.bound("juliet", "balcony");
        gateway.owner.send(new ConnectionEvent.Disconnect(gateway.owner.connection(other), null));
        assertThat(other.untilEnd()).isEqualTo("</stream:stream>");
        other.close();
        Awaitility.await().until(() -> gateway.gauge("stanzabus.c2s.connections") == 0);
        assertThat(gateway.owner.rest()).allMatch(SessionEvent.Bind.class::isInstance);
    }
}
