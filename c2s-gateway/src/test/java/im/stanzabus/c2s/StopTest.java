package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.bus.SessionEvent;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// RFC 6120 section 4.9.3.19: the end of the server.
class StopTest {
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.plain("instances: 2\ntimeouts: {close: 300 ms}\n");
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void allStreamsEndInGoodOrder() throws Exception {
        TestClient bound = gateway.bound("romeo", "orchard");
        TestClient opened = gateway.connect();
        opened.open(TestGateway.ALPHA);
        gateway.owner.deliver(bound, false, "last words");
        bound.until("</message>");
        Future<Void> stopping = gateway.stop();
        for (TestClient client : List.of(bound, opened)) {
            client.expectStreamError("system-shutdown");
            client.close();
        }
        TestGateway.result(stopping);
        assertThat(gateway.owner.next(SessionEvent.Gone.class).client()).isEqualTo(bound.jid);
        int port = gateway.port();
        assertThatThrownBy(() -> new TestClient(port)).isInstanceOf(IOException.class);
    }

    @Test
    void clientsThatDoNotReadAreNotWaitedForLong() throws Exception {
        TestClient plain = gateway.bound("romeo", "orchard");
        TestClient secured = gateway.track(TestClient.directTls(gateway.directTlsPort(), _ -> {}));
        secured.login("juliet", TestGateway.ALPHA);
        secured.bind("balcony");
        gateway.owner.connected(secured, "juliet@alpha.test/balcony");
        String large = "x".repeat(100_000);
        for (int i = 1; i <= 35; i++) {
            gateway.owner.deliver(plain, false, large);
            gateway.owner.deliver(secured, false, large);
        }
        long start = System.nanoTime();
        TestGateway.result(gateway.stop());
        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
        assertThat(List.of(
                        gateway.owner.next(SessionEvent.Gone.class).client(),
                        gateway.owner.next(SessionEvent.Gone.class).client()))
                .containsExactlyInAnyOrder(plain.jid, secured.jid);
    }
}
