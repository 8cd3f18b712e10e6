package im.stanzabus.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.storage.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        await(vertx.close());
    }

    @Test
    void makesTheSchemaAndKnowsItAgain() {
        DatabaseConfig config = await(TestDatabase.bare(vertx));
        Database first = await(Database.open(vertx, config));
        assertThat(count(first, "SELECT count(*) FROM log_entry")).isZero();
        int migrations = Migration.bundled().size();
        assertThat(count(first, "SELECT count(*) FROM flyway_schema_history")).isEqualTo(migrations);
        await(first.close());

        Duration fastest = Duration.ofHours(1);
        for (int i = 0; i < 3; i++) {
            long begin = System.nanoTime();
            Database again = await(Database.open(vertx, config));
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            fastest = took.compareTo(fastest) < 0 ? took : fastest;
            await(again.close());
        }
        assertThat(fastest).isLessThan(Duration.ofMillis(400));
    }

    @Test
    void computesChecksumsAsFlywayDoes() {
        Database database = await(TestDatabase.fresh(vertx));
        for (Migration migration : Migration.bundled()) {
            assertThat(count(
                            database,
                            "SELECT checksum FROM flyway_schema_history WHERE version::int = " + migration.version()))
                    .isEqualTo(migration.checksum());
        }
        await(database.close());
    }

    @Test
    void refusesAMigrationThatWasChangedAfterwards() {
        DatabaseConfig config = await(TestDatabase.freshConfig(vertx));
        Database database = await(Database.open(vertx, config));
        await(database.pool()
                .query("UPDATE flyway_schema_history SET checksum = 1 WHERE version::int = 3")
                .execute());
        await(database.close());
        assertThatThrownBy(() -> await(Database.open(vertx, config)))
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining("cannot be updated")
                .hasMessageContaining("checksum")
                .hasMessageNotContaining("\n");
    }

    @Test
    void saysThatNobodyAnswers() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        DatabaseConfig config = new DatabaseConfig("127.0.0.1", port, "db", "me", "pw", TlsMode.OFF, 2);
        assertThatThrownBy(() -> await(Database.open(vertx, config, SHORT)))
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining("the database db at 127.0.0.1:" + port + " cannot be reached");
    }

    @Test
    void saysThatTheHostIsUnknown() {
        DatabaseConfig config = new DatabaseConfig("database.invalid", 5432, "db", "me", "pw", TlsMode.OFF, 2);
        assertThatThrownBy(() -> await(Database.open(vertx, config, SHORT)))
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining("host name");
    }

    @Test
    void saysThatThePasswordOrTheNameIsWrong() {
        DatabaseConfig right = await(TestDatabase.bare(vertx));
        DatabaseConfig wrong = new DatabaseConfig(
                right.host(), right.port(), right.name(), right.user(), "guess", TlsMode.OFF, right.poolSize());
        assertThatThrownBy(() -> await(Database.open(vertx, wrong)))
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining("refuses the password of role stanzabus");
        assertThatThrownBy(() -> await(Database.open(vertx, right.withName("nowhere"))))
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining("there is no database nowhere");
    }

    @Test
    void saysThatTheServerSpeaksNoTls() {
        DatabaseConfig plain = await(TestDatabase.bare(vertx));
        DatabaseConfig tls = new DatabaseConfig(
                plain.host(), plain.port(), plain.name(), plain.user(), plain.password(), TlsMode.VERIFY, 2);
        assertThatThrownBy(() -> await(Database.open(vertx, tls, SHORT)))
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining("cannot be reached");
    }

    @Test
    void waitsForAServerThatIsJustStarting(@TempDir Path folder) throws Exception {
        DatabaseConfig config;
        try (EmbeddedPostgres once = EmbeddedPostgres.start(folder, 0)) {
            config = once.config();
        }
        Future<Database> opening = Database.open(vertx, config);
        assertThat(opening.isComplete()).isFalse();
        try (EmbeddedPostgres again = EmbeddedPostgres.start(folder, config.port())) {
            Database database = await(opening);
            assertThat(count(database, "SELECT 1")).isOne();
            await(database.close());
        }
    }

    private static int count(Database database, String sql) {
        return await(database.pool()
                .query(sql)
                .execute()
                .map(rows -> rows.iterator().next().getInteger(0)));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
