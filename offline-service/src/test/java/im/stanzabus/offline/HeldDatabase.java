package im.stanzabus.offline;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

/// A database that counts what it is asked and answers, with one row of nulls, when the test says so. Confined to the
/// context of who asks.
final class HeldDatabase {
    private static final RowSet<?> ROWS = rows();

    private final Deque<Promise<Object>> held = new ArrayDeque<>();
    private final Function<Tuple, Future<Object>> execution;
    private int statements;
    private int entries;

    private HeldDatabase(boolean holds) {
        execution = holds ? this::hold : this::answer;
    }

    static HeldDatabase holding() {
        return new HeldDatabase(true);
    }

    /// One that answers at once.
    static HeldDatabase quick() {
        return new HeldDatabase(false);
    }

    private Future<Object> hold(Tuple arguments) {
        count(arguments);
        Promise<Object> promise = Promise.promise();
        held.add(promise);
        return promise.future();
    }

    private Future<Object> answer(Tuple arguments) {
        count(arguments);
        return Future.succeededFuture(ROWS);
    }

    /// The owners of the entries are the eighth argument of `log_write`.
    private void count(Tuple arguments) {
        statements++;
        entries += arguments.getArrayOfStrings(7).length;
    }

    int statements() {
        return statements;
    }

    int entries() {
        return entries;
    }

    /// Has done what it was asked first of what it has not done.
    void answerFirst() {
        held.remove().complete(ROWS);
    }

    Pool pool() {
        PreparedQuery<?> query = proxy(
                PreparedQuery.class,
                (_, method, arguments) ->
                        method.getName().equals("execute") ? execution.apply((Tuple) arguments[0]) : null);
        return proxy(Pool.class, (_, _, _) -> query);
    }

    private static RowSet<?> rows() {
        Row row = proxy(Row.class, (_, _, _) -> null);
        RowIterator<?> iterator = proxy(RowIterator.class, (_, _, _) -> row);
        return proxy(RowSet.class, (_, _, _) -> iterator);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler behaviour) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, behaviour));
    }
}
