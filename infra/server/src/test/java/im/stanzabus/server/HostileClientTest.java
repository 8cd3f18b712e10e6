package im.stanzabus.server;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.ServerSettings;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.XmppServerExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that send too much or take too little. After each attack two bystanders still talk.
@ExtendWith(XmppServerExtension.class)
@ServerSettings(Bystanders.SETTINGS)
class HostileClientTest {
    private static final int STANZA_BYTES = 65_536;

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
    @Spec(
            doc = "RFC6120",
            section = {"13.12", "4.9.3.14"})
    void aStanzaHasALimit(Scene scene) {
        TestClient hamlet = scene.online("hamlet");
        hamlet.sends(message("${guildenstern-nobody}", "x".repeat(STANZA_BYTES)));
        hamlet.failsWith("policy-violation");
    }

    @Test
    @Spec(doc = "RFC6120", section = "13.12")
    void aStanzaOfAllowedSizePasses(Scene scene) {
        TestClient hamlet = scene.online("hamlet");
        TestClient horatio = scene.online("horatio");
        String text = "x".repeat(STANZA_BYTES - 500);
        hamlet.sends(message("${horatio/tester}", text));
        horatio.receives("<message from='${hamlet/tester}' type='chat' id='m'><body>" + text + "</body></message>");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"13.12", "4.9.3.14"})
    void aStanzaWithoutEndIsNotKept(Scene scene) throws IOException {
        TestClient hamlet = scene.online("hamlet");
        Connection connection = hamlet.stream().connection();
        connection.send("<message><body>");
        byte[] words = "words, words, words ".repeat(100).getBytes(StandardCharsets.UTF_8);
        try {
            for (int i = 0; i < 100; i++) {
                connection.write(words);
            }
        } catch (IOException closed) {
            assertThat(closed).isNotNull();
        }
        hamlet.failsWith("policy-violation");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"13.12", "4.9.3.14"})
    void elementsAreNotDeep(Scene scene) {
        TestClient hamlet = scene.online("hamlet");
        hamlet.sendsRaw("<message>" + "<a>".repeat(5_000));
        hamlet.failsWith("policy-violation");
    }

    @Test
    @Spec(doc = "RFC6120", section = "13.12")
    void elementsHaveFewAttributes(Scene scene) {
        TestClient hamlet = scene.online("hamlet");
        StringBuilder attributes = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            attributes.append(" a").append(i).append("='1'");
        }
        hamlet.sendsRaw("<message" + attributes + "/>");
        hamlet.failsWith("policy-violation");
    }

    @Test
    @Spec(doc = "RFC6120", section = "13.12")
    void elementsDeclareFewNamespaces(Scene scene) {
        TestClient hamlet = scene.online("hamlet");
        StringBuilder attributes = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            attributes.append(" xmlns:a").append(i).append("='urn:").append(i).append('\'');
        }
        hamlet.sendsRaw("<message><x" + attributes + "/></message>");
        hamlet.failsWith("policy-violation");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<%s/>", "<message %s='1'/>", "<message xmlns:%s='urn:x'/>"})
    @Spec(doc = "RFC6120", section = "13.12")
    void namesAreShort(String element, Scene scene) {
        TestClient hamlet = scene.online("hamlet");
        hamlet.sendsRaw(element.formatted("n".repeat(10_000)));
        hamlet.failsWith("policy-violation");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"13.12", "4.9.3.14"})
    void aStrangerSendsLittleAtOnce(Scene scene) {
        TestStream stream = scene.plain();
        stream.connection().openStream("<?xml version='1.0'?><stream:stream to='" + "x".repeat(40_000));
        stream.isRefusedWith("policy-violation");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"13.12", "4.9.3.14"})
    void aStrangerSendsLittleAltogether(Scene scene) throws IOException {
        TestStream stream = scene.stranger();
        byte[] spaces = " ".repeat(8_192).getBytes(StandardCharsets.UTF_8);
        try {
            for (int i = 0; i < 20; i++) {
                stream.connection().write(spaces);
            }
        } catch (IOException closed) {
            assertThat(closed).isNotNull();
        }
        stream.failsWith("policy-violation");
    }

    @Test
    @Spec(doc = "RFC6120", section = "13.12")
    void manyStrangersDoNotKeepOthersOut(Scene scene) {
        for (int i = 0; i < 200; i++) {
            scene.plain().connection().send("<stream:str");
        }
        scene.online("hamlet").receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6120", section = "13.12")
    void aFloodReachesItsTargetAndNobodyElseNotices(Scene scene) {
        TestClient hamlet = scene.online("hamlet");
        TestClient horatio = scene.online("horatio");
        Thread flood = Thread.ofVirtual().start(() -> {
            StringBuilder words = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                words.append("<message to='")
                        .append(horatio.jid())
                        .append("' type='headline' id='w'><body>words</body></message>");
            }
            byte[] bytes = words.toString().getBytes(StandardCharsets.UTF_8);
            try {
                for (int i = 0; i < 50; i++) {
                    hamlet.stream().connection().write(bytes);
                }
            } catch (IOException closed) {
                hamlet.close();
            }
        });
        for (int i = 0; i < 20; i++) {
            bystanders.talk();
        }
        for (int i = 0; i < 10_000; i++) {
            horatio.receives("<message from='${hamlet/tester}' type='headline' id='w'><body>words</body></message>");
        }
        assertThat(flood.isAlive()).isFalse();
    }

    @Test
    @Spec(doc = "RFC6120", section = "13.12")
    void whoDoesNotReadIsGivenUp(Scene scene) throws Exception {
        scene.account("ophelia");
        TestStream ophelia = scene.stranger();
        ophelia.login(scene.user("ophelia"), TestServer.PASSWORD);
        ophelia.bind("river");
        ophelia.connection().pauseReading();
        TestClient hamlet = scene.online("hamlet");
        String text = "words ".repeat(10_000);
        int sent = 400;
        for (int i = 0; i < sent; i++) {
            hamlet.sends("<message to='${ophelia/river}' type='headline' id='" + i + "'><body>" + text
                    + "</body></message>");
            if (i % 20 == 0) {
                bystanders.talk();
            }
        }
        hamlet.forgets();
        ophelia.connection().resumeReading();
        int received = 0;
        Connection.Event event;
        do {
            event = ophelia.connection().next();
            received += event instanceof Connection.Event.Element ? 1 : 0;
        } while (!(event instanceof Connection.Event.Disconnected));
        // 24 MB were sent; what the server may hold is 1 MiB, and the rest is what the two sockets' buffers take
        assertThat(received).isLessThan(sent * 3 / 4);
    }

    private static String message(String to, String text) {
        return "<message to='" + to + "' type='chat' id='m'><body>" + text + "</body></message>";
    }
}
