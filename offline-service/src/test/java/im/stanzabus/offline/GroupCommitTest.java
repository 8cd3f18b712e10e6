package im.stanzabus.offline;

import static im.stanzabus.offline.LogServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.LogRequest.Mark;
import im.stanzabus.bus.api.LogRequest.MarkDelivered;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import io.micrometer.core.instrument.DistributionSummary;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private final LogServer log = new LogServer();

    @AfterEach
    void close() {
        log.close();
    }

    private static Jid account(int number) {
        return Jid.of("account" + number + "@example.org");
    }

    /// The number of the next transaction that writes.
    private long transaction() {
        return log.number("SELECT pg_current_xact_id()::text::bigint");
    }

    @Test
    void commitsManyRequestsTogether() {
        log.append(account(0), 1, 1);
        long before = transaction();
        List<Future<?>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add(log.appendSoon(List.of(LogServer.entry(account(i % 100), 2 + i / 100))));
        }
        await(Future.all(answers));
        long commits = transaction() - before - 1;
        assertThat(log.number("SELECT count(*) FROM message_log")).isEqualTo(1001);
        assertThat(commits).isBetween(5L, 50L);

        DistributionSummary sizes = log.metrics.get("stanzabus.log.batch").summary();
        // PostgreSQL itself writes now and then.
        assertThat(sizes.count() - 1).isBetween(5L, commits);
        assertThat(sizes.max()).isLessThanOrEqualTo(AppendQueue.MAX_BATCH);
        assertThat(log.metrics
                        .get("stanzabus.log.entries")
                        .tag("outcome", "kept")
                        .counter()
                        .count())
                .isEqualTo(1001);
        assertThat(log.metrics.get("stanzabus.log.pending").gauge().value()).isZero();
    }

    /// PostgreSQL numbers transactions when they first write: within an account the numbers must grow
    /// with the ids, although two groups run at a time.
    @Test
    void commitsTheEntriesOfAnAccountInOrder() {
        List<Future<?>> answers = new ArrayList<>();
        for (int id = 1; id <= 900; id++) {
            List<Entry> one = new ArrayList<>();
            one.add(LogServer.entry(account(0), id));
            one.add(LogServer.entry(account(1 + id % 7), id));
            answers.add(log.appendSoon(one));
        }
        await(Future.all(answers));
        assertThat(log.number("SELECT count(*) FROM message_log")).isEqualTo(1800);
        assertThat(log.number("SELECT count(DISTINCT xmin::text) FROM message_log"))
                .isGreaterThan(5);
        assertThat(log.number("""
                                SELECT count(*) FROM (
                                    SELECT xmin::text::bigint < lag(xmin::text::bigint) OVER (PARTITION BY owner ORDER BY id) AS back
                                    FROM message_log) AS steps
                                WHERE back""")).isZero();
    }

    @Test
    void refusesMoreThanItCanHold() {
        List<Entry> tooMany = LogServer.entries(account(0), 1, AppendQueue.MAX_PENDING + 1);
        assertThatThrownBy(() -> await(log.appendSoon(tooMany)))
                .isInstanceOf(BusFailure.class)
                .extracting(e -> ((BusFailure) e).error())
                .satisfies(error -> {
                    StanzaError refusal = (StanzaError) error;
                    assertThat(refusal.condition()).isEqualTo(StanzaError.Condition.RESOURCE_CONSTRAINT);
                    assertThat(refusal.type()).isEqualTo(StanzaError.Type.WAIT);
                });
        assertThat(log.number("SELECT count(*) FROM message_log")).isZero();
        assertThat(log.append(account(0), 1, 1)).containsExactly(Outcome.KEPT);
    }

    @Test
    void doesNotLetOneBadEntryHarmTheOthersOfItsGroup() {
        log.execute("ALTER TABLE message_log ADD CHECK (owner <> 'account13@example.org')");
        List<Future<List<Outcome>>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(log.appendSoon(List.of(LogServer.entry(account(i), 1))));
        }
        await(Future.all(answers));
        for (int i = 0; i < 50; i++) {
            if (i == 13) {
                assertThat(answers.get(i).result()).containsExactly(Outcome.REFUSED);
            } else {
                assertThat(answers.get(i).result()).containsExactly(Outcome.KEPT);
            }
        }
        assertThat(log.number("SELECT count(*) FROM message_log")).isEqualTo(49);
    }

    /// A failure of which nobody knows whether it will last is no refusal.
    @Test
    void doesNotRefuseWhatFailsForAnotherReason() {
        log.execute("ALTER FUNCTION log_write RENAME TO log_write_gone");
        Future<List<Outcome>> answer = log.appendSoon(List.of(LogServer.entry(account(1), 1)));
        assertThatThrownBy(() -> await(answer))
                .isInstanceOf(BusFailure.class)
                .extracting(e -> ((BusFailure) e).error().type())
                .isEqualTo(StanzaError.Type.WAIT);
        log.execute("ALTER FUNCTION log_write_gone RENAME TO log_write");
        assertThat(log.append(account(1), 1, 1)).containsExactly(Outcome.KEPT);
    }

    @Test
    void movesManyMarksInFewCommits() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            entries.addAll(LogServer.entries(account(i), 1, 10));
        }
        await(log.appendSoon(entries));
        long before = transaction();
        List<Future<?>> answers = new ArrayList<>();
        for (long id = 1; id <= 10; id++) {
            for (int i = 0; i < 50; i++) {
                answers.add(log.bus.request(
                        Addresses.LOG, new MarkDelivered(List.of(new Mark(account(i), id, 1))), Done.class));
            }
        }
        await(Future.all(answers));
        assertThat(transaction() - before - 1).isLessThan(50);
        assertThat(log.number("SELECT count(*) FROM message_log")).isZero();
        assertThat(log.number("SELECT min(delivered_id) FROM log_standing")).isEqualTo(10);
    }
}
