package im.stanzabus.sender;

import static im.stanzabus.sender.SenderProcesses.eventually;
import static im.stanzabus.sender.SenderProcesses.message;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.SessionEvent.Inbound;
import im.stanzabus.sender.SenderProcesses.Process;
import im.stanzabus.storage.EmbeddedPostgres;
import io.vertx.sqlclient.SqlConnection;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// One process sends at a time, and what one leaves the next one finishes.
@Timeout(120)
class TakeOverTest {
    private static final String JULIET = "juliet@example.org";

    @TempDir
    Path folder;

    /// The first has sent a row and not heard that it was taken over.
    private static void leaveOneInBetween(SenderProcesses processes, Process first) {
        eventually(first::works);
        processes.insert("a", message("a", JULIET));
        assertThat(processes.awaitOutcome("a")).isEqualTo("sent");
        processes.owner.hold();
        processes.insert("b", message("b", JULIET));
        eventually(() -> processes.owner.taken().size() == 2);
    }

    private static void theNextOneFinishes(SenderProcesses processes) {
        processes.insert("c", message("c", JULIET));
        eventually(() -> processes.owner.taken().size() == 3);
        processes.owner.release();
        assertThat(processes.awaitOutcome("b")).isEqualTo("sent");
        assertThat(processes.awaitOutcome("c")).isEqualTo("sent");
        assertThat(processes.owner.taken()).containsExactly("a", "b", "c");
        List<Inbound> ofB = processes.owner.arrived().stream()
                .filter(inbound -> "b".equals(inbound.stanza().id()))
                .toList();
        assertThat(ofB).hasSizeGreaterThanOrEqualTo(2);
        assertThat(ofB).extracting(Inbound::origin).containsOnly(ofB.getFirst().origin());
        assertThat(ofB.getFirst().retry()).isFalse();
        assertThat(ofB.subList(1, ofB.size())).allMatch(Inbound::retry);
    }

    @Test
    void whenTheFirstIsKilledTheSecondGoesOn() throws Exception {
        try (SenderProcesses processes = new SenderProcesses()) {
            Process first = processes.start();
            leaveOneInBetween(processes, first);
            Process second = processes.start();
            first.freeze();
            assertThat(second.works()).isFalse();
            processes.endTheConnectionWithTheLock();
            eventually(second::works);
            theNextOneFinishes(processes);
        }
    }

    /// Its connection stays open, but nothing is asked on it any more.
    @Test
    void whenTheFirstIsFrozenTheSecondGoesOn() throws Exception {
        try (SenderProcesses processes = new SenderProcesses()) {
            Process first = processes.start();
            leaveOneInBetween(processes, first);
            Process second = processes.start();
            first.freeze();
            eventually(second::works);
            theNextOneFinishes(processes);
            first.thaw().countDown();
            eventually(() -> !first.works());
            assertThat(second.works()).isTrue();
        }
    }

    @Test
    void whoLosesItsConnectionStopsAtOnceAndTriesAgain() {
        try (SenderProcesses processes = new SenderProcesses()) {
            Process only = processes.start();
            leaveOneInBetween(processes, only);
            processes.endTheConnectionWithTheLock();
            theNextOneFinishes(processes);
            assertThat(only.works()).isTrue();
        }
    }

    @Test
    void whoStopsGivesTheLockAway() {
        try (SenderProcesses processes = new SenderProcesses()) {
            Process first = processes.start();
            eventually(first::works);
            Process second = processes.start();
            first.stop();
            eventually(second::works);
            processes.insert("a", message("a", JULIET));
            assertThat(processes.awaitOutcome("a")).isEqualTo("sent");
            assertThat(first.works()).isFalse();
        }
    }

    @Test
    void whoIsCutOffLetsOthersSend() {
        try (SenderProcesses processes = new SenderProcesses()) {
            Process first = processes.start();
            eventually(first::works);
            Process second = processes.start();
            first.isolation().set("it is alone");
            eventually(second::works);
            assertThat(first.works()).isFalse();
            second.isolation().set("it is alone");
            first.isolation().set(null);
            eventually(first::works);
            processes.insert("a", message("a", JULIET));
            assertThat(processes.awaitOutcome("a")).isEqualTo("sent");
        }
    }

    /// What is accepted while the database is away gets its outcome when it is back.
    @Test
    void aRestartOfTheDatabaseLosesNothing() {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, 0);
        try (SenderProcesses processes = new SenderProcesses(postgres.config())) {
            Process only = processes.start();
            leaveOneInBetween(processes, only);
            postgres.close();
            processes.owner.release();
            eventually(() -> !only.works());
            postgres = EmbeddedPostgres.start(folder, postgres.config().port());
            assertThat(processes.awaitOutcome("b")).isEqualTo("sent");
            processes.insert("c", message("c", JULIET));
            assertThat(processes.awaitOutcome("c")).isEqualTo("sent");
            assertThat(processes.owner.taken()).containsExactly("a", "b", "c");
        } finally {
            postgres.close();
        }
    }

    /// It has asked for rows, and another process may have sent them by the time when it gets them.
    @Test
    void whatAFrozenProcessGetsLateMayHaveBeenSent() throws Exception {
        try (SenderProcesses processes = new SenderProcesses()) {
            Process only = processes.start();
            eventually(only::works);
            processes.execute("ALTER TABLE stanza_outbox DISABLE TRIGGER stanza_outbox_inserted");
            processes.insert("a", message("a", JULIET));
            SqlConnection slow = processes.lockTable();
            processes.execute("NOTIFY stanza_outbox");
            processes.awaitBlocked("WITH waiting");
            only.freeze();
            processes.unlock(slow);
            eventually(() -> processes.number("SELECT count(*) FROM stanza_outbox"
                            + " WHERE taken_at < clock_timestamp() - interval '5 s'")
                    == 1);
            only.thaw().countDown();
            assertThat(processes.awaitOutcome("a")).isEqualTo("sent");
            assertThat(processes.owner.arrived()).isNotEmpty().allMatch(Inbound::retry);
        }
    }

    /// It has heard that a stanza was accepted, and loses the lock and the connection on which it writes that.
    @Test
    void thatAStanzaWasSentIsWrittenThoughTheProcessHasStopped() {
        try (SenderProcesses processes = new SenderProcesses()) {
            Process only = processes.start();
            leaveOneInBetween(processes, only);
            SqlConnection slow = processes.lockTable();
            processes.owner.release();
            processes.awaitBlocked("UPDATE stanza_outbox o SET outcome");
            int before = processes.owner.arrived().size();
            processes.endTheConnectionWithTheLock();
            eventually(() -> !only.works());
            processes.endBlocked("UPDATE stanza_outbox o SET outcome");
            eventually(only::works);
            processes.unlock(slow);
            assertThat(processes.awaitOutcome("b")).isEqualTo("sent");
            assertThat(processes.owner.arrived()).as("not sent again").hasSize(before);
        }
    }
}
