package im.stanzabus.server;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.storage.DatabaseConfig;
import im.stanzabus.storage.testing.TestDatabase;
import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.process.ServerProcess;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of the server while people chat: what was in the message log before is delivered once afterwards.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class KillTest {
    private static final int RECIPIENTS = 3;
    private static final int ENOUGH = 100;

    /// As many as may be on their way to one account.
    private static final int SOME = 32;

    @TempDir
    Path folder;

    private DatabaseConfig database = new DatabaseConfig("", 0, "", "", "", im.stanzabus.storage.TlsMode.OFF, 1);

    @Test
    @Spec(doc = "XEP-0160", section = "2")
    void whatWasInTheLogIsDeliveredOnceAfterTheServerWasKilled() throws Exception {
        configure();
        try (ServerProcess server = new ServerProcess(folder)) {
            server.createUser("romeo", server.host());
            for (int i = 0; i < RECIPIENTS; i++) {
                server.createUser("juliet" + i, server.host());
            }
            chatUntilKilled(server);
        }
        try (ServerProcess server = new ServerProcess(folder)) {
            for (int i = 0; i < RECIPIENTS; i++) {
                String juliet = "juliet" + i;
                List<String> logged = logged(juliet + "@" + server.host());
                assertThat(logged).hasSizeGreaterThanOrEqualTo(ENOUGH).doesNotHaveDuplicates();
                assertThat(received(server, juliet)).isEqualTo(logged);
                assertThat(received(server, juliet)).isEmpty();
            }
        }
    }

    /// It had sent all, and could not write that before.
    @Test
    void whatASenderHadSentWhenItWasKilledIsThereOnce() throws Exception {
        configure();
        try (ServerProcess server = new ServerProcess(folder)) {
            server.createUser("juliet", server.host());
            execute("CREATE FUNCTION no_outcome() RETURNS trigger LANGUAGE plpgsql AS"
                    + " $$ BEGIN RAISE EXCEPTION 'not now'; END $$");
            execute("CREATE TRIGGER no_outcome BEFORE UPDATE OF outcome ON stanza_outbox"
                    + " FOR EACH ROW EXECUTE FUNCTION no_outcome()");
            execute("INSERT INTO stanza_outbox (idempotency_key, stanza) SELECT 'key' || n, '<message from=\"shop@"
                    + server.host() + "\" to=\"juliet@" + server.host() + "\" id=\"' || n || '\"><body>' || n"
                    + " || '</body></message>' FROM generate_series(1, " + SOME + ") n ORDER BY n");
            while (logged("juliet@" + server.host()).size() < SOME) {
                Thread.onSpinWait();
            }
            server.kill();
        }
        assertThat(count("SELECT count(*) FROM stanza_outbox WHERE outcome IS NULL AND taken_at IS NOT NULL"))
                .isEqualTo(SOME);
        execute("DROP TRIGGER no_outcome ON stanza_outbox");
        try (ServerProcess server = new ServerProcess(folder)) {
            while (count("SELECT count(*) FROM stanza_outbox WHERE outcome = 'sent'") < SOME) {
                Thread.onSpinWait();
            }
            List<String> inOrder =
                    IntStream.rangeClosed(1, SOME).mapToObj(Integer::toString).toList();
            assertThat(logged("juliet@" + server.host())).isEqualTo(inOrder);
            assertThat(received(server, "juliet")).isEqualTo(inOrder);
        }
    }

    private void configure() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            database = EmbeddedServer.await(TestDatabase.freshConfig(vertx));
        } finally {
            EmbeddedServer.await(vertx.close());
        }
        Files.writeString(folder.resolve("stanzabus.yaml"), """
                http: {port: 0}
                c2s-gateway: {host: 127.0.0.1, port: 0, direct-tls: {port: 0}}
                s2s-gateway: {host: 127.0.0.1, port: 0, direct-tls: {port: 0}}
                offline-service: {quota: 100000}
                database: {host: %s, port: %d, name: %s, user: %s, password: '%s'}
                """.formatted(
                        database.host(), database.port(), database.name(), database.user(), database.password()));
    }

    /// Sends without a pause from one connection, and kills the server when there is enough in the log for each.
    private void chatUntilKilled(ServerProcess server) throws Exception {
        try (TestStream romeo = login(server, "romeo")) {
            Thread sender = Thread.ofPlatform().start(() -> sendForever(romeo.connection()));
            while (accountsWithEnough() < RECIPIENTS) {
                Thread.onSpinWait();
            }
            server.kill();
            sender.join();
        }
        assertThat(accountsWithEnough()).isEqualTo(RECIPIENTS);
    }

    private static void sendForever(Connection connection) {
        try {
            for (int n = 0; ; n++) {
                String message = "<message to='juliet%d@localhost' type='chat' id='%d'><body>%d</body></message>"
                        .formatted(n % RECIPIENTS, n, n);
                connection.write(message.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException killed) {
            assertThat(killed).isNotNull();
        }
    }

    private static TestStream login(TestServer server, String user) {
        TestStream stream = TestStream.secured(server, server.host());
        stream.login(user, TestServer.PASSWORD);
        stream.bind("tester");
        return stream;
    }

    /// The ids of the messages that somebody finds at login, in order. Pings of the server are answered, and
    /// at last the server is asked whether that was all.
    private static List<String> received(TestServer server, String user) {
        List<String> ids = new ArrayList<>();
        try (TestStream stream = login(server, user)) {
            Connection connection = stream.connection();
            connection.send("<presence/><message to='" + user + "@localhost' type='chat' id='end'/>");
            while (true) {
                Xml stanza = connection.element();
                if (stanza.name().equals("message")) {
                    if (stanza.attribute("id").equals("end")) {
                        break;
                    }
                    ids.add(stanza.attribute("id"));
                } else if (stanza.attribute("type").equals("get")) {
                    connection.send("<iq type='result' to='localhost' id='" + stanza.attribute("id") + "'/>");
                }
            }
            connection.send("<iq type='get' id='over'><ping xmlns='urn:xmpp:ping'/></iq>");
            Xml stanza;
            do {
                stanza = connection.element();
                if (stanza.attribute("type").equals("get")) {
                    connection.send("<iq type='result' to='localhost' id='" + stanza.attribute("id") + "'/>");
                }
            } while (!stanza.attribute("id").equals("over"));
            connection.send("</stream:stream>");
            connection.rest();
        }
        return ids;
    }

    private long accountsWithEnough() throws SQLException {
        return count("SELECT count(*) FROM log_standing WHERE received_id >= " + ENOUGH);
    }

    private long count(String select) throws SQLException {
        try (java.sql.Connection sql = connect();
                PreparedStatement query = sql.prepareStatement(select);
                ResultSet rows = query.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void execute(String statement) throws SQLException {
        try (java.sql.Connection sql = connect();
                PreparedStatement update = sql.prepareStatement(statement)) {
            update.execute();
        }
    }

    private List<String> logged(String owner) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (java.sql.Connection sql = connect();
                PreparedStatement query = sql.prepareStatement(
                        "SELECT stanza FROM message_log WHERE owner = ? AND NOT sent ORDER BY id")) {
            query.setString(1, owner);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    Xml stanza = Xml.parse(new String(rows.getBytes(1), StandardCharsets.UTF_8));
                    ids.add(stanza.attribute("id"));
                }
            }
        }
        return ids;
    }

    private java.sql.Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.name(),
                database.user(),
                database.password());
    }
}
