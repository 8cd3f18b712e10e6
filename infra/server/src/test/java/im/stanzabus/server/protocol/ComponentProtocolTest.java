package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.ServerSettings;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TlsClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// An external component, connected with TLS, and a user: requests, messages and presence both ways.
@ExtendWith(XmppServerExtension.class)
@ServerSettings("""
        s2s-gateway:
          host: 127.0.0.1
          port: 0
          direct-tls: {port: 0}
          components:
            port: 0
            direct-tls: true
            queue: {time: 100 ms}
            domains: [{domain: rooms.localhost, secret: s3cr3t-of-rooms}]
        """)
@Timeout(60)
class ComponentProtocolTest {
    private static final String NAMESPACE = "jabber:component:accept";

    private Connection rooms;
    private TestClient romeo;

    @BeforeEach
    void enter(EmbeddedServer server, Scene scene) throws Exception {
        int port = server.running().port("s2s-gateway.components.port");
        rooms = Connection.tls(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), "localhost", TlsClient.DEFAULT);
        rooms.openStream("<stream:stream xmlns='" + NAMESPACE
                + "' xmlns:stream='http://etherx.jabber.org/streams' to='rooms.localhost'>");
        String known = rooms.header().attribute("id") + "s3cr3t-of-rooms";
        byte[] hash = MessageDigest.getInstance("SHA-1").digest(known.getBytes(StandardCharsets.UTF_8));
        rooms.send("<handshake>" + HexFormat.of().formatHex(hash) + "</handshake>");
        assertThat(rooms.element().is("handshake", NAMESPACE)).isTrue();
        romeo = scene.online("romeo/orchard");
        Awaitility.await().until(this::isThere);
    }

    private boolean isThere() {
        return romeo
                .asks("<iq type='get' to='${host}'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>")
                .payload()
                .children()
                .stream()
                .anyMatch(item -> item.attribute("jid").equals("rooms.localhost"));
    }

    @AfterEach
    void leave() {
        rooms.close();
        Awaitility.await().until(() -> !isThere());
    }

    @Test
    @Spec(doc = "XEP-0114", section = "3")
    void aUserIsAskedAndAnswers() {
        rooms.send("<iq type='get' id='v1' from='rooms.localhost' to='" + romeo.jid()
                + "'><query xmlns='jabber:iq:version'/></iq>");
        romeo.awaits("<iq type='get' id='v1' from='rooms.localhost' to='${romeo/orchard}'>"
                + "<query xmlns='jabber:iq:version'/></iq>");
        romeo.sends("<iq type='result' id='v1' to='rooms.localhost'>"
                + "<query xmlns='jabber:iq:version'><name>Mask</name></query></iq>");
        Xml answer = rooms.element();
        assertThat(answer.is("iq", NAMESPACE)).isTrue();
        assertThat(answer.attribute("type")).isEqualTo("result");
        assertThat(answer.attribute("id")).isEqualTo("v1");
        assertThat(answer.attribute("from")).isEqualTo(romeo.jid());
        assertThat(answer.child("query").child("name").text()).isEqualTo("Mask");
    }

    /// The elements of a client belong to the component's stream, as those of others do, even if the
    /// client has written their namespace.
    @Test
    @Spec(doc = "XEP-0114", section = "3")
    void aMessageIsInTheNamespaceOfTheStream() {
        romeo.sends(
                "<message type='chat' to='hall@rooms.localhost'><body xmlns='jabber:client'>Ay me</body></message>");
        Xml message = rooms.element();
        assertThat(message.is("message", NAMESPACE)).isTrue();
        assertThat(message.hasChild("body", NAMESPACE)).as(message.toString()).isTrue();
    }

    @Test
    @Spec(doc = "XEP-0114", section = "3")
    void subscriptionsAndPresenceGoBothWays() {
        romeo.sends("<presence type='subscribe' to='hall@rooms.localhost'/>");
        Xml asked = presence("subscribe");
        assertThat(asked.attribute("from")).isEqualTo(romeo.bareJid());
        rooms.send("<presence type='subscribed' from='hall@rooms.localhost' to='" + romeo.bareJid() + "'/>"
                + "<presence from='hall@rooms.localhost/door' to='" + romeo.bareJid()
                + "'><show>chat</show></presence>");
        romeo.awaits("<presence type='subscribed' from='hall@rooms.localhost' to='{any}'>{*}</presence>");
        romeo.awaits("<presence from='hall@rooms.localhost/door' to='{any}'><show>chat</show></presence>");

        rooms.send("<presence type='subscribe' from='hall@rooms.localhost' to='" + romeo.bareJid() + "'/>");
        romeo.awaits("<presence type='subscribe' from='hall@rooms.localhost' to='{any}'>{*}</presence>");
        romeo.sends("<presence type='subscribed' to='hall@rooms.localhost'/>");
        assertThat(presence("subscribed").attribute("from")).isEqualTo(romeo.bareJid());
        assertThat(presence("").attribute("from")).isEqualTo(romeo.jid());
        romeo.sends("<presence><show>dnd</show></presence>");
        assertThat(presence("").child("show").text()).isEqualTo("dnd");
    }

    /// The next presence of a type; a probe may come at any time.
    private Xml presence(String type) {
        Xml next = rooms.element();
        while (next.attribute("type").equals("probe")) {
            next = rooms.element();
        }
        assertThat(next.is("presence", NAMESPACE)).as(next.toString()).isTrue();
        assertThat(next.attribute("type")).as(next.toString()).isEqualTo(type);
        return next;
    }
}
