package im.stanzabus.storage;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// Brings the tables up to date. Flyway, with its lock against other processes, runs only when the history in the
/// database differs from the bundled files: loading it and its JDBC driver costs more than everything else that opens a
/// database.
final class Schema {
    private static final String HISTORY = "SELECT version::int, checksum FROM flyway_schema_history"
            + " WHERE success AND version IS NOT NULL ORDER BY installed_rank";
    private static final String UNDEFINED_TABLE = "42P01";

    private Schema() {}

    static Future<Void> update(Vertx vertx, Pool pool, DatabaseConfig config) {
        List<Migration> bundled = Migration.bundled();
        return applied(pool).compose(applied -> {
            if (applied.equals(bundled)) {
                return Future.succeededFuture();
            }
            int known = bundled.getLast().version();
            int newest = applied.stream().mapToInt(Migration::version).max().orElse(0);
            if (newest > known) {
                return Future.failedFuture(new DatabaseUnavailable("the " + config.place() + " has schema version "
                        + newest + ", this server knows versions up to " + known
                        + ": it was used by a newer Stanzabus"));
            }
            return vertx.executeBlocking(() -> migrate(config));
        });
    }

    private static Future<List<Migration>> applied(Pool pool) {
        return pool.query(HISTORY)
                .execute()
                .map(rows -> {
                    List<Migration> applied = new ArrayList<>();
                    for (Row row : rows) {
                        applied.add(new Migration(row.getInteger(0), row.getInteger(1)));
                    }
                    return applied;
                })
                .recover(failure ->
                        failure instanceof PgException refused && UNDEFINED_TABLE.equals(refused.getSqlState())
                                ? Future.succeededFuture(List.of())
                                : Future.failedFuture(failure));
    }

    @SuppressWarnings("NullAway") // executeBlocking(Callable<Void>) has no other result to give
    private static Void migrate(DatabaseConfig config) {
        String url = "jdbc:postgresql://" + (config.host().contains(":") ? "[" + config.host() + "]" : config.host())
                + ':' + config.port() + '/' + config.name() + "?ApplicationName=stanzabus&connectTimeout=10&sslmode="
                + config.tls().jdbc()
                + (config.tls() == TlsMode.VERIFY ? "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory" : "");
        try {
            Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(url, config.user(), config.password())
                    .locations("classpath:" + Migration.FOLDER)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new DatabaseUnavailable(
                    "the schema of the " + config.place() + " cannot be updated: " + String.valueOf(e.getMessage()));
        }
        return null;
    }
}
