package im.stanzabus.sender;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// The statements about `stanza_outbox`. Safe from any thread.
final class OutboxTable {
    /// How many rows one statement forgets at most.
    static final int MOST_EXPIRED = 1_000;

    /// So many rows are counted at most.
    private static final int MOST_COUNTED = 10_000;

    /// Rows whose transactions end late have lower numbers than some that were sent before, so what is
    /// taken is not known by the highest number. Rows that somebody has locked are left for later.
    private static final String TAKE = """
            WITH waiting AS (
                SELECT id, octet_length(stanza) AS size FROM stanza_outbox
                WHERE outcome IS NULL AND id NOT IN (SELECT unnest($1::bigint[]))
                ORDER BY id LIMIT $2::bigint
            ), few AS (
                SELECT id FROM (SELECT id, sum(size) OVER (ORDER BY id) - size AS before FROM waiting) w
                WHERE before < $3::bigint
            ), locked AS MATERIALIZED (
                SELECT o.id, o.taken_at IS NOT NULL AS again FROM stanza_outbox o
                WHERE o.outcome IS NULL AND o.id IN (SELECT id FROM few) ORDER BY o.id FOR UPDATE OF o SKIP LOCKED
            )
            UPDATE stanza_outbox o SET taken_at = now() FROM locked l WHERE o.id = l.id
            RETURNING o.id, o.stanza, l.again
            """;

    private static final String FINISH = """
            UPDATE stanza_outbox o SET outcome = d.outcome, detail = nullif(d.detail, ''), done_at = now()
            FROM unnest($1::bigint[], $2::text[], $3::text[]) AS d (id, outcome, detail)
            WHERE o.id = d.id AND o.outcome IS NULL
            """;

    private static final String EXPIRE = """
            DELETE FROM stanza_outbox WHERE id IN (
                SELECT id FROM stanza_outbox WHERE done_at < now() - $1::bigint * interval '1 millisecond'
                ORDER BY done_at LIMIT $2::bigint FOR UPDATE SKIP LOCKED)
            """;

    private static final String WAITING =
            "SELECT count(*) FROM (SELECT FROM stanza_outbox WHERE outcome IS NULL LIMIT $1::bigint) w";

    private final Pool pool;

    OutboxTable(Pool pool) {
        this.pool = pool;
    }

    /// Takes the first rows that wait, in order.
    ///
    /// @param except rows that are not wanted, for they have been taken and are under way or left for later
    /// @param most so many at most
    /// @param bytes what all together should have at most; one row is taken however large it is
    Future<List<OutboxRow>> take(Collection<Long> except, int most, long bytes) {
        Tuple values = Tuple.tuple()
                .addArrayOfLong(except.toArray(Long[]::new))
                .addLong((long) most)
                .addLong(Math.max(1, bytes));
        return pool.preparedQuery(TAKE).execute(values).map(rows -> {
            List<OutboxRow> taken = new ArrayList<>();
            for (Row row : rows) {
                taken.add(new OutboxRow(row.getLong(0), row.getString(1), row.getBoolean(2)));
            }
            taken.sort(Comparator.comparingLong(OutboxRow::id));
            return taken;
        });
    }

    /// Writes what became of rows. What has an outcome keeps it.
    Future<Void> finish(List<Outcome> outcomes) {
        Tuple values = Tuple.tuple()
                .addArrayOfLong(outcomes.stream().map(Outcome::id).toArray(Long[]::new))
                .addArrayOfString(
                        outcomes.stream().map(outcome -> outcome.kind().wire()).toArray(String[]::new))
                .addArrayOfString(outcomes.stream().map(Outcome::detail).toArray(String[]::new));
        return pool.preparedQuery(FINISH).execute(values).mapEmpty();
    }

    /// Forgets rows that got their outcome so long ago.
    ///
    /// @return how many; with {@link #MOST_EXPIRED} there may be more
    Future<Integer> expire(Duration age) {
        return pool.preparedQuery(EXPIRE)
                .execute(Tuple.of(age.toMillis(), (long) MOST_EXPIRED))
                .map(rows -> rows.rowCount());
    }

    /// How many rows wait, those under way among them; beyond some it does not count on.
    Future<Integer> waiting() {
        return pool.preparedQuery(WAITING)
                .execute(Tuple.of((long) MOST_COUNTED))
                .map(rows -> rows.iterator().next().getLong(0).intValue());
    }
}
