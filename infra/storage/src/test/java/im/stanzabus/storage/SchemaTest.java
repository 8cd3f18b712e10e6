package im.stanzabus.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.storage.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a server makes of tables that a newer one has changed.
class SchemaTest {
    private static final int KNOWN = Migration.bundled().getLast().version();

    private final Vertx vertx = Vertx.vertx();
    private DatabaseConfig config = new DatabaseConfig("", 0, "", "", "", TlsMode.OFF, 1);

    @TempDir
    Path migrations;

    @BeforeEach
    void open() {
        config = await(TestDatabase.freshConfig(vertx));
    }

    @AfterEach
    void close() {
        await(vertx.close());
    }

    /// Names of migrations that come after version 7, which is all that this server knows.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                                                |",
                "V008__more.sql                                                  |",
                "V008__more.sql, V009__yet_more.sql                              |",
                "V008__less_needs_V007.sql                                       |",
                "V008__less_needs_V006.sql, V010__more.sql                       |",
                "V008__less_needs_V008.sql                                       | 8",
                "V008__more.sql, V009__less_needs_V008.sql                       | 8",
                "V008__less_needs_V008.sql, V009__more.sql                       | 8",
                "V008__more.sql, V009__less_needs_V008.sql, V010__needs_V009.sql | 9",
                "V008__nobody_needs_it.sql                                       |"
            })
    void aServerLivesWithWhatDoesNotNeedANewerOne(String names, Integer needs) {
        List<Migration> newer = names == null
                ? List.of()
                : Stream.of(names.split(", "))
                        .map(name -> Migration.of(Integer.parseInt(name.substring(1, 4)), 1, name))
                        .toList();
        String refusal = Schema.refusal(7, newer);
        if (needs == null) {
            assertThat(refusal).isEmpty();
        } else {
            assertThat(refusal)
                    .contains("has schema version " + newer.getLast().version())
                    .contains("only servers that know version " + needs + " can use")
                    .contains("this one knows versions up to 7")
                    .doesNotContain("\n");
        }
    }

    @Test
    void aSchemaToWhichANewerServerHasAddedIsUsed() throws Exception {
        newerServer("V998__more.sql", "V999__less_needs_V" + KNOWN + ".sql");

        Database database = await(Database.open(vertx, config));

        assertThat(await(database.pool()
                                .query("SELECT count(*)::int FROM v998, v999, account")
                                .execute())
                        .iterator()
                        .next()
                        .getInteger(0))
                .isZero();
        await(database.close());
    }

    @Test
    void aSchemaThatNeedsANewerServerIsRefused() throws Exception {
        newerServer("V998__more.sql", "V999__less_needs_V998.sql");

        assertThatThrownBy(() -> await(Database.open(vertx, config)))
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining("the database " + config.name())
                .hasMessageContaining("has schema version 999")
                .hasMessageContaining("servers that know version 998")
                .hasMessageContaining("versions up to " + KNOWN)
                .hasMessageContaining("start a newer Stanzabus")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aMigrationThatIsMissingBelowNewerOnesIsTold() throws Exception {
        newerServer("V999__more.sql");
        Database database = await(Database.open(vertx, config));
        await(database.pool()
                .query("DELETE FROM flyway_schema_history WHERE version::int = " + KNOWN)
                .execute());
        await(database.close());

        assertThatThrownBy(() -> await(Database.open(vertx, config)))
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining("cannot be updated");
    }

    @Test
    void migrationsNeedNoneThatComesLater() {
        assertThat(Migration.bundled())
                .allSatisfy(migration -> assertThat(migration.needs()).isLessThanOrEqualTo(migration.version()))
                .extracting(Migration::version)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, KNOWN).boxed().toList());
    }

    /// A server starts that brings these migrations too; each makes a table named by its version.
    private void newerServer(String... names) throws Exception {
        Path folder = Files.createDirectories(migrations.resolve("later"));
        for (String name : names) {
            Files.writeString(folder.resolve(name), "CREATE TABLE " + name.substring(0, 4) + " (a integer);\n");
        }
        String url = "jdbc:postgresql://" + config.host() + ':' + config.port() + '/' + config.name();
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {migrations.toUri().toURL()}, getClass().getClassLoader())) {
            Flyway.configure(loader)
                    .dataSource(url, config.user(), config.password())
                    .locations("classpath:" + Migration.FOLDER, "classpath:later")
                    .load()
                    .migrate();
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
