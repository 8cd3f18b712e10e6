package im.stanzabus.offline;

import static im.stanzabus.offline.LogServer.JULIET;
import static im.stanzabus.offline.LogServer.ROMEO;
import static im.stanzabus.offline.LogServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LogRequest.ArchivePreference;
import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.LogRequest.Mark;
import im.stanzabus.bus.api.LogRequest.MarkDelivered;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.bus.api.LogRequest.Standing;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who may write for an account, and what it is told about its log.
class StandingTest {
    private final LogServer log = new LogServer(new OfflineConfig(10, 100), LogServer.HOST);

    @AfterEach
    void close() {
        log.close();
    }

    private static Entry of(long epoch, long id) {
        return Change.of(LogServer.entry(JULIET, id)).epoch(epoch).entry();
    }

    @Test
    void knowsNothingOfANewAccount() {
        assertThat(log.claim(JULIET, 7))
                .isEqualTo(new Standing(false, 0, 0, 0, 10, ArchivePreference.ALWAYS, List.of(), List.of()));
    }

    @Test
    void countsWhatWaitsUpToTheQuotaAndOne() {
        log.append(JULIET, 1, 9);
        log.append(Change.of(LogServer.entry(JULIET, 10)).sent().entry());
        assertThat(log.claim(JULIET, 2).waiting()).isEqualTo(9);
        log.append(JULIET, 11, 30);
        assertThat(log.standing(JULIET).stale()).isTrue();
        assertThat(log.claim(JULIET, 2)).satisfies(standing -> {
            assertThat(standing.lastId()).isEqualTo(10);
            assertThat(standing.waiting()).isEqualTo(9);
        });
        for (long id = 11; id <= 30; id++) {
            assertThat(log.append(of(2, id))).containsExactly(Outcome.KEPT);
        }
        assertThat(log.claim(JULIET, 2).waiting()).isEqualTo(11);
        log.delivered(JULIET, 28);
        assertThat(log.claim(JULIET, 2)).satisfies(standing -> {
            assertThat(standing.deliveredId()).isEqualTo(28);
            assertThat(standing.lastId()).isEqualTo(30);
            assertThat(standing.waiting()).isEqualTo(2);
        });
    }

    @Test
    void refusesAnOwnerThatWasReplaced() {
        assertThat(log.append(of(3, 1), of(3, 2))).containsExactly(Outcome.KEPT, Outcome.KEPT);
        assertThat(log.claim(JULIET, 4).lastId()).isEqualTo(2);
        assertThat(log.append(of(3, 3), LogServer.entry(ROMEO, 1), of(4, 3)))
                .containsExactly(Outcome.STALE, Outcome.KEPT, Outcome.KEPT);
        assertThat(log.append(of(3, 2))).containsExactly(Outcome.STALE);
        assertThat(log.claim(JULIET, 3).stale()).isTrue();
        assertThat(log.claim(JULIET, 4).stale()).isFalse();
        assertThat(log.undelivered(JULIET)).containsExactly(1L, 2L, 3L);
    }

    /// What it counts is about another log, perhaps: the account may have been removed and made anew.
    @Test
    void leavesTheMarksOfAnOwnerAsideThatWasReplaced() {
        log.append(of(3, 1), of(3, 2), of(3, 3));
        log.delivered(JULIET, 1, 3);
        assertThat(log.undelivered(JULIET)).containsExactly(2L, 3L);
        log.claim(JULIET, 4);
        log.delivered(JULIET, 2, 3);
        assertThat(log.undelivered(JULIET)).containsExactly(2L, 3L);
        log.delivered(JULIET, 2, 4);
        assertThat(log.undelivered(JULIET)).containsExactly(3L);
        log.delivered(JULIET, 3, 0);
        assertThat(log.undelivered(JULIET)).as("of the version before").isEmpty();
    }

    @Test
    void aNewAccountLosesNothingToTheMarksOfItsFormersOwner() {
        log.append(of(3, 1), of(3, 2), of(3, 3));
        await(log.bus.request("purge:offline-service", new Purge(JULIET), Done.class));
        log.claim(JULIET, 4);
        log.append(of(4, 1));
        log.delivered(JULIET, 3, 3);
        assertThat(log.append(of(4, 2))).containsExactly(Outcome.KEPT);
        Entry late = Change.of(of(3, 4)).delivered(3).entry();
        assertThat(log.append(late, of(4, 3))).containsExactly(Outcome.STALE, Outcome.KEPT);
        assertThat(log.undelivered(JULIET)).containsExactly(1L, 2L, 3L);
    }

    /// They come from two owners at the same time, as far as one commit can tell.
    @Test
    void theLatestOwnersMarkCountsWhateverAnotherSaysMeanwhile() {
        log.append(of(3, 1), of(3, 2), of(3, 3));
        log.claim(JULIET, 4);
        log.ask(
                new MarkDelivered(List.of(new Mark(JULIET, 3, 3), new Mark(JULIET, 1, 4), new Mark(JULIET, 2, 3))),
                Done.class);
        assertThat(log.undelivered(JULIET)).containsExactly(2L, 3L);
    }

    @Test
    void learnsAHigherEpochFromItsEntries() {
        assertThat(log.append(of(3, 1))).containsExactly(Outcome.KEPT);
        assertThat(log.append(of(5, 2), of(4, 3))).containsExactly(Outcome.KEPT, Outcome.STALE);
        assertThat(log.claim(JULIET, 4).stale()).isTrue();
        assertThat(log.undelivered(JULIET)).containsExactly(1L, 2L);
    }

    @Test
    void doesNotWriteWhenTheOwnerIsTheSame() {
        log.claim(JULIET, 4);
        long written = log.number("SELECT xmin::text::bigint FROM log_standing");
        log.claim(JULIET, 4);
        log.claim(JULIET, 3);
        assertThat(log.number("SELECT xmin::text::bigint FROM log_standing")).isEqualTo(written);
        log.claim(JULIET, 5);
        assertThat(log.number("SELECT xmin::text::bigint FROM log_standing")).isNotEqualTo(written);
    }

    /// What the old owner still writes is either in the standing or refused, however the two meet.
    @Test
    void claimsBehindWhatIsBeingWritten() {
        log.append(of(1, 1));
        SqlConnection old = await(log.database.pool().getConnection());
        await(old.query("BEGIN").execute());
        await(old.query("UPDATE log_standing SET last_id = 2 WHERE owner = '" + JULIET + "'")
                .execute());
        Future<Standing> claim = Future.future(promise -> log.bus
                .request(
                        im.stanzabus.bus.Addresses.LOG,
                        new im.stanzabus.bus.api.LogRequest.Claim(JULIET, 2),
                        Standing.class)
                .onComplete(promise));
        awaitWaiting(1);
        await(old.query("COMMIT").execute());
        await(old.close());
        assertThat(await(claim).lastId()).isEqualTo(2);
        assertThat(log.append(of(1, 3))).containsExactly(Outcome.STALE);
    }

    /// Two instances, each with entries of the same accounts in another order.
    @Test
    void keepsTheOrderOfAccountsWhenSeveralInstancesWrite() {
        log.start(LogServer.CONFIG, java.time.Duration.ofSeconds(9), List.of(LogServer.HOST));
        List<Future<?>> answers = new ArrayList<>();
        for (int id = 1; id <= 200; id++) {
            answers.add(log.appendSoon(List.of(LogServer.entry(JULIET, id), LogServer.entry(ROMEO, id))));
            answers.add(log.appendSoon(List.of(LogServer.entry(ROMEO, id), LogServer.entry(JULIET, id))));
        }
        await(Future.all(answers));
        assertThat(log.undelivered(JULIET)).hasSize(200).isSorted();
        assertThat(log.undelivered(ROMEO)).hasSize(200).isSorted();
    }

    /// Of which some need a second look: they are locked in the order of all, or two calls wait for each other.
    @Test
    void keepsTheOrderOfAccountsWhenSomeMayHaveBeenWritten() {
        Jid tybalt = Jid.of("tybalt@example.org");
        for (Jid account : List.of(JULIET, ROMEO, tybalt)) {
            log.append(account, 1, 1);
        }
        SqlConnection third = await(log.database.pool().getConnection());
        await(third.query("BEGIN").execute());
        await(third.query("UPDATE log_standing SET epoch = 1 WHERE owner = '" + tybalt + "'")
                .execute());
        Future<List<Outcome>> append = log.appendSoon(List.of(
                Change.of(LogServer.entry(JULIET, 2)).retry().entry(),
                LogServer.entry(ROMEO, 2),
                LogServer.entry(tybalt, 2)));
        awaitWaiting(1);
        Future<?> marks = log.database
                .pool()
                .query("SELECT log_reached(ARRAY['" + JULIET + "', '" + ROMEO + "'], ARRAY[1, 1])")
                .execute();
        awaitWaiting(2);
        await(third.query("COMMIT").execute());
        await(third.close());
        await(marks);
        assertThat(await(append)).containsOnly(Outcome.KEPT);
    }

    private void awaitWaiting(int transactions) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (log.number("SELECT count(*) FROM pg_locks WHERE NOT granted") < transactions) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }
}
