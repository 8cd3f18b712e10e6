package im.stanzabus.s2s.component;

import static im.stanzabus.s2s.component.TestGateway.ECHO;
import static im.stanzabus.s2s.component.TestGateway.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.SessionEvent;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two processes answer for a component: which of them, when one or both have lost their streams, or
/// one stops.
@Timeout(60)
class ComponentHandoverTest {
    private TestGateway gateway;
    private TestComponent component;

    @BeforeEach
    void start() throws Exception {
        gateway = new TestGateway(ONE + "drain: 16 s\n");
        component = gateway.join();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private void componentLeaves() {
        component.send("</stream:stream>");
        assertThat(component.connection().rest()).hasSize(2);
    }

    /// Whoever has sent what waits sends it again, to where the component is.
    @Test
    void theOtherHasAStream() throws Exception {
        gateway.otherServes(true);
        componentLeaves();
        gateway.says(ECHO, "one");
        Awaitility.await().until(() -> !gateway.isServing());
        assertThat(gateway.rest()).isEmpty();

        TestComponent second = gateway.join();
        gateway.saysAgain(1, ECHO, "one");
        assertThat(second.body()).isEqualTo("one");
    }

    /// The component restarts: what is sent meanwhile waits for it, at both.
    @Test
    void bothHaveLostTheirStreams() throws Exception {
        gateway.otherServes(true);
        componentLeaves();
        gateway.otherServes(false);
        gateway.says(ECHO, "one");
        Awaitility.await().during(Duration.ofMillis(2_500)).until(gateway::isServing);

        component = gateway.join();
        assertThat(component.body()).isEqualTo("one");
    }

    @Test
    void whatNobodyKeepsIsSentOn() throws Exception {
        BlockingQueue<SessionEvent> sent = gateway.sentToOther();
        gateway.otherServes(true);
        componentLeaves();
        gateway.mentions(ECHO, "by the way");
        assertThat(sent.poll(10, TimeUnit.SECONDS)).isInstanceOfSatisfying(SessionEvent.Inbound.class, inbound -> {
            assertThat(inbound.stanza().payload()).hasToString("<body>by the way</body>");
            assertThat(inbound.replyTo()).isNull();
        });
    }

    /// What is on its way arrives before others get what is for the component: they would send it
    /// again.
    @Test
    void aProcessThatStopsFinishesFirst() throws Exception {
        String large = "o".repeat(100_000);
        int count = 150;
        component.connection().pauseReading();
        for (int i = 0; i < count; i++) {
            gateway.says(ECHO, large);
        }
        gateway.otherServes(true);
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> {
            try {
                gateway.stop();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        Awaitility.await().during(Duration.ofMillis(500)).until(gateway::isServing);
        component.connection().resumeReading();
        for (int i = 0; i < count; i++) {
            assertThat(component.body()).hasSize(large.length());
        }
        component.failsWith("system-shutdown");
        stopped.get(10, TimeUnit.SECONDS);
        assertThat(gateway.isServing()).isFalse();
        for (int i = 0; i < count; i++) {
            gateway.next(SessionEvent.Accepted.class);
        }
    }
}
