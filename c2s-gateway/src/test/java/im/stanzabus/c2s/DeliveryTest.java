package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Stanza;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What owners hand to clients: order, confirmation, what comes back, and clients that do not read.
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
        gateway.owner.deliver(client, 1, false, bodies);
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
        gateway.owner.deliver(client, 1, true, "a", "b");
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
        gateway.owner.deliver(client, 7, true, "a");
        nextBody();
        client.send("<iq type='error' id='" + pingId() + "'><error type='cancel'>"
                + "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
        assertThat(gateway.owner.next(SessionEvent.Delivered.class).number()).isEqualTo(7);
    }

    @Test
    void whatFollowsAPingIsConfirmedByTheNext() throws Exception {
        gateway.owner.deliver(client, 1, true, "a");
        nextBody();
        String first = pingId();
        gateway.owner.deliver(client, 2, true, "b");
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
        gateway.owner.deliver(client, 1, true, "a");
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
        gateway.owner.deliver(client, 1, false, "a");
        assertThat(client.until("</message>") + client.sync()).doesNotContain("urn:xmpp:ping");
    }

    /// The client does not read: its connection ends, and the owner has all back that the client cannot have read, in
    /// order and without gaps, but for what is in the log anyhow.
    @Test
    void aClientThatDoesNotReadLosesItsConnectionAndNoStanza() throws Exception {
        int sent = fillUntilGone();
        List<Stanza> undelivered = gateway.owner.next(SessionEvent.Gone.class).undelivered();
        assertThat(undelivered).isNotEmpty().hasSizeLessThan(sent);
        List<Integer> numbers =
                undelivered.stream().map(stanza -> number(stanza)).toList();
        assertThat(numbers)
                .isEqualTo(IntStream.range(sent - numbers.size(), sent).boxed().toList());
        String read = client.untilEnd();
        int lastWhole = read.lastIndexOf("</message>");
        String last = read.substring(read.lastIndexOf("<body>", lastWhole) + 6);
        // the client may have got what came back, but must have got what did not
        assertThat(Integer.parseInt(last.substring(0, last.indexOf(' '))))
                .isGreaterThanOrEqualTo(numbers.getFirst() - 1);
    }

    private int fillUntilGone() throws Exception {
        int sent = 0;
        while (gateway.metrics.find("stanzabus.c2s.stream.errors").counters().isEmpty()) {
            List<ConnectionEvent> batch = new ArrayList<>();
            ConnectionId connection = gateway.owner.connection(client);
            for (int i = 0; i < 10; i++) {
                batch.add(new ConnectionEvent.Deliver(
                        connection, sent + 1, false, FakeOwner.message(client.jid, sent + " " + LARGE)));
                sent++;
            }
            gateway.owner.send(batch.toArray(ConnectionEvent[]::new));
            TestGateway.result(gateway.vertx().timer(1));
        }
        assertThat(gateway.count("stanzabus.c2s.stream.errors", "condition", "resource-constraint"))
                .isEqualTo(1);
        return sent;
    }

    private static int number(Stanza stanza) {
        String body = stanza.payload().children().getFirst().text();
        return Integer.parseInt(body.substring(0, body.indexOf(' ')));
    }

    @Test
    void memoryForAClientThatDoesNotReadIsBounded() throws Exception {
        gateway.owner.deliver(client, 1, true, "a");
        fillUntilGone();
        List<Stanza> undelivered = gateway.owner.next(SessionEvent.Gone.class).undelivered();
        long bytes = undelivered.stream()
                .mapToLong(stanza -> stanza.payload().bytes().length)
                .sum();
        assertThat(bytes).isLessThan(2 << 20);
        assertThat(undelivered.stream().map(stanza -> stanza.payload().toString()))
                .doesNotContain("<body>a</body>");
    }

    @Test
    void whatComesForAConnectionThatIsGoneGoesBack() throws Exception {
        ConnectionId connection = gateway.owner.connection(client);
        client.close();
        gateway.owner.next(SessionEvent.Gone.class);
        gateway.owner.send(
                new ConnectionEvent.Deliver(connection, 1, false, FakeOwner.message(client.jid, "1 late")),
                new ConnectionEvent.Deliver(connection, 2, true, FakeOwner.message(client.jid, "2 in the log")),
                new ConnectionEvent.Deliver(connection, 3, false, FakeOwner.message(client.jid, "3 later")));
        SessionEvent.Gone gone = gateway.owner.next(SessionEvent.Gone.class);
        assertThat(gone.client()).isEqualTo(client.jid);
        assertThat(gone.undelivered().stream().map(DeliveryTest::number)).containsExactly(1, 3);
    }

    /// The stream is over, the client has not closed its side.
    @Test
    void whatComesAfterTheEndOfTheStreamGoesBack() throws Exception {
        client.send("<unknown xmlns='urn:x'/>");
        client.until("</stream:stream>");
        assertThat(gateway.owner.next(SessionEvent.Gone.class).undelivered()).isEmpty();
        gateway.owner.deliver(client, 1, false, "1 late");
        assertThat(gateway.owner.next(SessionEvent.Gone.class).undelivered().stream()
                        .map(DeliveryTest::number))
                .containsExactly(1);
    }
}
