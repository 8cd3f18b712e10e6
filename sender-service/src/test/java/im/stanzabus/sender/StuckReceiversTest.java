package im.stanzabus.sender;

import static im.stanzabus.sender.SenderProcesses.AT_ONCE;
import static im.stanzabus.sender.SenderProcesses.CONFIG;
import static im.stanzabus.sender.SenderProcesses.await;
import static im.stanzabus.sender.SenderProcesses.eventually;
import static im.stanzabus.sender.SenderProcesses.message;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.Subscription;
import im.stanzabus.sender.SenderProcesses.Process;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What cannot be sent at the moment holds up nothing but what is for the same receiver, and does not go astray.
@Timeout(120)
class StuckReceiversTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final SenderConfig FEW = new SenderConfig(16, LONG, LONG);
    private static final int MANY = 100;

    private final SenderProcesses processes = new SenderProcesses();

    /// Plays the gateway to other servers.
    private final FakeOwner gateway = new FakeOwner();

    @AfterEach
    void close() {
        processes.close();
    }

    private Process start(SenderConfig config, Duration settling) {
        Process process = processes.start(config, settling);
        await(process.bus()
                .consume("s2s.0", SessionEvent.Batch.class, batch -> gateway.receive(process.bus(), batch))
                .completion());
        return process;
    }

    private List<String> insertMany(String name, List<String> receivers) {
        List<String> keys = new ArrayList<>();
        List<String> stanzas = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            keys.add(name + i);
            stanzas.add(message(name + i, receivers.get(i % receivers.size())));
        }
        processes.insertAll(keys, stanzas);
        return keys;
    }

    private long sent(String name) {
        return processes.number(
                "SELECT count(*) FROM stanza_outbox WHERE outcome = 'sent' AND idempotency_key LIKE '" + name + "%'");
    }

    @Test
    void aDomainThatDoesNotAnswerHoldsUpNobodyElse() {
        gateway.hold();
        start(FEW, AT_ONCE);
        List<String> far = insertMany("far", List.of("benvolio@far.example"));
        insertMany("near", List.of("juliet@example.org", "nurse@example.org", "tybalt@near.example"));
        // near.example is behind the same gateway, and has its own share
        eventually(() -> sent("near") >= MANY - MANY / 3);
        assertThat(sent("far")).isZero();
        gateway.release();
        eventually(() -> sent("") == 2 * MANY);
        assertThat(gateway.taken().stream().filter(far::contains)).containsExactlyElementsOf(far);
        assertThat(processes.owner.arrived()).noneMatch(inbound -> inbound.retry());
    }

    /// Its service may be about to start.
    @Test
    void whatIsFromADomainThatNobodyServesHoldsUpNobodyElse() {
        Process process = start(FEW, LONG);
        List<String> keys = new ArrayList<>();
        List<String> stanzas = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            keys.add("room" + i);
            stanzas.add("<message from='verona@rooms.example.org' to='user" + i % (MANY / 2) + "@example.org' id='room"
                    + i + "'/>");
        }
        processes.insertAll(keys, stanzas);
        processes.insert("behind", message("behind", "user0@example.org"));
        processes.insert("other", message("other", "nurse@example.org"));
        assertThat(processes.awaitOutcome("other")).isEqualTo("sent");
        assertThat(processes.owner.taken()).containsExactly("other");
        process.services().announce(SenderProcesses.service("rooms.example.org"));
        processes.serve(process.bus(), "domain:rooms.example.org");
        eventually(() -> sent("") == MANY + 2);
        assertThat(processes.owner.taken())
                .containsSubsequence("room0", "room" + MANY / 2, "behind")
                .hasSize(MANY + 2);
    }

    /// A gateway to other servers would take it, and its sender would be told that there is no such server.
    @Test
    void whatIsForAServiceThatRestartsDoesNotGoToAnotherServer() {
        Process process = start(CONFIG, LONG);
        for (String domain : List.of("rooms.example.org", "rooms.example.net")) {
            process.services().announce(SenderProcesses.service(domain));
            Subscription served = processes.serve(process.bus(), "domain:" + domain);
            processes.insert("before " + domain, message("before " + domain, "verona@" + domain));
            assertThat(processes.awaitOutcome("before " + domain)).isEqualTo("sent");
            process.services().withdraw(SenderProcesses.service(domain));
            await(served.unregister());
            processes.insert("after " + domain, message("after " + domain, "verona@" + domain));
        }
        processes.insert("far", message("far", "benvolio@far.example"));
        assertThat(processes.awaitOutcome("far")).isEqualTo("sent");
        assertThat(gateway.taken()).containsExactly("far");
        for (String domain : List.of("rooms.example.org", "rooms.example.net")) {
            assertThat(processes.outcome("after " + domain)).isEmpty();
            processes.serve(process.bus(), "domain:" + domain);
            process.services().announce(SenderProcesses.service(domain));
            assertThat(processes.awaitOutcome("after " + domain)).isEqualTo("sent");
        }
        assertThat(gateway.taken()).containsExactly("far");
    }
}
