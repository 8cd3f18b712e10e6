package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.SessionEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Back-pressure: a client is not read while too much of it is on the way to its owner.
class WindowTest {
    private TestGateway gateway;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.plain("limits: {unconfirmed-stanzas: 64}\n");
        client = gateway.bound("romeo", "orchard");
        gateway.owner.confirming = false;
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private void expect(long from, long to) throws InterruptedException {
        for (long number = from; number <= to; number++) {
            SessionEvent.FromClient stanza = gateway.owner.next(SessionEvent.FromClient.class);
            assertThat(stanza.number()).isEqualTo(number);
            assertThat(stanza.stanza().id()).isEqualTo(String.valueOf(number));
        }
    }

    private void confirm(long number) throws Exception {
        gateway.owner.send(new ConnectionEvent.Handled(gateway.owner.connection(client), number));
        // a stanza to another client shows that the gateway has dealt with the confirmation
        gateway.owner.deliver(client, false, "mark");
        client.until("</message>");
    }

    @Test
    void readingStopsAtTheWindowAndGoesOnBelowHalfOfIt() throws Exception {
        StringBuilder stanzas = new StringBuilder();
        for (int i = 1; i <= 200; i++) {
            stanzas.append("<presence id='").append(i).append("'/>");
        }
        client.send(stanzas.toString());
        expect(1, 65);
        confirm(32);
        assertThat(gateway.owner.rest()).noneMatch(SessionEvent.FromClient.class::isInstance);
        confirm(33);
        expect(66, 98);
        confirm(98);
        expect(99, 163);
        // beyond what was sent
        confirm(1_000);
        expect(164, 200);
    }

    /// A flood fills the network's buffers and not ours.
    @Test
    void aFloodIsHeldBackByTheNetwork() throws Exception {
        Thread flood = Thread.ofVirtual().start(() -> {
            try {
                String stanza = "<message id='m'><body>" + "x".repeat(8_000) + "</body></message>";
                while (true) {
                    client.send(stanza);
                }
            } catch (java.io.IOException e) {
                // the end of the test
            }
        });
        for (int i = 1; i <= 65; i++) {
            assertThat(gateway.owner.next(SessionEvent.FromClient.class).number())
                    .isEqualTo(i);
        }
        TestClient other = gateway.bound("juliet", "balcony");
        gateway.owner.deliver(other, false, "hello");
        other.until("</message>");
        // not all was read that the other side's and our own buffers take
        assertThat(gateway.count("stanzabus.c2s.bytes", "direction", "in")).isLessThan(65 * 8_100 + 200_000);
        assertThat(gateway.owner.rest()).noneMatch(SessionEvent.FromClient.class::isInstance);
        client.close();
        flood.join(10_000);
    }
}
