package im.stanzabus.offline;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A database that has done at once whatever it is asked: every statement gives one row of nulls.
final class QuickDatabase {
    private QuickDatabase() {}

    static Pool pool() {
        Row row = answering(Row.class, Map.of());
        RowIterator<?> rows = answering(RowIterator.class, Map.of("hasNext", true, "next", row));
        RowSet<?> result = answering(RowSet.class, Map.of("iterator", rows));
        PreparedQuery<?> query = answering(PreparedQuery.class, Map.of("execute", Future.succeededFuture(result)));
        return answering(Pool.class, Map.of("preparedQuery", query));
    }

    /// Something whose methods give these objects, by their names, and null otherwise.
    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, _) -> answer(answers, method.getName())));
    }

    private static @Nullable Object answer(Map<String, Object> answers, String method) {
        return answers.get(method);
    }
}
