package im.stanzabus.cluster.lease;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.NodeId;
import im.stanzabus.cluster.Leases;
import im.stanzabus.storage.DatabaseAway;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Leases in PostgreSQL: a row per slot, which a claim locks in the order of slots. Who lives is judged by
/// the database's clock. Fails with a bus failure of type wait while the database is away. Safe from any
/// thread.
public final class PgLeases implements Leases {
    private static final String CLAIM = "SELECT granted, granted_epoch FROM slot_claim($1, $2, $3, $4)";
    private static final String RELEASE = "SELECT slot_release($1, $2, $3)";
    private static final String HELD = "SELECT slot, epoch FROM slot_lease WHERE holder = $1";
    private static final String HOLDERS = "SELECT slot, holder FROM slot_lease WHERE holder IS NOT NULL";

    private final Pool pool;
    private final boolean alone;
    private final Isolation isolation;

    /// @param alone true if no other process can be on this database: what former ones held is free at once
    /// @param isolation while it lasts nothing is granted
    public PgLeases(Pool pool, boolean alone, Isolation isolation) {
        this.pool = pool;
        this.alone = alone;
        this.isolation = isolation;
    }

    @Override
    public Future<Map<Integer, Long>> claim(String owner, Set<Integer> slots) {
        if (isolation.isolated() || slots.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return rows(CLAIM, Tuple.of(owner, nodeOf(owner), array(slots), alone)).map(PgLeases::epochs);
    }

    @Override
    public Future<Void> release(String owner, Set<Integer> slots) {
        return slots.isEmpty()
                ? Future.succeededFuture()
                : rows(RELEASE, Tuple.of(owner, nodeOf(owner), array(slots))).mapEmpty();
    }

    @Override
    public Future<Map<Integer, Long>> held(String owner) {
        return rows(HELD, Tuple.of(owner)).map(PgLeases::epochs);
    }

    /// Gives back whatever a process holds.
    public Future<Void> releaseAll(NodeId node) {
        @Nullable Object all = null;
        return rows(RELEASE, Tuple.of(all, node.name(), all)).mapEmpty();
    }

    /// Who holds each slot that somebody holds, living or not.
    public Future<Map<Integer, String>> holders() {
        return rows(HOLDERS, Tuple.tuple()).map(rows -> {
            Map<Integer, String> holders = new HashMap<>();
            for (Row row : rows) {
                holders.put(row.getInteger(0), row.getString(1));
            }
            return holders;
        });
    }

    private Future<RowSet<Row>> rows(String sql, Tuple parameters) {
        return pool.preparedQuery(sql)
                .execute(parameters)
                .recover(failure -> Future.failedFuture(DatabaseAway.explain(failure)));
    }

    private static Map<Integer, Long> epochs(RowSet<Row> rows) {
        Map<Integer, Long> epochs = new HashMap<>();
        for (Row row : rows) {
            epochs.put(row.getInteger(0), row.getLong(1));
        }
        return epochs;
    }

    private static Integer[] array(Set<Integer> slots) {
        return slots.stream().sorted().toArray(Integer[]::new);
    }

    private static String nodeOf(String owner) {
        return Addresses.nodeOf(owner).name();
    }
}
