package im.stanzabus.server.protocol;

import static im.stanzabus.server.protocol.ArchivePage.page;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.XmppServerExtension;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What other programs insert into the database is sent.
@ExtendWith(XmppServerExtension.class)
class SenderProtocolTest {
    private static RowSet<Row> execute(EmbeddedServer server, String sql, Object... values) throws Exception {
        return server.running()
                .context()
                .database()
                .preparedQuery(sql)
                .execute(Tuple.from(values))
                .await(20, TimeUnit.SECONDS);
    }

    private static void insert(EmbeddedServer server, String key, String stanza) throws Exception {
        execute(
                server,
                "INSERT INTO stanza_outbox (idempotency_key, stanza) VALUES ($1, $2)"
                        + " ON CONFLICT (idempotency_key) DO NOTHING",
                key,
                stanza);
    }

    private static void awaitSent(EmbeddedServer server, String key) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> execute(
                                        server,
                                        "SELECT FROM stanza_outbox WHERE idempotency_key = $1 AND outcome = 'sent'",
                                        key)
                                .size()
                        == 1);
    }

    @Test
    void aClientReceivesWhatAProgramInserts(Scene scene, EmbeddedServer server) throws Exception {
        TestClient juliet = scene.online("juliet");
        String stanza = scene.text("<message from='shop@${host}/orders' to='${juliet}' type='chat' id='m'>"
                + "<body>on its way</body></message>");
        insert(server, scene.jid("order"), stanza);
        juliet.awaits("<message from='shop@${host}/orders' to='${juliet}' type='chat' id='m'>"
                + "{*}<body>on its way</body></message>");
        insert(server, scene.jid("order"), stanza);
        juliet.receivesNothing();
    }

    @Test
    void itIsInTheArchiveOfItsReceiverOnly(Scene scene, EmbeddedServer server) throws Exception {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        insert(
                server,
                scene.jid("message"),
                scene.text("<message from='${romeo}' to='${juliet}' type='chat' id='m'><body>hi</body></message>"));
        juliet.awaits("<message from='${romeo}' type='chat' id='m'>{*}<body>hi</body></message>");
        assertThat(page(juliet, "").bodies()).containsExactly("hi");
        assertThat(page(romeo, "").bodies()).isEmpty();
    }

    @Test
    void errorsComeBackToWhomItIsFrom(Scene scene, EmbeddedServer server) throws Exception {
        TestClient romeo = scene.online("romeo");
        insert(
                server,
                scene.jid("message"),
                scene.text(
                        "<message from='${romeo/tester}' to='${nobody}' type='chat' id='m'><body>hi</body></message>"));
        romeo.receivesError(
                "<message from='${nobody}' to='${romeo/tester}' type='error' id='m'/>",
                "cancel",
                "service-unavailable");
    }

    /// The next process finds a row so if the one before was killed when it had sent it.
    @ParameterizedTest
    @ValueSource(strings = {"chat", "headline", "groupchat"})
    void whatWasSentAndHasNoOutcomeIsNotDeliveredAgain(String type, Scene scene, EmbeddedServer server)
            throws Exception {
        TestClient juliet = scene.online("juliet/balcony");
        String key = scene.jid("message");
        insert(
                server,
                key,
                scene.text("<message from='shop@${host}/orders' to='${juliet/balcony}' type='" + type
                        + "' id='m'><body>once</body></message>"));
        juliet.awaits("<message from='shop@${host}/orders' to='${juliet/balcony}' type='" + type + "' id='m'>"
                + "{*}<body>once</body></message>");
        awaitSent(server, key);
        execute(
                server,
                "UPDATE stanza_outbox SET outcome = NULL, done_at = NULL WHERE idempotency_key = $1 AND taken_at IS NOT NULL",
                key);
        execute(server, "SELECT pg_notify('stanza_outbox', '')");
        awaitSent(server, key);
        juliet.receivesNothing();
    }
}
