package im.stanzabus.s2s.component;

import static im.stanzabus.s2s.component.TestGateway.ECHO;
import static im.stanzabus.s2s.component.TestGateway.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.testkit.Connection.Event;
import im.stanzabus.testkit.Xml;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several connections of one component, one that takes over from another, and none for a while.
@Timeout(60)
class ComponentLoadTest {
    private static final int RECEIVERS = 100;

    /// Sends one message to each of many receivers; returns who has received what.
    private static Map<TestComponent, Set<String>> spread(TestGateway gateway, TestComponent... components)
            throws Exception {
        for (int i = 0; i < RECEIVERS; i++) {
            gateway.says("user" + i + "@echo.localhost/r" + i, "hello");
        }
        for (int i = 0; i < RECEIVERS; i++) {
            gateway.next(SessionEvent.Accepted.class);
        }
        Map<TestComponent, Set<String>> received = new HashMap<>();
        for (TestComponent component : components) {
            received.put(component, receivers(component));
        }
        return received;
    }

    private static Set<String> receivers(TestComponent component) {
        Set<String> receivers = new HashSet<>();
        for (Event event = component.connection().poll(Duration.ofMillis(500));
                event instanceof Event.Element(Xml xml);
                event = component.connection().poll(Duration.ofMillis(500))) {
            receivers.add(xml.attribute("to"));
        }
        return receivers;
    }

    private static Set<String> all() {
        return IntStream.range(0, RECEIVERS)
                .mapToObj(i -> "user" + i + "@echo.localhost/r" + i)
                .collect(Collectors.toSet());
    }

    @Test
    void connectionsShareLoadByReceiver() throws Exception {
        try (TestGateway gateway = new TestGateway(ONE)) {
            TestComponent one = gateway.join();
            TestComponent two = gateway.join();
            Map<TestComponent, Set<String>> first = spread(gateway, one, two);
            assertThat(first.get(one)).hasSizeBetween(20, 80).doesNotContainAnyElementsOf(first.get(two));
            assertThat(first.get(two)).hasSize(RECEIVERS - first.get(one).size());
            assertThat(spread(gateway, one, two)).isEqualTo(first);

            two.drop();
            Awaitility.await().untilAsserted(() -> {
                gateway.says(first.get(two).iterator().next(), "are you there?");
                assertThat(receivers(one)).isNotEmpty();
            });
            gateway.rest();
            assertThat(spread(gateway, one).get(one)).containsAll(all());
        }
    }

    @Test
    void aConnectionTakesOverWhatAnotherHasNotGot() throws Exception {
        takesOver("", TestComponent::drop);
    }

    @Test
    void aConnectionThatIsNotReadIsGivenUp() throws Exception {
        takesOver("timeouts: {answer: 3 s}\n", _ -> {});
    }

    /// What the operating system has not taken for a connection goes to another one, and nothing
    /// else does.
    private static void takesOver(String yaml, Consumer<TestComponent> end) throws Exception {
        String large = "o".repeat(100_000);
        int count = 150; // more than the operating system takes, less than may wait
        try (TestGateway gateway = new TestGateway(ONE + "limits: {outgoing-bytes: 64 MiB}\n" + yaml)) {
            TestComponent one = gateway.join();
            one.connection().pauseReading();
            for (int i = 0; i < count; i++) {
                gateway.says(ECHO, large);
            }
            Set<Long> before = new HashSet<>();
            Awaitility.await()
                    .during(Duration.ofSeconds(1))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> !before.addAll(accepted(gateway.rest())));
            assertThat(before).isNotEmpty().hasSizeLessThan(count);

            TestComponent two = gateway.join();
            end.accept(one);
            for (int i = before.size(); i < count; i++) {
                assertThat(two.body()).hasSize(large.length());
            }
            Set<Long> after = new HashSet<>();
            Awaitility.await().until(() -> {
                after.addAll(accepted(gateway.rest()));
                return before.size() + after.size() >= count;
            });
            assertThat(after).doesNotContainAnyElementsOf(before).hasSize(count - before.size());
            gateway.says(ECHO, "the next one");
            assertThat(two.body()).isEqualTo("the next one");
        }
    }

    private static Set<Long> accepted(List<SessionEvent> events) {
        return events.stream()
                .filter(SessionEvent.Accepted.class::isInstance)
                .map(event -> ((SessionEvent.Accepted) event).origin().number())
                .collect(Collectors.toSet());
    }

    @Test
    void whoComesBackSoonHasMissedNothing() throws Exception {
        try (TestGateway gateway = new TestGateway(ONE)) {
            TestComponent first = gateway.join();
            first.send("</stream:stream>");
            assertThat(first.connection().rest()).hasSize(2);
            assertThat(gateway.isServed()).isTrue();
            gateway.says(ECHO, "one");
            gateway.says(ECHO, "two");
            TestComponent second = gateway.join();
            assertThat(second.body()).isEqualTo("one");
            assertThat(second.body()).isEqualTo("two");
            assertThat(gateway.next(SessionEvent.Accepted.class).origin()).isEqualTo(new Origin(3, 1));
            assertThat(gateway.next(SessionEvent.Accepted.class).origin()).isEqualTo(new Origin(3, 2));
        }
    }

    @Test
    void whoDoesNotComeBackIsGivenUp() throws Exception {
        String yaml = ONE.replace("port: 0,", "port: 0, queue: {time: 100 ms, stanzas: 2},");
        try (TestGateway gateway = new TestGateway(yaml)) {
            TestComponent first = gateway.join();
            first.send("</stream:stream>");
            assertThat(first.connection().rest()).hasSize(2);
            long waits = gateway.says("verona@echo.localhost", "hello");
            Stanza error = gateway.stanza();
            assertThat(error.from()).hasToString("verona@echo.localhost");
            assertThat(error.to()).hasToString("romeo@localhost/orchard");
            assertThat(error.toString()).contains("type='error'").contains("remote-server-timeout");
            assertThat(gateway.next(SessionEvent.Accepted.class).origin()).isEqualTo(new Origin(3, waits));
            gateway.awaitServed(false);
            gateway.join();
        }
    }

    @Test
    void littleWaits() throws Exception {
        String yaml = ONE.replace("port: 0,", "port: 0, queue: {stanzas: 2},");
        try (TestGateway gateway = new TestGateway(yaml)) {
            TestComponent first = gateway.join();
            first.send("</stream:stream>");
            assertThat(first.connection().rest()).hasSize(2);
            gateway.says(ECHO, "one");
            gateway.says(ECHO, "two");
            gateway.says(ECHO, "three");
            assertThat(gateway.stanza().toString()).contains("resource-constraint");
            TestComponent second = gateway.join();
            assertThat(second.body()).isEqualTo("one");
            assertThat(second.body()).isEqualTo("two");
        }
    }
}
