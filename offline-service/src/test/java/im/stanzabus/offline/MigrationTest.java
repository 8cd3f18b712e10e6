package im.stanzabus.offline;

import static im.stanzabus.offline.LogServer.JULIET;
import static im.stanzabus.offline.LogServer.ROMEO;
import static im.stanzabus.offline.LogServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.offline.stored.StoredStanza;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.storage.DatabaseConfig;
import im.stanzabus.storage.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/// An installation of the version before, with messages that wait.
class MigrationTest {
    private static final long LAST = 1_767_000_000_000_000L;

    private final Vertx vertx = Vertx.vertx();

    private static String url(DatabaseConfig config) {
        return "jdbc:postgresql://" + config.host() + ':' + config.port() + '/' + config.name();
    }

    private static void fill(DatabaseConfig config) throws SQLException {
        Flyway.configure()
                .dataSource(url(config), config.user(), config.password())
                .locations("classpath:db")
                .target("4")
                .load()
                .migrate();
        Stanza message = LogServer.message("Ü ' > <").withId("a' from='b");
        try (Connection connection = DriverManager.getConnection(url(config), config.user(), config.password());
                PreparedStatement append =
                        connection.prepareStatement("SELECT log_append(ARRAY[?], ARRAY[?], ARRAY['2026-01-02"
                                + " 03:04:05.6Z'::timestamptz], ARRAY[?], 100, 0)");
                Statement mark = connection.createStatement()) {
            for (long id = LAST - 4; id <= LAST; id++) {
                append.setString(1, JULIET.toString());
                append.setLong(2, id);
                append.setBytes(3, StoredStanza.write(message));
                append.execute();
            }
            append.setString(1, ROMEO.toString());
            append.setBytes(3, StoredStanza.write(message.withFrom(null)));
            append.execute();
            mark.execute("SELECT log_delivered(ARRAY['" + JULIET + "'], ARRAY[" + (LAST - 3) + "])");
        }
    }

    @Test
    void keepsWhatWaits() throws SQLException {
        DatabaseConfig config = await(TestDatabase.bare(vertx));
        fill(config);
        try (LogServer log = new LogServer(config, Duration.ofSeconds(9))) {
            assertThat(log.standing(JULIET)).satisfies(standing -> {
                assertThat(standing.lastId()).isEqualTo(LAST);
                assertThat(standing.deliveredId()).isEqualTo(LAST - 3);
                assertThat(standing.waiting()).isEqualTo(3);
            });
            assertThat(log.page(JULIET, 0, 10)).hasSize(3).allSatisfy(entry -> {
                assertThat(entry.peer()).isEqualTo(ROMEO);
                assertThat(entry.archived()).isFalse();
                assertThat(entry.received()).isEqualTo("2026-01-02T03:04:05.600Z");
                assertThat(entry.stanza().payload())
                        .isEqualTo(LogServer.message("Ü ' > <").payload());
            });
            assertThat(log.page(ROMEO, 0, 10)).hasSize(1);
            assertThat(log.append(JULIET, LAST + 1, LAST + 1)).containsExactly(Outcome.KEPT);
            log.delivered(JULIET, LAST);
            assertThat(log.undelivered(JULIET)).containsExactly(LAST + 1);

            await(log.bus.request("purge:offline-service", new Purge(ROMEO), Done.class));
            assertThat(log.number("SELECT count(*) FROM log_entry WHERE owner = '" + ROMEO + "'"))
                    .isZero();
        } finally {
            await(vertx.close());
        }
    }
}
