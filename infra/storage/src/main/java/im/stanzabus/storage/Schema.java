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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the tables up to date; tables that a newer server has changed are taken as they are if that
/// server says that they can be. Flyway, with its lock against other processes, runs only when the
/// history in the database differs from the bundled files: loading it and its JDBC driver costs more than
/// everything else that opens a database.
final class Schema {
    private static final String HISTORY = "SELECT version::int, checksum, script FROM flyway_schema_history"
            + " WHERE success AND version IS NOT NULL ORDER BY installed_rank";
    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);
    private static final String UNDEFINED_TABLE = "42P01";

    private Schema() {}

    static Future<Void> update(Vertx vertx, Pool pool, DatabaseConfig config) {
        List<Migration> bundled = Migration.bundled();
        return applied(pool).compose(applied -> {
            if (applied.equals(bundled)) {
                return Future.succeededFuture();
            }
            List<Migration> newer = newerThan(bundled.getLast().version(), applied);
            String refusal = refusal(bundled.getLast().version(), newer);
            if (!refusal.isEmpty()) {
                return Future.failedFuture(new DatabaseUnavailable("the " + config.place() + refusal));
            }
            if (!newer.isEmpty()
                    && applied.subList(0, applied.size() - newer.size()).equals(bundled)) {
                LOG.info(
                        "the {} has schema version {}; this server knows versions up to {} and can use it",
                        config.place(),
                        newer.getLast().version(),
                        bundled.getLast().version());
                return Future.succeededFuture();
            }
            return vertx.executeBlocking(() -> migrate(config));
        });
    }

    private static List<Migration> newerThan(int known, List<Migration> applied) {
        return applied.stream().filter(migration -> migration.version() > known).toList();
    }

    /// Why a server that knows the versions up to this one cannot live with the newer ones; empty if it
    /// can.
    static String refusal(int known, List<Migration> newer) {
        int needs = newer.stream().mapToInt(Migration::needs).max().orElse(0);
        return needs <= known
                ? ""
                : " has schema version " + newer.getLast().version()
                        + ", which a newer Stanzabus has made and which only"
                        + " servers that know version " + needs + " can use; this one knows versions up to " + known
                        + ": start a newer Stanzabus, or restore the backup from before the update";
    }

    private static Future<List<Migration>> applied(Pool pool) {
        return pool.query(HISTORY)
                .execute()
                .map(rows -> {
                    List<Migration> applied = new ArrayList<>();
                    for (Row row : rows) {
                        applied.add(Migration.of(row.getInteger(0), row.getInteger(1), row.getString(2)));
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
