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

/// The table of accounts; {@link RemovalRepository} has those that are being removed. Failures are those of
/// the database. Safe from any thread.
public final class AccountRepository {
    private static final String KEY = " WHERE host = $1 AND localpart = $2 AND removing_since IS NULL";
    private static final String EXISTS = "SELECT 1 FROM account" + KEY;
    private static final String CREATE = """
            INSERT INTO account (host, localpart, iterations,
                sha512_salt, sha512_stored_key, sha512_server_key,
                sha256_salt, sha256_stored_key, sha256_server_key,
                sha1_salt, sha1_stored_key, sha1_server_key, creation)
            SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
            WHERE account_may_be_made($1, $2)
            ON CONFLICT DO NOTHING
            """;
    private static final String CREATED_BY = EXISTS + " AND creation = $3";
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
    private static final String NEW_SECRET = "INSERT INTO auth_secret (secret) VALUES ($1) ON CONFLICT DO NOTHING";
    private static final String SECRET = "SELECT secret FROM auth_secret";

    private final Pool database;

    public AccountRepository(Pool database) {
        this.database = database;
    }

    /// The keys of an account; null if it does not exist.
    Future<@Nullable ScramKeys> keys(Jid account, ScramHash hash) {
        return query(selectKeys(column(hash)), account).map(rows -> {
            for (Row row : rows) {
                return new ScramKeys(bytes(row, 0), row.getInteger(1), bytes(row, 2), bytes(row, 3));
            }
            return null;
        });
    }

    /// True while the account has these keys: it was neither removed nor got a new password.
    Future<Boolean> hasKeys(Jid account, ScramHash hash, byte[] storedKey) {
        String column = column(hash) + "_stored_key";
        return database.preparedQuery(EXISTS + " AND " + column + " = $3")
                .execute(key(account).addBuffer(Buffer.buffer(storedKey)))
                .map(rows -> rows.size() > 0);
    }

    Future<Boolean> exists(Jid account) {
        return query(EXISTS, account).map(rows -> rows.size() > 0);
    }

    /// False if the name is taken.
    ///
    /// @param creation a number by which this account is known as the one that was asked for; 0 for none
    Future<Boolean> create(Jid account, Credentials credentials, long creation) {
        return database.preparedQuery(CREATE)
                .execute(values(account, credentials).addLong(creation))
                .compose(result -> changed(result) || creation == 0
                        ? Future.succeededFuture(changed(result))
                        : database.preparedQuery(CREATED_BY)
                                .execute(key(account).addLong(creation))
                                .map(rows -> rows.size() > 0));
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

    private static String column(ScramHash hash) {
        return switch (hash) {
            case SHA_512 -> "sha512";
            case SHA_256 -> "sha256";
            case SHA_1 -> "sha1";
        };
    }

    private static String selectKeys(String hash) {
        return "SELECT " + hash + "_salt, iterations, " + hash + "_stored_key, " + hash + "_server_key FROM account"
                + KEY;
    }

    static Tuple key(Jid account) {
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

    private static byte[] bytes(Row row, int column) {
        return row.getBuffer(column).getBytes();
    }

    private static boolean changed(SqlResult<?> result) {
        return result.rowCount() > 0;
    }
}
