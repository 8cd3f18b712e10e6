package im.stanzabus.sender;

import static im.stanzabus.sender.SenderProcesses.AT_ONCE;
import static im.stanzabus.sender.SenderProcesses.CONFIG;
import static im.stanzabus.sender.SenderProcesses.await;
import static im.stanzabus.sender.SenderProcesses.eventually;
import static im.stanzabus.sender.SenderProcesses.message;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.SessionEvent.Inbound;
import im.stanzabus.bus.Subscription;
import im.stanzabus.sender.SenderProcesses.Process;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SenderTest {
    private static final String JULIET = "juliet@example.org";
    private static final Duration LONG = Duration.ofHours(1);

    private final SenderProcesses processes = new SenderProcesses();

    @AfterEach
    void close() {
        processes.close();
    }

    @Test
    void whatIsInsertedIsSentOnce() {
        Process process = processes.start();
        processes.insert("a", message("a", JULIET));

        assertThat(processes.awaitOutcome("a")).isEqualTo("sent");
        assertThat(processes.owner.arrived()).singleElement().satisfies(inbound -> {
            assertThat(inbound.stanza().from()).isEqualTo(Jid.of("alerts@example.org/db1"));
            assertThat(inbound.stanza().to()).isEqualTo(Jid.of(JULIET));
            assertThat(inbound.stanza().payload()).hasToString("<body>a</body>");
            assertThat(inbound.retry()).isFalse();
        });
        assertThat(processes.number("SELECT count(*) FROM stanza_outbox"
                        + " WHERE created_at <= taken_at AND taken_at <= done_at AND detail IS NULL"))
                .isOne();
        eventually(() -> process.count("sent") == 1);
    }

    @Test
    void whatWasInsertedBeforeTheStartIsSent() {
        processes.insert("a", message("a", JULIET));
        processes.start();
        assertThat(processes.awaitOutcome("a")).isEqualTo("sent");
    }

    @Test
    void whatIsForOneReceiverKeepsItsOrder() {
        processes.start(new SenderConfig(32, LONG, LONG), AT_ONCE);
        List<String> ids = new ArrayList<>();
        List<String> stanzas = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            String to = i % 2 == 0 ? JULIET : "nurse@example.org";
            ids.add("m" + i);
            stanzas.add(message("m" + i, to));
        }
        processes.insertAll(ids, stanzas);

        eventually(() -> processes.number("SELECT count(*) FROM stanza_outbox WHERE outcome = 'sent'") == 500);
        for (int rest = 0; rest < 2; rest++) {
            int parity = rest;
            assertThat(processes.owner.taken().stream().filter(id -> Integer.parseInt(id.substring(1)) % 2 == parity))
                    .containsExactlyElementsOf(ids.stream()
                            .filter(id -> Integer.parseInt(id.substring(1)) % 2 == parity)
                            .toList());
        }
    }

    /// A transaction that began early and ends late.
    @Test
    void aRowThatAppearsBehindLaterOnesIsSentToo() {
        processes.start();
        SqlConnection slow = await(processes.database.pool().getConnection());
        await(slow.query("BEGIN").execute());
        await(slow.preparedQuery("INSERT INTO stanza_outbox (idempotency_key, stanza) VALUES ('slow', $1)")
                .execute(Tuple.of(message("slow", JULIET))));
        processes.insert("fast", message("fast", JULIET));
        assertThat(processes.awaitOutcome("fast")).isEqualTo("sent");
        await(slow.query("COMMIT").execute());
        await(slow.close());
        assertThat(processes.awaitOutcome("slow")).isEqualTo("sent");
        assertThat(processes.owner.taken()).containsExactly("fast", "slow");
    }

    @Test
    void onlySoManyAreUnderWay() {
        processes.owner.hold();
        Process process = processes.start(new SenderConfig(8, Duration.ofMillis(100), LONG), AT_ONCE);
        for (int i = 0; i < 30; i++) {
            processes.insert("m" + i, message("m" + i, "user" + i + "@example.org"));
        }
        // what waits is counted after it has looked whether more can be taken
        eventually(
                () -> process.metrics().get("stanzabus.sender.waiting").gauge().value() == 30);
        assertThat(processes.number("SELECT count(*) FROM stanza_outbox WHERE taken_at IS NOT NULL"))
                .isBetween(5L, 8L);
        processes.owner.release();
        eventually(() -> processes.number("SELECT count(*) FROM stanza_outbox WHERE outcome = 'sent'") == 30);
    }

    @Test
    void theSameKeyTwiceSendsOnce() {
        processes.start();
        processes.insert("a", message("a", JULIET));
        Future<RowSet<Row>> again = processes.tryToInsert("a", message("b", JULIET));
        await(again.otherwiseEmpty());
        assertThat(again.cause())
                .isInstanceOfSatisfying(
                        PgException.class,
                        refused -> assertThat(refused.getSqlState()).isEqualTo("23505"));
        processes.execute("INSERT INTO stanza_outbox (idempotency_key, stanza) VALUES ('a', '"
                + message("c", JULIET).replace("'", "''") + "') ON CONFLICT (idempotency_key) DO NOTHING");
        processes.insert("d", message("d", JULIET));

        assertThat(processes.awaitOutcome("d")).isEqualTo("sent");
        assertThat(processes.owner.taken()).containsExactly("a", "d");
    }

    /// The next look at the table would be in an hour.
    @Test
    void anInsertWakesTheSender() {
        Process process = processes.start();
        eventually(process::works);
        processes.insert("a", message("a", JULIET));
        assertThat(processes.awaitOutcome("a")).isEqualTo("sent");
        for (int i = 0; i < 5; i++) {
            String key = "b" + i;
            processes.insert(key, message(key, JULIET));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(3))
                    .until(() -> processes.outcome(key).equals("sent"));
        }
    }

    @Test
    void withoutBeingWokenItLooksNowAndThen() {
        processes.execute("ALTER TABLE stanza_outbox DISABLE TRIGGER stanza_outbox_inserted");
        Process process = processes.start(new SenderConfig(256, Duration.ofMillis(200), LONG), AT_ONCE);
        eventually(process::works);
        processes.insert("a", message("a", JULIET));
        assertThat(processes.awaitOutcome("a")).isEqualTo("sent");
    }

    @Test
    void whatMayNotBeSentIsRefusedWithTheReason() {
        Process process = processes.start();
        Map<String, String> wrong = Map.of(
                "hello",
                "refused: bad-format",
                "<message to='juliet@example.org'/>",
                "refused: the message has no from",
                "<message from='a@example.org'/>",
                "refused: the message has no to",
                "<iq from='a@example.org' to='juliet@example.org' type='get'/>",
                "refused: bad-request",
                "<!DOCTYPE x><message from='a@example.org' to='b@example.org'/>",
                "refused: restricted-xml",
                "<presence from='romeo@example.org' to='juliet@example.org' type='subscribe'/>",
                "refused: type: accounts here",
                message("a", JULIET) + message("b", JULIET),
                "refused: not one message",
                "<message from='x@far.example' to='juliet@example.org'/>",
                "refused: from: far.example is not served here");
        wrong.keySet().forEach(stanza -> processes.insert("key of " + stanza, stanza));
        wrong.forEach((stanza, outcome) ->
                assertThat(processes.awaitOutcome("key of " + stanza)).startsWith(outcome));
        processes.insert("right", message("right", JULIET));
        assertThat(processes.awaitOutcome("right")).isEqualTo("sent");
        assertThat(processes.owner.taken()).containsExactly("right");
        eventually(() -> process.count("refused") == wrong.size());
    }

    @Test
    void theTableTakesNoLongTexts() {
        Future<RowSet<Row>> large = processes.tryToInsert("large", message("x".repeat(262_144), JULIET));
        Future<RowSet<Row>> longKey = processes.tryToInsert("k".repeat(256), message("a", JULIET));
        await(Future.join(large, longKey).otherwiseEmpty());
        assertThat(List.of(large, longKey))
                .allSatisfy(refused -> assertThat(refused.cause())
                        .isInstanceOfSatisfying(
                                PgException.class,
                                e -> assertThat(e.getSqlState()).isEqualTo("23514")));
    }

    @Test
    void servicesMaySendAndAreReached() {
        Process process = processes.start(CONFIG, LONG);
        processes.insert("to", message("to", "verona@rooms.example.org"));
        processes.insert("to2", message("to2", "verona@rooms.example.org"));
        processes.insert("from", "<message from='verona@rooms.example.org' to='juliet@example.org' id='from'/>");
        processes.insert("a", message("a", "nurse@example.org"));
        assertThat(processes.awaitOutcome("a")).isEqualTo("sent");
        assertThat(processes.owner.taken()).as("the service is about to start").containsExactly("a");
        assertThat(processes.outcome("to")).isEmpty();

        processes.serve(process.bus(), "domain:rooms.example.org");
        process.services().announce(SenderProcesses.service("rooms.example.org"));
        assertThat(processes.awaitOutcome("to")).isEqualTo("sent");
        assertThat(processes.awaitOutcome("to2")).isEqualTo("sent");
        assertThat(processes.awaitOutcome("from")).isEqualTo("sent");
        assertThat(processes.owner.taken()).containsSubsequence("to", "to2").contains("from");
    }

    @Test
    void aReceiverThatNobodyServesIsUnreachable() {
        Process process = processes.start();
        processes.insert("far", message("far", "benvolio@far.example"));
        assertThat(processes.awaitOutcome("far")).isEqualTo("unreachable: to: nobody serves far.example");
        processes.serve(process.bus(), "s2s.0");
        processes.insert("far2", message("far2", "benvolio@far.example"));
        assertThat(processes.awaitOutcome("far2")).isEqualTo("sent");
        assertThat(processes.owner.taken()).containsExactly("far2");
    }

    /// It is waited for, and then it is not known what it has done.
    @Test
    void aServiceThatGoesAwayWithAStanzaLeavesADoubt() {
        Process process = processes.start();
        process.services().announce(SenderProcesses.service("rooms.example.org"));
        Subscription served = processes.serve(process.bus(), "domain:rooms.example.org");
        processes.owner.hold();
        processes.insert("a", message("a", "verona@rooms.example.org"));
        eventually(() -> processes.owner.taken().size() == 1);
        await(served.unregister());
        assertThat(processes.awaitOutcome("a"))
                .isEqualTo("unreachable: to: nobody serves rooms.example.org; it may have arrived before");
    }

    @Test
    void presenceAndIqAreSent() {
        processes.start();
        processes.insert("p", "<presence from='example.org' to='juliet@example.org' type='unavailable' id='p'/>");
        processes.insert(
                "i", "<iq from='example.org' to='juliet@example.org/x' type='get' id='i'><q xmlns='urn:q'/></iq>");
        assertThat(processes.awaitOutcome("p")).isEqualTo("sent");
        assertThat(processes.awaitOutcome("i")).isEqualTo("sent");
        assertThat(processes.owner.taken()).containsExactly("p", "i");
    }

    @Test
    void allHaveOneStreamAndTheNumberOfTheirRow() {
        processes.start();
        processes.insert("a", message("a", JULIET));
        processes.insert("b", message("b", "nurse@example.org"));
        processes.awaitOutcome("b");
        processes.awaitOutcome("a");
        List<Inbound> arrived = processes.owner.arrived();
        assertThat(arrived)
                .extracting(each -> each.origin().stream())
                .containsOnly(arrived.getFirst().origin().stream());
        assertThat(arrived)
                .extracting(each -> each.origin().number())
                .containsExactly(
                        processes.number("SELECT id FROM stanza_outbox WHERE idempotency_key = 'a'"),
                        processes.number("SELECT id FROM stanza_outbox WHERE idempotency_key = 'b'"));
    }

    @Test
    void oldOutcomesAreForgotten() {
        for (String key : List.of("old", "young")) {
            processes.insert(key, message(key, JULIET));
        }
        processes.execute("UPDATE stanza_outbox SET outcome = 'sent', done_at = now() - interval '8 days'"
                + " WHERE idempotency_key = 'old'");
        processes.execute("UPDATE stanza_outbox SET outcome = 'sent', done_at = now() - interval '6 days'"
                + " WHERE idempotency_key = 'young'");
        processes.start();
        eventually(() -> processes.number("SELECT count(*) FROM stanza_outbox") == 1);
        assertThat(processes.outcome("young")).isEqualTo("sent");
    }

    /// What the manual grants is enough, and no more than is needed.
    @Test
    void aProgramNeedsFewRights() throws Exception {
        processes.start();
        String role = "program_" + System.nanoTime();
        String grant = Files.readAllLines(Path.of("..", "docs", "operating.md")).stream()
                .filter(line -> line.startsWith("GRANT "))
                .findFirst()
                .orElseThrow();
        processes.execute("CREATE ROLE " + role);
        processes.execute(grant.replace("TO alerts", "TO " + role));
        SqlConnection program = await(processes.database.pool().getConnection());
        await(program.query("SET ROLE " + role).execute());
        await(program.query("INSERT INTO stanza_outbox (idempotency_key, stanza) VALUES ('a', '"
                        + message("a", JULIET).replace("'", "''") + "') ON CONFLICT (idempotency_key) DO NOTHING")
                .execute());
        assertThat(await(program.query("SELECT outcome, detail FROM stanza_outbox WHERE idempotency_key = 'a'")
                                .execute())
                        .size())
                .isOne();
        for (String tooMuch : List.of(
                "UPDATE stanza_outbox SET outcome = NULL",
                "DELETE FROM stanza_outbox",
                "SELECT stanza FROM stanza_outbox",
                "INSERT INTO stanza_outbox (idempotency_key, stanza, outcome, done_at) VALUES ('b', 'b', 'sent', now())",
                "SELECT count(*) FROM message_log")) {
            Future<RowSet<Row>> refused = program.query(tooMuch).execute();
            await(refused.otherwiseEmpty());
            assertThat(refused.cause())
                    .as(tooMuch)
                    .isInstanceOfSatisfying(
                            PgException.class, e -> assertThat(e.getSqlState()).isEqualTo("42501"));
        }
        await(program.query("RESET ROLE").execute());
        await(program.close());
        assertThat(processes.awaitOutcome("a")).isEqualTo("sent");
        processes.execute("DROP OWNED BY " + role);
        processes.execute("DROP ROLE " + role);
    }
}
