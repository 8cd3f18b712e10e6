package im.stanzabus.server;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.ServerSettings;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.XmppServerExtension;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Clients that break off, or are none. After each attack two bystanders still talk.
@ExtendWith(XmppServerExtension.class)
@ServerSettings(Bystanders.SETTINGS)
class HostileConnectionTest {
    private Bystanders bystanders;

    @BeforeEach
    void bystandersCome(Scene scene) {
        bystanders = new Bystanders(scene);
    }

    @AfterEach
    void bystandersStillTalk() {
        bystanders.talk();
    }

    @Test
    @Spec(doc = "RFC6120", section = "4.6.1")
    @Spec(doc = "RFC6121", section = "4.5.2")
    void halfAStanzaIsNone(Scene scene) {
        scene.friends("hamlet", "horatio");
        TestClient horatio = scene.online("horatio");
        TestClient hamlet = scene.online("hamlet");
        hamlet.sends("<message to='${horatio/tester}' type='chat' id='m'><body>the rest is</body>");
        hamlet.drops();
        horatio.receives("<presence type='unavailable' from='${hamlet/tester}'>{*}</presence>");
        horatio.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6120", section = "4.6.2")
    @Spec(doc = "RFC6121", section = "4.5.2")
    void whoStopsSendingIsGone(Scene scene) throws IOException {
        scene.friends("hamlet", "horatio");
        TestClient horatio = scene.online("horatio");
        TestClient hamlet = scene.online("hamlet");
        hamlet.stream().connection().socket().shutdownOutput();
        horatio.receives("<presence type='unavailable' from='${hamlet/tester}'>{*}</presence>");
        assertThat(hamlet.stream().connection().rest().getLast()).isInstanceOf(Connection.Event.Disconnected.class);
        hamlet.close();
    }

    @Test
    @Spec(doc = "RFC6120", section = "4.9.3.13")
    void otherProtocolsAreNotSpoken(Scene scene) throws IOException {
        TestStream http = scene.plain();
        http.connection().send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        http.connection().readStream();
        assertThat(http.connection().rest().getLast()).isInstanceOf(Connection.Event.Disconnected.class);
        Connection plain = Connection.plain(scene.server().tlsAddress(), "localhost");
        plain.openStream(TestStream.header("localhost"));
        assertThat(plain.rest().getLast()).isInstanceOf(Connection.Event.Disconnected.class);
        plain.close();
        TestStream tls = scene.plain();
        byte[] clientHello = new byte[600];
        clientHello[0] = 0x16;
        clientHello[1] = 3;
        clientHello[2] = 1;
        tls.connection().write(clientHello);
        tls.connection().readStream();
        assertThat(tls.connection().rest().getLast()).isInstanceOf(Connection.Event.Disconnected.class);
    }
}
