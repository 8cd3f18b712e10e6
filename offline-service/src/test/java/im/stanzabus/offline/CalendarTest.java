package im.stanzabus.offline;

import static im.stanzabus.offline.LogServer.NOW;
import static im.stanzabus.offline.LogServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.offline.stored.Retention;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Messages go with the table of their week.
class CalendarTest {
    private static final Jid SHORT = Jid.of("juliet@short.example");
    private static final Jid LONG = Jid.of("juliet@long.example");
    private static final Jid EVER = Jid.of("juliet@ever.example");
    private static final List<VirtualHost> HOSTS = List.of(
            host("short.example", Duration.ofDays(10)),
            host("long.example", Duration.ofDays(60)),
            host("ever.example", Duration.ZERO));

    private final LogServer log = new LogServer(LogServer.CONFIG, HOSTS.toArray(VirtualHost[]::new));

    @AfterEach
    void close() {
        log.close();
    }

    private static VirtualHost host(String domain, Duration keep) {
        return new VirtualHost(domain, false, false, false, true, keep);
    }

    private void append(long id) {
        for (Jid owner : List.of(SHORT, LONG, EVER)) {
            Entry entry =
                    Change.of(LogServer.archived(owner, id)).received(log.now).entry();
            assertThat(log.append(entry)).containsExactly(Outcome.KEPT);
        }
    }

    private Future<Void> turns() {
        Calendar calendar = new Calendar(
                log.vertx, log.database.pool(), new Retention(HOSTS, () -> log.now), new OfflineMetrics(log.metrics));
        return calendar.turns();
    }

    private List<String> tables() {
        List<String> tables = new ArrayList<>();
        for (Row row : await(log.database
                .pool()
                .query("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'message_log'::regclass"
                        + " ORDER BY 1")
                .execute())) {
            tables.add(row.getString(0));
        }
        return tables;
    }

    private long rows(Jid owner) {
        return log.number("SELECT count(*) FROM message_log WHERE owner = '" + owner + "'");
    }

    /// 2026-02-03 is a Tuesday: the messages of that day go in the weeks of 13 February and 4 April.
    @Test
    void hasATableForEveryWeekThatMessagesOfTodayGoIn() {
        assertThat(tables())
                .containsExactly(
                        "message_log_20260209",
                        "message_log_20260216",
                        "message_log_20260223",
                        "message_log_20260330",
                        "message_log_20260406",
                        "message_log_20260413",
                        "message_log_forever",
                        "message_log_rest");
        append(1);
        assertThat(log.number("SELECT count(*) FROM message_log_20260209")).isEqualTo(1);
        assertThat(log.number("SELECT count(*) FROM message_log_20260330")).isEqualTo(1);
        assertThat(log.number("SELECT count(*) FROM message_log_forever")).isEqualTo(1);
        assertThat(log.number("SELECT count(*) FROM log_retention")).isEqualTo(3);
    }

    @Test
    void dropsTheTableOfAWeekThatIsOver() {
        append(1);
        log.now = NOW.plus(Duration.ofDays(12));
        await(turns());
        assertThat(rows(SHORT)).isEqualTo(1);
        assertThat(log.undelivered(SHORT)).isEmpty();
        append(2);
        log.now = NOW.plus(Duration.ofDays(13));
        await(turns());
        assertThat(tables()).doesNotContain("message_log_20260209").contains("message_log_20260216");
        assertThat(rows(SHORT)).isEqualTo(1);
        assertThat(log.undelivered(SHORT)).containsExactly(2L);
        assertThat(log.undelivered(LONG)).containsExactly(1L, 2L);
        log.now = NOW.plus(Duration.ofDays(2000));
        await(turns());
        assertThat(rows(SHORT) + rows(LONG)).isZero();
        assertThat(log.undelivered(EVER)).containsExactly(1L, 2L);
        assertThat(log.append(LogServer.archived(SHORT, 3))).containsExactly(Outcome.KEPT);
        assertThat(log.standing(SHORT).lastId()).isGreaterThanOrEqualTo(2);
    }

    /// The service did not look after its tables for long.
    @Test
    void hasAPlaceForMessagesOfAWeekWithoutATable() {
        log.now = NOW.plus(Duration.ofDays(300));
        append(1);
        assertThat(log.number("SELECT count(*) FROM message_log_rest")).isEqualTo(2);
        await(turns());
        assertThat(log.number("SELECT count(*) FROM message_log_rest")).isZero();
        assertThat(log.undelivered(SHORT)).containsExactly(1L);
        assertThat(log.undelivered(LONG)).containsExactly(1L);
    }

    @Test
    void removesWhatIsOverInThatPlaceToo() {
        log.now = NOW.plus(Duration.ofDays(300));
        append(1);
        log.now = NOW.plus(Duration.ofDays(400));
        await(turns());
        assertThat(rows(SHORT) + rows(LONG)).isZero();
        assertThat(rows(EVER)).isEqualTo(1);
    }

    @Test
    void isDoneOnceByInstancesSideBySide() {
        append(1);
        log.now = NOW.plus(Duration.ofDays(100));
        await(Future.all(List.of(turns(), turns(), turns())));
        assertThat(tables()).hasSize(8).doesNotHaveDuplicates();
        assertThat(rows(SHORT) + rows(LONG)).isZero();
    }

    @Test
    void leavesATableThatSomebodyReadsForLater() {
        append(1);
        SqlConnection reader = await(log.database.pool().getConnection());
        await(reader.query("BEGIN").execute());
        await(reader.query("SELECT count(*) FROM message_log").execute());
        log.now = NOW.plus(Duration.ofDays(100));
        Future<Void> turns = turns();
        append(2);
        assertThatThrownBy(() -> await(turns))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.getSqlState()).isEqualTo("55P03"));
        append(3);
        await(reader.query("COMMIT").execute());
        await(reader.close());
        await(turns());
        assertThat(rows(SHORT)).isEqualTo(2);
    }
}
