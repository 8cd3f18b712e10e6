package im.stanzabus.offline;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.api.LogRequest.ArchivePreference;
import im.stanzabus.bus.api.LogRequest.Direction;
import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.LogRequest.Mark;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.bus.api.LogRequest.Standing;
import im.stanzabus.offline.stored.Retention;
import im.stanzabus.offline.stored.StoredStanza;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tables `message_log` and `log_standing` (`db/V005__archive.sql`, where the rules are). Each
/// statement is a transaction of its own and may be repeated.
final class LogTable {
    private static final Logger LOG = LoggerFactory.getLogger(LogTable.class);

    /// How many messages of a removed account are deleted in one transaction.
    private static final int FORGET_STEP = 5000;

    private static final Outcome[] OUTCOMES = {Outcome.KEPT, Outcome.DUPLICATE, Outcome.STALE};

    private static final String APPEND = "SELECT log_write($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
            + " $14, $15, $16, $17, $18, $19, $20, $21)";
    private static final String CLAIM = """
            SELECT c.stale, c.last, c.delivered, c.waiting, p.fallback, p.always, p.never
            FROM log_claim($1, $2, $3, $4) c LEFT JOIN archive_preference p ON p.owner = $1""";
    private static final String REACHED = "SELECT log_reached($1, $2, $3)";
    private static final String FORGET = "SELECT log_forget($1, $2)";
    private static final String PAGE = "SELECT id, received_at, peer, archived, origin_stream, origin_number, stanza"
            + " FROM log_undelivered($1, $2, $3, $4)";

    private final Pool pool;
    private final int quota;
    private final Retention retention;

    LogTable(Pool pool, int quota, Retention retention) {
        this.pool = pool;
        this.quota = quota;
        this.retention = retention;
    }

    /// What became of each entry. The entries of an account must follow one another.
    Future<List<Outcome>> append(List<PendingEntry> entries) {
        return pool.preparedQuery(APPEND)
                .execute(new AppendBatch(entries).arguments(retention.today()))
                .map(rows -> {
                    Short[] codes = rows.iterator().next().getArrayOfShorts(0);
                    return codes == null
                            ? Collections.nCopies(entries.size(), Outcome.KEPT)
                            : Arrays.stream(codes).map(code -> OUTCOMES[code]).toList();
                });
    }

    Future<Standing> claim(Jid owner, long epoch) {
        return pool.preparedQuery(CLAIM)
                .execute(Tuple.of(owner.toString(), epoch, quota + 1L, retention.today()))
                .map(rows -> standing(rows.iterator().next()));
    }

    private Standing standing(Row row) {
        String fallback = row.getString(4);
        return new Standing(
                row.getBoolean(0),
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                quota,
                fallback == null
                        ? ArchivePreference.ALWAYS
                        : ArchivePreference.valueOf(fallback.toUpperCase(Locale.ROOT)),
                jids(row.getArrayOfStrings(5)),
                jids(row.getArrayOfStrings(6)));
    }

    private static List<Jid> jids(String @Nullable [] texts) {
        return texts == null ? List.of() : Arrays.stream(texts).map(Jid::of).toList();
    }

    /// An entry that cannot be read is left out, so that it does not keep its user from all the others.
    Future<List<Entry>> undelivered(Jid owner, long afterId, int limit) {
        return undelivered(owner, afterId, limit, new ArrayList<>());
    }

    private Future<List<Entry>> undelivered(Jid owner, long afterId, int limit, List<Entry> found) {
        int missing = limit - found.size();
        return pool.preparedQuery(PAGE)
                .execute(Tuple.of(owner.toString(), afterId, (long) missing, retention.today()))
                .compose(rows -> {
                    long last = read(owner, rows, found);
                    return rows.size() < missing || found.size() == limit
                            ? Future.succeededFuture(found)
                            : undelivered(owner, last, limit, found);
                });
    }

    private static long read(Jid owner, RowSet<Row> rows, List<Entry> found) {
        long id = 0;
        for (Row row : rows) {
            id = row.getLong(0);
            try {
                found.add(new Entry(
                        owner,
                        0,
                        id,
                        row.getOffsetDateTime(1).toInstant(),
                        Jid.of(row.getString(2)),
                        Direction.RECEIVED,
                        row.getBoolean(3),
                        new Origin(row.getLong(4), row.getLong(5)),
                        false,
                        0,
                        StoredStanza.read(row.getBuffer(6).getBytes())));
            } catch (IllegalArgumentException e) {
                LOG.error("entry {} of {} cannot be read", id, owner, e);
            }
        }
        return id;
    }

    /// @param marks of accounts, each of which is there once
    Future<Void> reached(List<Mark> marks) {
        String[] owners =
                marks.stream().map(mark -> mark.owner().bare().toString()).toArray(String[]::new);
        Long[] ids = marks.stream().map(Mark::id).toArray(Long[]::new);
        Long[] epochs = marks.stream().map(Mark::epoch).toArray(Long[]::new);
        return pool.preparedQuery(REACHED)
                .execute(Tuple.tuple()
                        .addArrayOfString(owners)
                        .addArrayOfLong(ids)
                        .addArrayOfLong(epochs))
                .mapEmpty();
    }

    /// Deletes some of what an account has; false if there is more.
    Future<Boolean> forget(Jid account) {
        return pool.preparedQuery(FORGET)
                .execute(Tuple.of(account.toString(), FORGET_STEP))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }
}
