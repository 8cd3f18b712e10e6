package im.stanzabus.cluster.lease;

import im.stanzabus.bus.NodeId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The statements about `bus_node` and `installation`. Safe from any thread.
final class NodeTable {
    private static final String ENTER =
            "SELECT other, other_cluster, other_address, other_version, other_protocol, fits"
                    + " FROM bus_enter($1, $2, $3, $4, $5)";
    private static final String BEAT = "SELECT other, other_members FROM bus_beat($1, $2, $3, $4, $5, $6)";
    private static final String LEAVE = "DELETE FROM bus_node WHERE node = $1";
    private static final String LIVING = "SELECT node FROM bus_node WHERE bus_lives(seen_at)";
    private static final String INSTALLATION = "SELECT id::text FROM installation";

    /// The others that live, by whether they go together with the process that asked.
    record Others(List<BusNode> fitting, List<BusNode> unfitting) {}

    private NodeTable() {}

    /// The process is there from now on if all others are fitting.
    static Future<Others> enter(Pool pool, BusNode me) {
        return pool.preparedQuery(ENTER).execute(values(me)).map(rows -> {
            Others others = new Others(new ArrayList<>(), new ArrayList<>());
            for (Row row : rows) {
                BusNode other = new BusNode(
                        new NodeId(row.getString(0)),
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getInteger(4));
                (row.getBoolean(5) ? others.fitting : others.unfitting).add(other);
            }
            return others;
        });
    }

    /// @return what each of the living others sees
    static Future<Map<String, Set<String>>> beat(Pool pool, BusNode me, Set<String> sees) {
        Tuple values = values(me).addArrayOfString(sees.stream().sorted().toArray(String[]::new));
        return pool.preparedQuery(BEAT).execute(values).map(rows -> {
            Map<String, Set<String>> others = new HashMap<>();
            for (Row row : rows) {
                others.put(row.getString(0), Set.copyOf(Arrays.asList(row.getArrayOfStrings(1))));
            }
            return others;
        });
    }

    static Future<Void> leave(Pool pool, BusNode me) {
        return pool.preparedQuery(LEAVE).execute(Tuple.of(me.node().name())).mapEmpty();
    }

    static Future<Set<String>> living(Pool pool) {
        return pool.query(LIVING).execute().map(rows -> {
            Set<String> living = new HashSet<>();
            rows.forEach(row -> living.add(row.getString(0)));
            return living;
        });
    }

    static Future<String> installation(Pool pool) {
        return pool.query(INSTALLATION)
                .execute()
                .map(rows -> rows.iterator().next().getString(0));
    }

    private static Tuple values(BusNode node) {
        return Tuple.of(node.node().name(), node.cluster(), node.address(), node.version(), node.protocol());
    }
}
