package im.stanzabus.offline.archive;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A statement that was sent, and the plan that PostgreSQL had for it then.
record Explained(String sql, String plan) {
    private static final Pattern SCAN = Pattern.compile(
            "Index (?:Only )?Scan(?: Backward)? using (\\S+) on .*?\\(actual rows=([0-9.]+) loops=1\\)");
    private static final Pattern FILTERED = Pattern.compile("Rows Removed by Filter: (\\d+)");

    /// How many rows came from each index that was looked into.
    List<Double> rows() {
        List<Double> rows = new ArrayList<>();
        for (Matcher scan = SCAN.matcher(plan); scan.find(); ) {
            rows.add(Double.valueOf(scan.group(2)));
        }
        return rows;
    }

    /// The indexes that rows came from.
    List<String> indexes() {
        List<String> indexes = new ArrayList<>();
        for (Matcher scan = SCAN.matcher(plan); scan.find(); ) {
            if (Double.parseDouble(scan.group(2)) > 0) {
                indexes.add(scan.group(1));
            }
        }
        return indexes;
    }

    int filtered() {
        int filtered = 0;
        for (Matcher rows = FILTERED.matcher(plan); rows.find(); ) {
            filtered += Integer.parseInt(rows.group(1));
        }
        return filtered;
    }

    double total() {
        return rows().stream().mapToDouble(Double::doubleValue).sum();
    }

    /// The connection, but that it has every prepared statement explained before it is executed.
    static SqlConnection explaining(SqlConnection connection, List<Explained> sent) {
        return proxy(SqlConnection.class, connection, (method, arguments) -> {
            if (!method.getName().equals("preparedQuery")) {
                return null;
            }
            String sql = (String) arguments[0];
            PreparedQuery<?> query = connection.preparedQuery(sql);
            return proxy(
                    PreparedQuery.class,
                    query,
                    (_, values) -> explain(connection, sql, (Tuple) values[0]).compose(plan -> {
                        sent.add(new Explained(sql, plan));
                        return query.execute((Tuple) values[0]);
                    }));
        });
    }

    /// As a prepared statement, so that the plan is the one that it would get.
    private static Future<String> explain(SqlConnection connection, String sql, Tuple values) {
        List<String> literals = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            literals.add(literal(values.getValue(i)));
        }
        return connection
                .query("PREPARE explained AS " + sql)
                .execute()
                .compose(_ -> connection
                        .query("EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) EXECUTE explained ("
                                + String.join(", ", literals) + ")")
                        .execute())
                .compose(rows -> {
                    StringBuilder plan = new StringBuilder();
                    for (Row row : rows) {
                        plan.append(row.getString(0)).append('\n');
                    }
                    return connection.query("DEALLOCATE explained").execute().map(plan.toString());
                });
    }

    private static String literal(Object value) {
        return switch (value) {
            case Number number -> number.toString();
            case Long[] ids -> Arrays.stream(ids).map(String::valueOf).collect(Collectors.joining(",", "'{", "}'"));
            case Buffer bytes -> "'\\x" + HexFormat.of().formatHex(bytes.getBytes()) + "'";
            default -> "'" + value.toString().replace("'", "''") + "'";
        };
    }

    /// What one call is answered; null to pass it on.
    private interface Call {
        @Nullable
        Object answer(Method method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, T target, Call call) {
        InvocationHandler handler = (_, method, arguments) -> {
            Object answer = arguments == null ? null : call.answer(method, arguments);
            try {
                return answer == null ? method.invoke(target, arguments) : answer;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
