package im.stanzabus.s2s.component;

import static im.stanzabus.s2s.component.TestGateway.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.SessionEvent;
import im.stanzabus.testkit.Xml;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Connections of a component come, stop to read, and go; each receiver there gets his messages in
/// their order.
@Timeout(60)
class ComponentOrderTest {
    private static final int RECEIVERS = 10;

    /// More than the operating system takes for a connection, and less than may be kept.
    private static final int ROUNDS = 28;

    private static final String PADDING = ":" + "o".repeat(50_000);

    private static void round(TestGateway gateway, int round, String padding) {
        for (int i = 0; i < RECEIVERS; i++) {
            gateway.says("user" + i + "@echo.localhost", round + padding);
        }
    }

    @Test
    void aConnectionBreaks() throws Exception {
        orderIsKept(TestComponent::drop);
    }

    /// The gateway waits a while for what it has written, and then gives the connection up.
    @Test
    void aConnectionEnds() throws Exception {
        orderIsKept(component -> component.send("</stream:stream>"));
    }

    private static void orderIsKept(Consumer<TestComponent> end) throws Exception {
        try (TestGateway gateway = new TestGateway(ONE + "timeouts: {close: 1 s}\n")) {
            TestComponent one = gateway.join();
            one.connection().pauseReading();
            for (int round = 1; round <= ROUNDS; round++) {
                round(gateway, round, PADDING);
            }
            TestComponent two = gateway.join();
            round(gateway, ROUNDS + 1, ":");
            end.accept(one);
            round(gateway, ROUNDS + 2, ":");

            Map<String, Integer> last = new HashMap<>();
            while (last.size() < RECEIVERS || !last.values().stream().allMatch(round -> round == ROUNDS + 2)) {
                Xml message = two.stanza();
                int round = number(message);
                Integer before = last.put(message.attribute("to"), round);
                assertThat(round).isEqualTo(before == null ? Math.min(round, ROUNDS) : before + 1);
            }
            assertThat(last).hasSize(RECEIVERS);
        }
    }

    private static int number(Xml message) {
        String body = message.child("body").text();
        return Integer.parseInt(body.substring(0, body.indexOf(':')));
    }

    /// While all that a receiver was sent is read, a connection that joins gets its share.
    @Test
    void whoReadsSharesAtOnce() throws Exception {
        try (TestGateway gateway = new TestGateway(ONE)) {
            TestComponent one = gateway.join();
            round(gateway, 1, ":");
            for (int i = 0; i < RECEIVERS; i++) {
                assertThat(number(one.stanza())).isEqualTo(1);
            }
            List<TestComponent> others = List.of(gateway.join(), gateway.join(), gateway.join());
            for (int i = 0; i < 100; i++) {
                gateway.says("guest" + i + "@echo.localhost", "2:");
            }
            others.forEach(other -> assertThat(number(other.stanza())).isEqualTo(2));
            assertThat(number(one.stanza())).isEqualTo(2);
        }
    }

    /// All of it, although it is more than may wait for another server.
    @Test
    void whatHasWaitedComesInOrder() throws Exception {
        try (TestGateway gateway = new TestGateway(ONE)) {
            TestComponent first = gateway.join();
            first.send("</stream:stream>");
            assertThat(first.connection().rest()).hasSize(2);
            for (int round = 1; round <= ROUNDS; round++) {
                round(gateway, round, PADDING);
            }
            TestComponent second = gateway.join();
            for (int i = 0; i < ROUNDS * RECEIVERS; i++) {
                assertThat(number(second.stanza())).isEqualTo(1 + i / RECEIVERS);
            }
            for (int i = 0; i < ROUNDS * RECEIVERS; i++) {
                gateway.next(SessionEvent.Accepted.class);
            }
        }
    }
}
