package im.stanzabus.offline.archive;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.Jid;
import im.stanzabus.storage.Database;
import im.stanzabus.storage.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a page of an archive costs PostgreSQL: about as many rows as it has, however many messages there are,
/// and wherever in the archive it lies. Every statement that is sent is explained as it is sent, with the plan
/// that it runs with.
@Timeout(120)
class ArchivePlansTest {
    private static final int ACCOUNTS = 200;
    private static final int WEEKS = 8;
    private static final int IN_A_WEEK = 30;
    private static final int MESSAGES = WEEKS * IN_A_WEEK;
    private static final int LIMIT = 20;

    /// A Monday. Messages are kept for eight weeks: the last days of those here begin today.
    private static final LocalDate TODAY = LocalDate.of(2026, 3, 2);

    private static final Jid JULIET = Jid.of("user77@example.org");
    private static final Jid ROMEO = Jid.of("peer3@example.org");
    private static final PageRequest FIRST = new PageRequest(LIMIT, null, null, false);
    private static final PageRequest LAST = new PageRequest(LIMIT, null, null, true);

    private static Vertx vertx;
    private static Database database;
    private static ArchiveTable table;

    @BeforeAll
    static void fill() {
        vertx = Vertx.vertx();
        database = await(TestDatabase.fresh(vertx));
        table = new ArchiveTable(database.pool(), () -> TODAY);
        execute("INSERT INTO log_retention VALUES ('example.org', " + TimeUnit.DAYS.toSeconds(7L * WEEKS) + ")");
        for (int week = 0; week < WEEKS; week++) {
            execute("SELECT log_make_week('" + TODAY.plusWeeks(week) + "')");
        }
        String received = "timestamptz '" + TODAY.minusWeeks(WEEKS) + " 00:00Z' + n * interval '1 week' / " + IN_A_WEEK;
        execute(
                "INSERT INTO message_log SELECT 'user' || a || '@example.org', n + 1, 'peer' || n % 10 || '@example.org',"
                        + " n % 2 = 0, true, " + received + ", ((" + received + ") AT TIME ZONE 'UTC')::date + 7 * "
                        + WEEKS
                        + ", a, n, convert_to('<message type=''chat'' from=''peer''><body>' || n || '</body></message>', 'UTF8')"
                        + " FROM generate_series(1, " + ACCOUNTS + ") AS a, generate_series(0, " + (MESSAGES - 1)
                        + ") AS n");
        execute("ANALYZE");
    }

    @AfterAll
    static void close() {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void aPageForwardsIsReadByKeyWhereverItBegins() {
        assertPage(everything(FIRST), 1, LIMIT);
        assertPage(everything(new PageRequest(LIMIT, 117L, null, false)), 118, 117 + LIMIT);
        assertPage(everything(new PageRequest(LIMIT, MESSAGES - 5L, null, false)), MESSAGES - 4, MESSAGES);
    }

    @Test
    void aPageBackwardsIsReadByKeyWhereverItEnds() {
        assertPage(everything(LAST), MESSAGES - LIMIT + 1, MESSAGES);
        assertPage(everything(new PageRequest(LIMIT, null, 117L, true)), 117 - LIMIT, 116);
        assertPage(everything(new PageRequest(LIMIT, null, 6L, true)), 1, 5);
    }

    @Test
    void messagesWithSomebodyAreReadByTheirKey() {
        for (PageRequest page : List.of(FIRST, new PageRequest(LIMIT, 20L, null, false), LAST)) {
            Explained explained =
                    page(query(ROMEO, null, null, List.of(), page), LIMIT).getLast();
            assertReadByKey(explained);
            assertThat(explained.indexes())
                    .allMatch(index -> index.contains("_hashtextextended_id_"), "of the pair and id");
        }
    }

    /// So it is when nobody has looked yet at what is in the tables.
    @Test
    void messagesWithSomebodyAreReadByTheirKeyWithoutStatistics() {
        execute(
                "DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relname LIKE 'message_log%')");
        try {
            messagesWithSomebodyAreReadByTheirKey();
        } finally {
            execute("ANALYZE");
        }
    }

    /// The tables of other weeks are left alone; in those of the time itself everything is looked at.
    @Test
    void messagesOfATimeAreLookedForInTheTablesOfItsWeeks() {
        Instant start = instant(TODAY.minusWeeks(4));
        List<Explained> sent = page(query(null, start, start.plusSeconds(3_600), List.of(), FIRST), 1);
        Explained explained = sent.getLast();
        assertNoScan(explained);
        assertThat(explained.indexes()).allMatch(index -> index.contains("_pkey"));
        assertThat(explained.rows()).hasSizeBetween(1, 2);
        assertThat(explained.filtered()).isLessThanOrEqualTo(2 * IN_A_WEEK);

        Explained since =
                page(query(null, start, null, List.of(), FIRST), LIMIT).getLast();
        assertNoScan(since);
        assertThat(since.total()).isLessThanOrEqualTo(LIMIT + 1 + WEEKS);
        assertThat(since.plan()).doesNotContain("->  Sort", "Incremental Sort");
        assertThat(since.filtered()).isLessThanOrEqualTo(IN_A_WEEK);
    }

    @Test
    void messagesOfSomeIdsAreReadByKey() {
        List<Long> ids = List.of(3L, 111L, 238L);
        Explained explained = page(query(null, null, null, ids, FIRST), 3).getLast();
        assertReadByKey(explained);
        Explained there =
                explained(connection -> table.has(connection, JULIET, ids)).getLast();
        assertNoScan(there);
        assertThat(there.total()).isEqualTo(3);
    }

    @Test
    void theEndsAreReadByKey() {
        Explained explained =
                explained(connection -> table.ends(connection, JULIET)).getLast();
        assertNoScan(explained);
        assertThat(explained.total()).isLessThanOrEqualTo(2 * (WEEKS + 2));
    }

    private static ArchiveQuery everything(PageRequest page) {
        return query(null, null, null, List.of(), page);
    }

    private static ArchiveQuery query(
            @Nullable Jid with, @Nullable Instant start, @Nullable Instant end, List<Long> ids, PageRequest page) {
        return new ArchiveQuery(JULIET, with, start, end, null, null, ids, true, page, false, null);
    }

    private static Instant instant(LocalDate day) {
        return Instant.parse(day + "T00:00:00Z");
    }

    private static void assertPage(ArchiveQuery query, long first, long last) {
        List<Explained> sent =
                explained(connection -> table.page(connection, query, LIMIT).map(page -> {
                    assertThat(page.messages())
                            .extracting(ArchivedMessage::id)
                            .first()
                            .isEqualTo(first);
                    assertThat(page.messages())
                            .extracting(ArchivedMessage::id)
                            .last()
                            .isEqualTo(last);
                    return page;
                }));
        assertThat(sent).hasSize(1);
        assertReadByKey(sent.getFirst());
        assertThat(sent.getFirst().indexes()).allMatch(index -> index.endsWith("_pkey"));
    }

    /// The statements of a page that has so many messages.
    private static List<Explained> page(ArchiveQuery query, int messages) {
        return explained(connection -> table.page(connection, query, LIMIT).map(page -> {
            assertThat(page.messages()).hasSize(messages);
            return page;
        }));
    }

    /// Not a row more is looked at than one of each table, those of the page, and the one that says whether there are
    /// more.
    private static void assertReadByKey(Explained explained) {
        assertNoScan(explained);
        assertThat(explained.plan()).doesNotContain("->  Sort", "Incremental Sort");
        assertThat(explained.total()).as(explained.plan()).isBetween(1.0, LIMIT + 1.0 + WEEKS + 2);
        assertThat(explained.filtered()).as(explained.plan()).isZero();
    }

    private static void assertNoScan(Explained explained) {
        assertThat(explained.sql()).doesNotContainIgnoringCase("offset");
        assertThat(explained.plan()).contains("Index").doesNotContain("Seq Scan", "Bitmap");
    }

    /// What is sent while something is read, with the settings of the archive.
    private static List<Explained> explained(Function<SqlConnection, Future<?>> reading) {
        List<Explained> sent = new ArrayList<>();
        await(table.reading(connection ->
                reading.apply(Explained.explaining(connection, sent)).<Void>mapEmpty()));
        return sent;
    }

    private static void execute(String sql) {
        await(database.pool().query(sql).execute());
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("nothing happened for 60 s", e);
        }
    }
}
