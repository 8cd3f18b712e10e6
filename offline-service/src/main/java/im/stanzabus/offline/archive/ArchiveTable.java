package im.stanzabus.offline.archive;

import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// Reads archives in the table `message_log` (`db/V005__archive.sql`), by key only.
final class ArchiveTable {
    /// How much of messages one page has at most, but for its first message.
    private static final int PAGE_BYTES = 256 * 1024;

    /// Beyond that many nobody is told how many there are.
    private static final int MOST_COUNTED = 10_000;

    /// Rows come in the order of their ids from an index of each table, as many as are asked for, however
    /// few there were when the plan was made; and a query that looks for what is hardly there ends.
    private static final String SETTINGS = "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;"
            + " SET LOCAL enable_sort = off; SET LOCAL plan_cache_mode = force_generic_plan;"
            + " SET LOCAL statement_timeout = '5s'";

    private static final String RETENTION = "SELECT seconds FROM log_retention WHERE host = $1";

    private final Pool pool;
    private final Supplier<LocalDate> today;

    ArchiveTable(Pool pool, Supplier<LocalDate> today) {
        this.pool = pool;
        this.today = today;
    }

    /// Does what it is given with a connection of its own.
    <T> Future<T> reading(Function<SqlConnection, Future<T>> work) {
        return pool.withTransaction(
                connection -> connection.query(SETTINGS).execute().compose(_ -> work.apply(connection)));
    }

    /// Whether all of these messages are in the archive.
    Future<Boolean> has(SqlConnection connection, Jid account, List<Long> ids) {
        if (ids.isEmpty()) {
            return Future.succeededFuture(true);
        }
        Conditions conditions = new Conditions(account, today.get());
        String sql = "SELECT count(DISTINCT id) FROM message_log WHERE " + conditions.where() + " AND id = ANY ($"
                + conditions.next() + ")";
        return connection
                .preparedQuery(sql)
                .execute(conditions.valuesAnd(ids.toArray(Long[]::new)))
                .map(rows -> rows.iterator().next().getLong(0) == ids.size());
    }

    /// The page that a query asks for, of at most `limit` messages.
    Future<ArchivePage> page(SqlConnection connection, ArchiveQuery query, int limit) {
        return conditions(connection, query).compose(conditions -> {
            conditions.within(query.page());
            return connection
                    .preparedQuery(pageSql(conditions, query.page().backwards()))
                    .execute(conditions.valuesAnd(limit + 1))
                    .map(rows -> page(rows, limit, query.page().backwards()));
        });
    }

    /// One row more than the page has says whether there is another page. What would make the page too
    /// large is not read.
    private static String pageSql(Conditions conditions, boolean backwards) {
        String order = backwards ? " ORDER BY id DESC" : " ORDER BY id";
        return "SELECT id, received_at, stanza, found FROM (SELECT id, received_at, stanza, count(*) OVER () AS found,"
                + " sum(octet_length(stanza)) OVER (" + order.strip() + ") - octet_length(stanza) AS bytes_before"
                + " FROM (SELECT id, received_at, stanza FROM message_log WHERE " + conditions.where() + order
                + " LIMIT $" + conditions.next() + ") AS chosen) AS sized WHERE bytes_before < " + PAGE_BYTES + order;
    }

    private static ArchivePage page(RowSet<Row> rows, int limit, boolean backwards) {
        List<ArchivedMessage> messages = new ArrayList<>(rows.size());
        long found = 0;
        for (Row row : rows) {
            found = row.getLong(3);
            if (messages.size() < limit) {
                messages.add(new ArchivedMessage(
                        row.getLong(0),
                        row.getOffsetDateTime(1).toInstant(),
                        row.getBuffer(2).getBytes()));
            }
        }
        return new ArchivePage(backwards ? messages.reversed() : messages, found <= messages.size(), null);
    }

    /// How many messages a query finds, whatever part of them it asks for.
    Future<ArchivePage> count(SqlConnection connection, ArchiveQuery query) {
        return conditions(connection, query).compose(conditions -> {
            String sql = "SELECT count(*) FROM (SELECT FROM message_log WHERE " + conditions.where() + " LIMIT $"
                    + conditions.next() + ") AS found";
            return connection
                    .preparedQuery(sql)
                    .execute(conditions.valuesAnd(MOST_COUNTED + 1))
                    .map(rows -> {
                        long count = rows.iterator().next().getLong(0);
                        return new ArchivePage(List.of(), count == 0, count > MOST_COUNTED ? null : count);
                    });
        });
    }

    /// The first and the last message; none, one, or two.
    Future<List<ArchivedMessage>> ends(SqlConnection connection, Jid account) {
        Conditions conditions = new Conditions(account, today.get());
        String rows = "(SELECT id, received_at FROM message_log WHERE " + conditions.where() + " ORDER BY id";
        int one = conditions.next();
        return connection
                .preparedQuery(rows + " LIMIT $" + one + ") UNION " + rows + " DESC LIMIT $" + one + ") ORDER BY 1")
                .execute(conditions.valuesAnd(1))
                .map(found -> {
                    List<ArchivedMessage> ends = new ArrayList<>();
                    for (Row row : found) {
                        ends.add(new ArchivedMessage(
                                row.getLong(0), row.getOffsetDateTime(1).toInstant(), new byte[0]));
                    }
                    return ends;
                });
    }

    /// Times lead to days on which rows expire, so that the tables of other weeks are left alone.
    private Future<Conditions> conditions(SqlConnection connection, ArchiveQuery query) {
        if (query.start() == null && query.end() == null) {
            return Future.succeededFuture(Conditions.of(query, List.of(), today.get()));
        }
        return connection
                .preparedQuery(RETENTION)
                .execute(Tuple.of(query.account().domain()))
                .map(rows -> {
                    List<Duration> keeps = new ArrayList<>();
                    for (Row row : rows) {
                        keeps.add(Duration.ofSeconds(row.getLong(0)));
                    }
                    return Conditions.of(query, keeps, today.get());
                });
    }
}
