package im.stanzabus.offline.archive;

import im.stanzabus.bus.api.LogRequest.ArchivePreference;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The table `archive_preference`.
final class PreferenceTable {
    private static final String READ = "SELECT fallback, always, never FROM archive_preference WHERE owner = $1";
    private static final String WRITE = """
            INSERT INTO archive_preference (owner, fallback, always, never) VALUES ($1, $2, $3, $4)
            ON CONFLICT (owner) DO UPDATE
            SET fallback = excluded.fallback, always = excluded.always, never = excluded.never""";

    private final Pool pool;

    PreferenceTable(Pool pool) {
        this.pool = pool;
    }

    Future<ArchivePreferences> read(Jid account) {
        return pool.preparedQuery(READ).execute(Tuple.of(account.toString())).map(rows -> {
            if (rows.size() == 0) {
                return ArchivePreferences.DEFAULT;
            }
            Row row = rows.iterator().next();
            return new ArchivePreferences(
                    ArchivePreference.valueOf(row.getString(0).toUpperCase(Locale.ROOT)),
                    jids(row.getArrayOfStrings(1)),
                    jids(row.getArrayOfStrings(2)));
        });
    }

    private static List<Jid> jids(String[] texts) {
        return Arrays.stream(texts).map(Jid::of).toList();
    }

    Future<Void> write(Jid account, ArchivePreferences preferences) {
        return pool.preparedQuery(WRITE)
                .execute(Tuple.tuple()
                        .addString(account.toString())
                        .addString(ArchivePreferences.word(preferences.fallback()))
                        .addArrayOfString(texts(preferences.always()))
                        .addArrayOfString(texts(preferences.never())))
                .mapEmpty();
    }

    private static String[] texts(List<Jid> addresses) {
        return addresses.stream().map(Jid::toString).toArray(String[]::new);
    }
}
