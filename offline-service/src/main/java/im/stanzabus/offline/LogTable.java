package im.stanzabus.offline;

import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.LogRequest.Mark;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tables `log_entry` and `log_mark` (`db/V003__message_log.sql`, where the rules are). Each statement is a
/// transaction of its own and may be repeated.
final class LogTable {
    private static final Logger LOG = LoggerFactory.getLogger(LogTable.class);

    private static final String APPEND = "SELECT log_append($1, $2, $3, $4, $5, $6)";
    private static final String DELIVERED = "SELECT log_delivered($1, $2)";
    private static final String EXPIRE = "SELECT log_expire($1)";
    private static final String PURGE = "SELECT log_purge($1)";
    private static final String MARK =
            "SELECT greatest(last_id, delivered_id, refused_id), waiting FROM log_mark WHERE owner = $1";
    private static final String PAGE = """
            SELECT id, received_at, stanza FROM log_entry
            WHERE owner = $1 AND id > $2
              AND id > coalesce((SELECT delivered_id FROM log_mark WHERE owner = $1), 0)
              AND (expires_at IS NULL OR expires_at > now())
            ORDER BY id LIMIT $3""";

    private final Pool pool;
    private final long quota;
    private final long keepSeconds;

    LogTable(Pool pool, OfflineConfig config) {
        this.pool = pool;
        this.quota = config.quota();
        this.keepSeconds = config.keepFor().toSeconds();
    }

    /// For each entry whether it is kept.
    Future<Boolean[]> append(List<PendingEntry> entries) {
        int size = entries.size();
        String[] owners = new String[size];
        Long[] ids = new Long[size];
        OffsetDateTime[] received = new OffsetDateTime[size];
        Buffer[] stanzas = new Buffer[size];
        for (int i = 0; i < size; i++) {
            PendingEntry entry = entries.get(i);
            owners[i] = entry.owner();
            ids[i] = entry.id();
            received[i] = entry.received().atOffset(ZoneOffset.UTC);
            stanzas[i] = Buffer.buffer(entry.stanza());
        }
        Tuple arguments = Tuple.of(owners, ids, received, stanzas, quota, keepSeconds);
        return pool.preparedQuery(APPEND)
                .execute(arguments)
                .map(rows -> rows.iterator().next().getArrayOfBooleans(0));
    }

    Future<Mark> mark(Jid owner) {
        return pool.preparedQuery(MARK).execute(Tuple.of(owner.toString())).map(rows -> {
            if (rows.size() == 0) {
                return new Mark(0, 0);
            }
            Row row = rows.iterator().next();
            return new Mark(row.getLong(0), row.getLong(1));
        });
    }

    /// An entry that cannot be read is left out, so that it does not keep its user from all the others.
    Future<List<Entry>> undelivered(Jid owner, long afterId, int limit) {
        return pool.preparedQuery(PAGE)
                .execute(Tuple.of(owner.toString(), afterId, limit))
                .map(rows -> {
                    List<Entry> entries = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        long id = row.getLong(0);
                        try {
                            entries.add(new Entry(
                                    owner,
                                    id,
                                    row.getOffsetDateTime(1).toInstant(),
                                    StoredStanza.read(row.getBuffer(2).getBytes())));
                        } catch (IllegalArgumentException e) {
                            LOG.error("entry {} of {} cannot be read", id, owner, e);
                        }
                    }
                    return entries;
                });
    }

    Future<Void> delivered(Map<String, Long> marks) {
        String[] owners = marks.keySet().toArray(String[]::new);
        Long[] ids = marks.values().toArray(Long[]::new);
        return pool.preparedQuery(DELIVERED)
                .execute(Tuple.tuple().addArrayOfString(owners).addArrayOfLong(ids))
                .mapEmpty();
    }

    /// How many were removed.
    Future<Long> expire(long limit) {
        return pool.preparedQuery(EXPIRE)
                .execute(Tuple.of(limit))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    Future<Void> purge(Jid account) {
        return pool.preparedQuery(PURGE).execute(Tuple.of(account.toString())).mapEmpty();
    }
}
