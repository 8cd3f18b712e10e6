package im.stanzabus.profile;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.ElementName;
import im.stanzabus.stanza.FragmentReader;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The table of private XML, and its limit of places. Safe from any thread.
final class PrivateXmlTable {
    private static final String GIVEN = "unnest($2::text[], $3::text[])";
    private static final String READ = "SELECT namespace, name, content FROM profile_private"
            + " WHERE owner = $1 AND (namespace, name) IN (SELECT * FROM " + GIVEN + ")";
    private static final String WRITE = "INSERT INTO profile_private (owner, namespace, name, content)"
            + " SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])"
            + " ON CONFLICT (owner, namespace, name) DO UPDATE SET content = EXCLUDED.content";
    private static final String FREE =
            "DELETE FROM profile_private WHERE owner = $1 AND (namespace, name) IN (SELECT * FROM " + GIVEN + ")";
    private static final String COUNT = "SELECT count(*) FROM profile_private WHERE owner = $1";
    private static final String DELETE = "DELETE FROM profile_private WHERE owner = $1";

    /// Two sets of one account at the same time must not pass the limit together.
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('profile_private ' || $1, 0))";

    private final Pool database;
    private final int maxElements;

    PrivateXmlTable(Pool database, int maxElements) {
        this.database = database;
        this.maxElements = maxElements;
    }

    /// What is stored under some of the names.
    Future<Map<ElementName, List<Element>>> read(Jid account, Collection<ElementName> names) {
        return database.preparedQuery(READ).execute(keys(account, names)).map(rows -> {
            Map<ElementName, List<Element>> stored = new HashMap<>();
            for (Row row : rows) {
                byte[] content = row.getString(2).getBytes(StandardCharsets.UTF_8);
                stored.put(new ElementName(row.getString(0), row.getString(1)), FragmentReader.read(content));
            }
            return stored;
        });
    }

    /// Stores and frees places, all or nothing; fails with `policy-violation` if there would be too many.
    Future<Void> write(Jid account, Map<ElementName, String> stored, List<ElementName> freed) {
        return database.withTransaction(connection -> connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(account.toString()))
                .compose(_ -> count(connection, account))
                .compose(before -> free(connection, account, freed)
                        .compose(_ -> put(connection, account, stored))
                        .compose(_ -> count(connection, account))
                        .compose(after -> after > maxElements && after > before
                                ? Refusal.of(
                                        Condition.POLICY_VIOLATION,
                                        "an account may store " + maxElements + " elements at most")
                                : Future.succeededFuture())));
    }

    static Future<?> delete(SqlClient connection, Jid account) {
        return connection.preparedQuery(DELETE).execute(Tuple.of(account.toString()));
    }

    private static Future<Long> count(SqlConnection connection, Jid account) {
        return connection
                .preparedQuery(COUNT)
                .execute(Tuple.of(account.toString()))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    private static Future<?> free(SqlConnection connection, Jid account, List<ElementName> freed) {
        return freed.isEmpty()
                ? Future.succeededFuture()
                : connection.preparedQuery(FREE).execute(keys(account, freed));
    }

    private static Future<?> put(SqlConnection connection, Jid account, Map<ElementName, String> stored) {
        if (stored.isEmpty()) {
            return Future.succeededFuture();
        }
        Tuple row =
                keys(account, stored.keySet()).addArrayOfString(stored.values().toArray(String[]::new));
        return connection.preparedQuery(WRITE).execute(row);
    }

    private static Tuple keys(Jid account, Collection<ElementName> names) {
        return Tuple.of(account.toString())
                .addArrayOfString(names.stream().map(ElementName::namespace).toArray(String[]::new))
                .addArrayOfString(names.stream().map(ElementName::name).toArray(String[]::new));
    }
}
