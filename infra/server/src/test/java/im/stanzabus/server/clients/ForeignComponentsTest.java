package im.stanzabus.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.ServerSettings;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// External components that we have not written come, are found and used by a client, and go.
@ExtendWith(XmppServerExtension.class)
@ServerSettings("""
        s2s-gateway:
          host: 127.0.0.1
          port: 0
          direct-tls: {port: 0}
          components:
            port: 0
            queue: {time: 100 ms}
            domains:
              - {domain: python.localhost, secret: s3cr3t-of-python, title: Echo of Verona}
              - {domain: script.localhost, secret: s3cr3t-of-script, title: Echo of Mantua}
        """)
@Timeout(60)
class ForeignComponentsTest {
    private static final String PYTHON = "python.localhost";
    private static final String SCRIPT = "script.localhost";

    @TempDir
    Path folder;

    private int port;
    private TestClient romeo;

    @BeforeEach
    void enter(EmbeddedServer server, Scene scene) {
        port = server.running().port("s2s-gateway.components.port");
        romeo = scene.online("romeo/orchard");
    }

    /// The names of the host's items that have an address.
    private List<String> named(String domain) {
        Xml items = romeo.asks(
                        "<iq type='get' to='${host}'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>")
                .payload();
        return items.children().stream()
                .filter(item -> item.attribute("jid").equals(domain))
                .map(item -> item.attribute("name"))
                .toList();
    }

    private String says(String domain, String id) {
        romeo.sends("<message type='chat' to='juliet@" + domain + "' id='" + id + "'><body>hello?</body></message>");
        Xml answer = romeo.awaits("<message type='{any}' from='juliet@" + domain + "' id='" + id + "'>{*}</message>");
        return answer.attribute("type").equals("error")
                ? answer.child("error").children().getFirst().name()
                : answer.child("body").text();
    }

    private void isUsed(ForeignClient component, String domain, String title, String software) throws Exception {
        assertThat(component.awaits("online").getString("jid")).isEqualTo(domain);
        Awaitility.await().untilAsserted(() -> assertThat(named(domain)).containsExactly(title));
        assertThat(says(domain, "there")).isEqualTo("hello?");
        Xml info = romeo.asks("<iq type='get' to='" + domain
                        + "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>")
                .payload();
        assertThat(info.children())
                .filteredOn(child -> child.name().equals("identity"))
                .extracting(identity -> identity.attribute("name"))
                .contains(software);
    }

    private void isGone(String domain) {
        Awaitility.await().untilAsserted(() -> assertThat(named(domain)).isEmpty());
        assertThat(says(domain, "gone")).isEqualTo("remote-server-timeout");
    }

    @Test
    @Spec(doc = "XEP-0114", section = "3")
    @Spec(doc = "XEP-0030", section = "4.1")
    void slixmppAnswersADomain() throws Exception {
        isGone(PYTHON);
        try (ForeignClient component = ForeignClient.slixmppComponent(PYTHON, port, "s3cr3t-of-python", folder)) {
            isUsed(component, PYTHON, "Echo of Verona", "slixmpp");
        }
        isGone(PYTHON);
    }

    @Test
    @Spec(doc = "XEP-0114", section = "3")
    void xmppJsAnswersADomain() throws Exception {
        isGone(SCRIPT);
        try (ForeignClient component = ForeignClient.xmppJsComponent(SCRIPT, port, "s3cr3t-of-script", folder)) {
            isUsed(component, SCRIPT, "Echo of Mantua", "xmpp.js");
        }
        isGone(SCRIPT);
    }

    @Test
    @Spec(doc = "XEP-0114", section = "3")
    void whoDoesNotKnowTheSecretDoesNot() throws Exception {
        try (ForeignClient component = ForeignClient.xmppJsComponent(SCRIPT, port, "s3cr3t-of-python", folder)) {
            assertThat(component.awaits("error").getString("reason")).contains("not-authorized");
            assertThat(named(SCRIPT)).isEmpty();
        }
    }
}
