package im.stanzabus.auth.account;

import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The accounts that are being removed. Each method is one statement; failures are those of the database.
/// Safe from any thread and in any number of processes.
public final class RemovalRepository {
    private static final String BEGIN = """
            UPDATE account SET
                purge_services = CASE WHEN removing_since IS NULL THEN $3 ELSE purge_services END,
                removing_since = coalesce(removing_since, now())
            WHERE host = $1 AND localpart = $2
            RETURNING host, localpart, purge_services, removing_since
            """;
    private static final String UNFINISHED = """
            SELECT host, localpart, purge_services, removing_since FROM account
            WHERE removing_since IS NOT NULL
            ORDER BY removing_since, host, localpart LIMIT $1
            """;

    private static final String FINISH =
            "DELETE FROM account WHERE host = $1 AND localpart = $2 AND removing_since = $3";

    private final Pool database;

    public RemovalRepository(Pool database) {
        this.database = database;
    }

    /// An account that is being removed.
    ///
    /// @param services names of the services that kept data of accounts when the removal began
    /// @param since tells it from the removal of a later account of the same name
    record Removal(Jid account, List<String> services, OffsetDateTime since) {}

    /// Marks an account as being removed. When it is already, nothing changes. Null if there is no such
    /// account.
    Future<@Nullable Removal> begin(Jid account, List<String> services) {
        Tuple values = AccountRepository.key(account).addArrayOfString(services.toArray(String[]::new));
        return database.preparedQuery(BEGIN).execute(values).map(rows -> {
            for (Row row : rows) {
                return removal(row);
            }
            return null;
        });
    }

    /// Removals that have begun and not ended, the oldest first.
    Future<List<Removal>> unfinished(int limit) {
        return database.preparedQuery(UNFINISHED).execute(Tuple.of(limit)).map(rows -> {
            List<Removal> removals = new ArrayList<>(rows.size());
            rows.forEach(row -> removals.add(removal(row)));
            return removals;
        });
    }

    /// Deletes the account itself, after everything else of it is gone. Does nothing when another instance
    /// has done it.
    Future<Void> finish(Removal removal) {
        Tuple values = AccountRepository.key(removal.account()).addOffsetDateTime(removal.since());
        return database.preparedQuery(FINISH).execute(values).mapEmpty();
    }

    private static Removal removal(Row row) {
        Jid account = Jid.of(row.getString(1) + '@' + row.getString(0));
        return new Removal(account, List.of(row.getArrayOfStrings(2)), row.getOffsetDateTime(3));
    }
}
