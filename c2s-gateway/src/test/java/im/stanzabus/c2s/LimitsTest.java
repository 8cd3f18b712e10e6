package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.SessionEvent;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// XEP-0205 and RFC 6120 section 13.12: how much clients may take.
class LimitsTest {
    private TestGateway gateway;

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void connectionsPerAddressAreLimited() throws Exception {
        gateway = TestGateway.plain("instances: 2\nlimits: {connections-per-address: 2}\n");
        TestClient first = gateway.connect();
        first.open(TestGateway.ALPHA);
        gateway.connect().open(TestGateway.ALPHA);
        assertThat(gateway.connect().untilEnd()).doesNotContain("<stream");
        assertThat(gateway.metrics
                        .get("stanzabus.c2s.connections.refused")
                        .counter()
                        .count())
                .isEqualTo(1);
        first.close();
        Awaitility.await().until(() -> gateway.gauge("stanzabus.c2s.connections") == 1);
        gateway.connect().open(TestGateway.ALPHA);
    }

    @Test
    void connectionsAreCountedAndUncounted() throws Exception {
        gateway = TestGateway.plain();
        TestClient bound = gateway.bound("romeo", "orchard");
        TestClient opened = gateway.connect();
        opened.open(TestGateway.ALPHA);
        assertThat(gateway.gauge("stanzabus.c2s.connections")).isEqualTo(2);
        assertThat(gateway.gauge("stanzabus.c2s.bound")).isEqualTo(1);
        bound.close();
        opened.send("</stream:stream>");
        opened.untilEnd();
        Awaitility.await()
                .untilAsserted(() -> assertThat(List.of(
                                gateway.gauge("stanzabus.c2s.connections"), gateway.gauge("stanzabus.c2s.bound")))
                        .containsOnly(0.0));
    }

    @Test
    void allConnectionsTogetherAreLimited() throws Exception {
        gateway = TestGateway.plain("limits: {connections: 1}\n");
        gateway.connect().open(TestGateway.ALPHA);
        assertThat(gateway.connect().untilEnd()).doesNotContain("<stream");
    }

    @Test
    void elementsBeforeLoginAreSmall() throws Exception {
        gateway = TestGateway.plain("limits: {stanza-bytes-before-login: 4 KiB}\n");
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        client.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + "A".repeat(5_000));
        client.expectStreamError("policy-violation");
    }

    @Test
    void bytesBeforeLoginAreFew() throws Exception {
        gateway = TestGateway.plain("limits: {bytes-before-login: 8 KiB}\n");
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        client.send(" ".repeat(9_000));
        client.expectStreamError("policy-violation");
    }

    @Test
    void stanzasAreLimitedAfterLogin() throws Exception {
        gateway = TestGateway.plain("limits: {stanza-bytes: 20000, depth: 8, attributes: 8}\n");
        TestClient client = gateway.bound("romeo", "orchard");
        client.send("<message id='fits'><body>" + "x".repeat(19_000) + "</body></message>");
        assertThat(gateway.owner.next(SessionEvent.FromClient.class).stanza().id())
                .isEqualTo("fits");
        client.send("<message><body>" + "x".repeat(21_000));
        client.expectStreamError("policy-violation");
        TestClient deep = gateway.bound("juliet", "deep");
        deep.send("<message>" + "<a>".repeat(9));
        deep.expectStreamError("policy-violation");
        TestClient wide = gateway.bound("juliet", "wide");
        wide.send("<message a='' b='' c='' d='' e='' f='' g='' h='' i='' >");
        wide.expectStreamError("policy-violation");
    }

    @Test
    void theRateOfBytesIsLimitedAndNothingIsLost() throws Exception {
        gateway = TestGateway.plain("limits: {bytes-per-second: 50000}\n");
        TestClient client = gateway.bound("romeo", "orchard");
        long start = System.nanoTime();
        String stanza = "<message id='m'><body>" + "x".repeat(9_960) + "</body></message>";
        for (int i = 0; i < 10; i++) {
            client.send(stanza);
        }
        for (int i = 1; i <= 10; i++) {
            assertThat(gateway.owner.next(SessionEvent.FromClient.class).number())
                    .isEqualTo(i);
        }
        // 100 000 bytes, of which 50 000 may come at once
        assertThat(System.nanoTime() - start).isGreaterThan(700_000_000L);
    }
}
