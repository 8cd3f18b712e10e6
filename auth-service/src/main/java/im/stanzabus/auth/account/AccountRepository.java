package im.stanzabus.auth.account;

import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The table of accounts. Each method is one statement; failures are those of the database. Safe from any
/// thread.
public final class AccountRepository {
    private static final String KEY = " WHERE host = $1 AND localpart = $2 AND removing_since IS NULL";
    private static final String EXISTS = "SELECT 1 FROM account" + KEY;
    private static final String CREATE = """
            INSERT INTO account (host, localpart, iterations,
                sha512_salt, sha512_stored_key, sha512_server_key,
                sha256_salt, sha256_stored_key, sha256_server_key,
                sha1_salt, sha1_stored_key, sha1_server_key)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT DO NOTHING
            """;
    private static final String SET_PASSWORD = """
            UPDATE account SET iterations = $3,
                sha512_salt = $4, sha512_stored_key = $5, sha512_server_key = $6,
                sha256_salt = $7, sha256_stored_key = $8, sha256_server_key = $9,
                sha1_salt = $10, sha1_stored_key = $11, sha1_server_key = $12,
                password_set_at = now()
            """ + KEY;
    private static final String LIST = """
            SELECT localpart FROM account
            WHERE host = $1 AND localpart > $2 AND removing_since IS NULL
            ORDER BY localpart LIMIT $3
            """;
    private static final String BEGIN_REMOVAL = """
            UPDATE account SET
                purge_services = CASE WHEN removing_since IS NULL THEN $3 ELSE purge_services END,
                removing_since = coalesce(removing_since, now())
            WHERE host = $1 AND localpart = $2
            RETURNING host, localpart, purge_services
            """;
    private static final String REMOVALS = """
            SELECT host, localpart, purge_services FROM account
            WHERE removing_since IS NOT NULL
            ORDER BY removing_since, host, localpart LIMIT $1
            """;
    private static final String FINISH_REMOVAL =
            "DELETE FROM account WHERE host = $1 AND localpart = $2 AND removing_since IS NOT NULL";
    private static final String NEW_SECRET = "INSERT INTO auth_secret (secret) VALUES ($1) ON CONFLICT DO NOTHING";
    private static final String SECRET = "SELECT secret FROM auth_secret";

    private final Pool database;

    public AccountRepository(Pool database) {
        this.database = database;
    }

    /// An account that is being removed.
    ///
    /// @param services names of the services that kept data of accounts when the removal began
    public record Removal(Jid account, List<String> services) {}

    /// The keys of an account; null if it does not exist.
    Future<@Nullable ScramKeys> keys(Jid account, ScramHash hash) {
        String sql = switch (hash) {
            case SHA_512 -> selectKeys("sha512");
            case SHA_256 -> selectKeys("sha256");
            case SHA_1 -> selectKeys("sha1");
        };
        return query(sql, account).map(rows -> {
            for (Row row : rows) {
                return new ScramKeys(bytes(row, 0), row.getInteger(1), bytes(row, 2), bytes(row, 3));
            }
            return null;
        });
    }

    Future<Boolean> exists(Jid account) {
        return query(EXISTS, account).map(rows -> rows.size() > 0);
    }

    /// False if the name is taken.
    Future<Boolean> create(Jid account, Credentials credentials) {
        return database.preparedQuery(CREATE)
                .execute(values(account, credentials))
                .map(AccountRepository::changed);
    }

    /// False if there is no such account.
    Future<Boolean> setPassword(Jid account, Credentials credentials) {
        return database.preparedQuery(SET_PASSWORD)
                .execute(values(account, credentials))
                .map(AccountRepository::changed);
    }

    /// Accounts by name, those after a name.
    Future<List<Jid>> list(String host, String after, int limit) {
        return database.preparedQuery(LIST)
                .execute(Tuple.of(host, after, limit))
                .map(rows -> {
                    List<Jid> accounts = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        accounts.add(Jid.of(row.getString(0) + '@' + host));
                    }
                    return accounts;
                });
    }

    /// Marks an account as being removed. When it is already, nothing changes. Null if there is no such
    /// account.
    Future<@Nullable Removal> beginRemoval(Jid account, List<String> services) {
        Tuple values = key(account).addArrayOfString(services.toArray(String[]::new));
        return database.preparedQuery(BEGIN_REMOVAL).execute(values).map(rows -> {
            for (Row row : rows) {
                return removal(row);
            }
            return null;
        });
    }

    /// Removals that have begun and not ended, the oldest first.
    Future<List<Removal>> removals(int limit) {
        return database.preparedQuery(REMOVALS).execute(Tuple.of(limit)).map(rows -> {
            List<Removal> removals = new ArrayList<>(rows.size());
            rows.forEach(row -> removals.add(removal(row)));
            return removals;
        });
    }

    /// Deletes the account itself, after everything else of it is gone.
    Future<Boolean> finishRemoval(Jid account) {
        return query(FINISH_REMOVAL, account).map(AccountRepository::changed);
    }

    /// The secret of this installation; the proposed one if it has none yet.
    public Future<ServerSecret> secret(byte[] proposed) {
        return database.preparedQuery(NEW_SECRET)
                .execute(Tuple.of(Buffer.buffer(proposed)))
                .compose(_ -> database.preparedQuery(SECRET).execute())
                .map(rows -> new ServerSecret(bytes(rows.iterator().next(), 0)));
    }

    private Future<RowSet<Row>> query(String sql, Jid account) {
        return database.preparedQuery(sql).execute(key(account));
    }

    private static String selectKeys(String hash) {
        return "SELECT " + hash + "_salt, iterations, " + hash + "_stored_key, " + hash + "_server_key FROM account"
                + KEY;
    }

    private static Tuple key(Jid account) {
        return Tuple.of(account.domain(), Objects.requireNonNull(account.local()));
    }

    private static Tuple values(Jid account, Credentials credentials) {
        Tuple values = key(account).addInteger(credentials.sha256().iterations());
        for (ScramKeys keys : Arrays.asList(credentials.sha512(), credentials.sha256(), credentials.sha1())) {
            values.addBuffer(Buffer.buffer(keys.salt()))
                    .addBuffer(Buffer.buffer(keys.storedKey()))
                    .addBuffer(Buffer.buffer(keys.serverKey()));
        }
        return values;
    }

    private static Removal removal(Row row) {
        Jid account = Jid.of(row.getString(1) + '@' + row.getString(0));
        return new Removal(account, List.of(row.getArrayOfStrings(2)));
    }

    private static byte[] bytes(Row row, int column) {
        return row.getBuffer(column).getBytes();
    }

    private static boolean changed(SqlResult<?> result) {
        return result.rowCount() > 0;
    }
}
