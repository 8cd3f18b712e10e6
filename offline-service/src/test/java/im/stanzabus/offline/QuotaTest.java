package im.stanzabus.offline;

import static im.stanzabus.offline.LogServer.JULIET;
import static im.stanzabus.offline.LogServer.ROMEO;
import static im.stanzabus.offline.LogServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.LogRequest.Mark;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuotaTest {
    private static final OfflineConfig TEN = new OfflineConfig(10, Duration.ZERO);
    private final LogServer log = new LogServer(TEN);

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void keepsExactlyAsManyAsAllowed() {
        assertThat(log.append(JULIET, 1, 9)).doesNotContain(false);
        assertThat(log.append(JULIET, 10, 12)).containsExactly(true, false, false);
        assertThat(log.append(JULIET, 13, 13)).containsExactly(false);
        assertThat(log.append(ROMEO, 1, 1)).containsExactly(true);
        assertThat(log.mark(JULIET).waiting()).isEqualTo(10);
        assertThat(log.metrics.get("stanzabus.log.refused").counter().count()).isEqualTo(3);
    }

    @Test
    void doesNotCountARepetition() {
        log.append(JULIET, 1, 9);
        assertThat(log.append(JULIET, 8, 11)).containsExactly(true, true, true, false);
        assertThat(log.append(JULIET, 1, 10)).doesNotContain(false);
        assertThat(log.mark(JULIET).waiting()).isEqualTo(10);
    }

    @Test
    void hasRoomAgainAfterDelivery() {
        log.append(JULIET, 1, 11);
        log.delivered(JULIET, 4);
        assertThat(log.append(JULIET, 12, 16)).containsExactly(true, true, true, true, false);
        assertThat(log.undelivered(JULIET)).containsExactly(5L, 6L, 7L, 8L, 9L, 10L, 12L, 13L, 14L, 15L);
    }

    /// A refused entry whose answer got lost is asked for again after later ones have been delivered.
    @Test
    void neverClaimsToHaveKeptWhatItRefused() {
        assertThat(log.append(JULIET, 1, 11)).last().isEqualTo(false);
        log.delivered(JULIET, 10);
        assertThat(log.append(JULIET, 12, 12)).containsExactly(true);
        log.delivered(JULIET, 12);
        assertThat(log.append(JULIET, 11, 11)).containsExactly(false);
        assertThat(log.append(JULIET, 12, 12)).containsExactly(true);
    }

    @Test
    void takesARefusedEntryWhenItIsRepeatedAndThereIsRoom() {
        log.append(JULIET, 1, 11);
        log.delivered(JULIET, 10);
        assertThat(log.append(JULIET, 11, 11)).containsExactly(true);
        assertThat(log.undelivered(JULIET)).containsExactly(11L);
    }

    @Test
    void holdsWhenSeveralInstancesWriteForTheSameAccount() {
        log.start(TEN, Duration.ofSeconds(9));
        log.start(TEN, Duration.ofSeconds(9));
        List<Future<List<Boolean>>> answers = new ArrayList<>();
        for (int id = 1; id <= 100; id++) {
            answers.add(log.appendSoon(List.of(LogServer.entry(JULIET, id), LogServer.entry(ROMEO, id))));
            answers.add(log.appendSoon(List.of(LogServer.entry(ROMEO, id), LogServer.entry(JULIET, id))));
        }
        await(Future.all(answers));
        assertThat(log.undelivered(JULIET)).hasSize(10);
        assertThat(log.undelivered(ROMEO)).hasSize(10);
        assertThat(log.mark(JULIET).waiting()).isEqualTo(10);
        for (int i = 0; i < answers.size(); i += 2) {
            long id = 1 + i / 2;
            assertThat(answers.get(i).result().getFirst())
                    .isEqualTo(log.page(JULIET, id - 1, 1).stream().anyMatch(entry -> entry.id() == id));
        }
    }

    @Test
    void waitsForAnotherTransactionOfTheSameAccount() {
        log.append(JULIET, 1, 1);
        SqlConnection other = await(log.database.pool().getConnection());
        await(other.query("BEGIN").execute());
        for (int id = 2; id <= 9; id++) {
            await(other.query("SELECT log_append(ARRAY['" + JULIET + "'], ARRAY[" + id
                            + "::bigint], ARRAY[now()], ARRAY['x'::bytea], 10, 0)")
                    .execute());
        }
        Future<List<Boolean>> answer = log.appendSoon(LogServer.entries(JULIET, 9, 12));
        while (log.number("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0) {
            assertThat(answer.isComplete()).isFalse();
        }
        await(other.query("COMMIT").execute());
        await(other.close());
        assertThat(await(answer)).containsExactly(true, true, false, false);
        assertThat(log.mark(JULIET)).isEqualTo(new Mark(12, 10));
    }

    @Test
    void countsRightAfterEverything() {
        log.append(JULIET, 1, 7);
        log.delivered(JULIET, 3);
        log.append(JULIET, 5, 20);
        log.delivered(JULIET, 9);
        assertThat(log.mark(JULIET))
                .isEqualTo(new Mark(20, log.undelivered(JULIET).size()));
    }
}
