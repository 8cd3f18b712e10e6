package im.stanzabus.profile;

import im.stanzabus.bus.api.LastSeen;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The table of when accounts were last seen. Safe from any thread.
final class LastSeenTable {
    private static final String READ = "SELECT seen_at, status FROM profile_last_seen WHERE owner = $1";
    private static final String WRITE = "INSERT INTO profile_last_seen (owner, seen_at, status)"
            + " SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::text[])"
            + " ON CONFLICT (owner) DO UPDATE SET seen_at = EXCLUDED.seen_at, status = EXCLUDED.status"
            + " WHERE profile_last_seen.seen_at <= EXCLUDED.seen_at";
    private static final String DELETE = "DELETE FROM profile_last_seen WHERE owner = $1";

    private final Pool database;

    LastSeenTable(Pool database) {
        this.database = database;
    }

    /// When an account was last seen; null if it never was.
    Future<@Nullable LastSeen> read(Jid account) {
        return database.preparedQuery(READ)
                .execute(Tuple.of(account.toString()))
                .map(rows -> {
                    for (Row row : rows) {
                        return new LastSeen(account, row.getOffsetDateTime(0).toInstant(), row.getString(1));
                    }
                    return null;
                });
    }

    /// Writes each unless something newer is there.
    ///
    /// @param seen one for each account at most
    Future<?> write(Collection<LastSeen> seen) {
        // In the order of the accounts, so that writers in different processes do not wait for each other in a circle.
        List<LastSeen> ordered =
                seen.stream().sorted(Comparator.comparing(LastSeen::account)).toList();
        return database.preparedQuery(WRITE)
                .execute(Tuple.tuple()
                        .addArrayOfString(ordered.stream()
                                .map(one -> one.account().toString())
                                .toArray(String[]::new))
                        .addArrayOfOffsetDateTime(ordered.stream()
                                .map(one -> one.at().atOffset(ZoneOffset.UTC))
                                .toArray(OffsetDateTime[]::new))
                        .addArrayOfString(ordered.stream().map(LastSeen::status).toArray(String[]::new)));
    }

    static Future<?> delete(SqlClient connection, Jid account) {
        return connection.preparedQuery(DELETE).execute(Tuple.of(account.toString()));
    }
}
