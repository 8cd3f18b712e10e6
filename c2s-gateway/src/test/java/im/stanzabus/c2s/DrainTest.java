package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.SessionEvent;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Clients move to other gateways when one stops, or is cut off.
class DrainTest {
    private TestGateway gateway;

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void aManagedStreamCanBeResumedAfterwards() throws Exception {
        gateway = TestGateway.plain("timeouts: {close: 300 ms}\n");
        TestClient client = gateway.bound("romeo", "orchard");
        client.enableResumption();
        TestClient plain = gateway.bound("juliet", "balcony");
        Future<Void> stopping = gateway.stop();
        client.expectStreamError("system-shutdown");
        plain.expectStreamError("system-shutdown");
        client.close();
        plain.close();
        TestGateway.result(stopping);
        List<Object> told = new ArrayList<>(gateway.owner.rest());
        assertThat(told)
                .filteredOn(SessionEvent.Detached.class::isInstance)
                .singleElement()
                .matches(event -> ((SessionEvent.Detached) event).client().equals(client.jid));
        assertThat(told)
                .filteredOn(SessionEvent.Gone.class::isInstance)
                .singleElement()
                .matches(event -> ((SessionEvent.Gone) event).client().equals(plain.jid));
    }

    @Test
    void whatTheClientSentIsHandledFirst() throws Exception {
        gateway = TestGateway.plain("timeouts: {close: 300 ms}\n");
        TestClient client = gateway.bound("romeo", "orchard");
        client.enableResumption();
        gateway.owner.confirming = false;
        client.send("<message id='1'/><message id='2'/>");
        SessionEvent.FromClient first = gateway.owner.next(SessionEvent.FromClient.class);
        gateway.owner.next(SessionEvent.FromClient.class);
        Future<Void> stopping = gateway.stop();
        TestGateway.result(gateway.vertx().timer(200));
        // what comes now is not read any more
        client.send("<message id='3'/>");
        gateway.owner.send(new ConnectionEvent.Handled(first.connection(), 2));
        assertThat(client.untilEnd())
                .startsWith("<a xmlns='urn:xmpp:sm:3' h='2'/><stream:error><system-shutdown ")
                .endsWith("</stream:stream>");
        client.close();
        TestGateway.result(stopping);
        gateway.owner.next(SessionEvent.Detached.class);
        assertThat(gateway.owner.rest()).noneMatch(SessionEvent.FromClient.class::isInstance);
    }

    @Test
    void whatIsNotHandledIsNotWaitedForLong() throws Exception {
        gateway = TestGateway.plain("timeouts: {close: 300 ms}\ndrain: 1 s\n");
        gateway.addGateway();
        TestClient client = gateway.bound("romeo", "orchard");
        client.enableResumption();
        gateway.owner.confirming = false;
        client.send("<message id='1'/>");
        gateway.owner.next(SessionEvent.FromClient.class);
        long start = System.nanoTime();
        TestGateway.result(gateway.stop());
        assertThat(System.nanoTime() - start).isLessThan(4_000_000_000L);
        gateway.owner.next(SessionEvent.Detached.class);
        // the last stanza stays the client's
        assertThat(client.untilEnd()).doesNotContain("<a ");
    }

    @Test
    void otherGatewaysAreNotFlooded() throws Exception {
        gateway = TestGateway.plain("timeouts: {close: 100 ms}\ndrain: 1 s\n");
        gateway.addGateway();
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(gateway.bound("user" + i, "orchard"));
            clients.getLast().enableResumption();
        }
        Future<Void> stopping = gateway.stop();
        int port = gateway.port();
        // it does not stop listening on the thread that stops it
        Awaitility.await()
                .untilAsserted(() -> assertThatThrownBy(() -> new TestClient(port).open(TestGateway.ALPHA))
                        .isInstanceOfAny(IOException.class, AssertionError.class));
        long start = System.nanoTime();
        List<Long> ends = new ArrayList<>();
        for (TestClient client : clients) {
            client.expectStreamError("system-shutdown");
            client.close();
            ends.add(System.nanoTime() - start);
        }
        TestGateway.result(stopping);
        assertThat(ends.getLast() - ends.getFirst()).isGreaterThan(200_000_000L);
        for (int i = 0; i < 10; i++) {
            gateway.owner.next(SessionEvent.Detached.class);
        }
    }

    @Test
    void aGatewayThatIsCutOffServesNobody() throws Exception {
        gateway = TestGateway.plain("timeouts: {close: 300 ms}\n");
        TestClient client = gateway.bound("romeo", "orchard");
        client.enableResumption();
        TestClient plain = gateway.bound("juliet", "balcony");
        gateway.cutOff.begins();
        client.expectStreamError("system-shutdown");
        plain.expectStreamError("system-shutdown");
        assertThat(gateway.connect().untilEnd()).doesNotContain("<stream");
        gateway.owner.next(SessionEvent.Detached.class);
        gateway.cutOff.ends();
        Awaitility.await().until(() -> {
            try (TestClient again = gateway.connect()) {
                again.open(TestGateway.ALPHA);
                return true;
            } catch (AssertionError e) {
                return false;
            }
        });
        // the session has waited, for a new owner to learn of it
        FakeOwner next = gateway.successor(0);
        assertThat(next.next(SessionEvent.Announce.class).client()).isEqualTo(client.jid);
    }
}
