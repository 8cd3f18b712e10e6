package im.stanzabus.server.protocol;

import static im.stanzabus.server.protocol.ArchivePage.page;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.XmppServerExtension;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What other programs insert into the database is sent.
@ExtendWith(XmppServerExtension.class)
class SenderProtocolTest {
    private static void insert(EmbeddedServer server, String key, String stanza) throws Exception {
        server.running()
                .context()
                .database()
                .preparedQuery("INSERT INTO stanza_outbox (idempotency_key, stanza) VALUES ($1, $2)"
                        + " ON CONFLICT (idempotency_key) DO NOTHING")
                .execute(Tuple.of(key, stanza))
                .await(20, TimeUnit.SECONDS);
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
}
