package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.ServerSettings;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.TlsClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A server that has little time, and turns people away soon.
@ExtendWith(XmppServerExtension.class)
@ServerSettings("""
        c2s-gateway:
          host: 127.0.0.1
          port: 0
          direct-tls: {port: 0}
          limits: {connections-per-address: 40}
          timeouts: {handshake: 1 s, login: 2 s, idle: 1 s, ping: 1 s, close: 1 s}
        auth-service:
          throttle: {window: 3 s, per-account-and-address: 3, per-address: 1000, per-account: 1000}
        session-service: {resource-conflict: rename}
        """)
class TimeoutProtocolTest {

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"4.9.3.4", "13.12"})
    void whoDoesNotLogInIsSentAway(Scene scene) {
        TestStream stream = scene.stranger();
        Xml error = stream.connection().element();
        assertThat(error.hasChild("connection-timeout", "urn:ietf:params:xml:ns:xmpp-streams")
                        || error.hasChild("policy-violation", "urn:ietf:params:xml:ns:xmpp-streams"))
                .as(error.toString())
                .isTrue();
        stream.endsInGoodOrder();
    }

    @Test
    @Spec(doc = "RFC6120", section = "13.12")
    void whoSaysNothingIsSentAway(Scene scene) {
        TestStream stream = scene.plain();
        stream.connection().readStream();
        Connection.Event last = stream.connection().rest().getLast();
        assertThat(last).isInstanceOf(Connection.Event.Disconnected.class);
    }

    @Test
    @Spec(doc = "RFC6120", section = "13.12")
    void loginTakesNoLongerForWhoSendsAByteNowAndThen(Scene scene) {
        TestStream stream = scene.stranger();
        Instant start = Instant.now();
        Connection.Event event = null;
        while (event == null) {
            stream.connection().send(" ");
            event = stream.connection().poll(Duration.ofMillis(100));
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(6));
        }
        assertThat(event).isInstanceOf(Connection.Event.Element.class);
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"4.6.3", "4.6.4", "4.9.3.4"})
    @Spec(doc = "XEP-0199", section = "4.1")
    void whoIsSilentIsAskedAndThenGone(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = scene.online("romeo");
        TestStream silent = scene.stranger();
        scene.account("juliet");
        silent.login(scene.user("juliet"), TestServer.PASSWORD);
        silent.bind("balcony");
        silent.connection().send("<presence/>");
        romeo.awaits("<presence from='${juliet/balcony}'/>");
        romeo.awaits("<presence type='unavailable' from='${juliet/balcony}'>{*}</presence>");
        Xml ping;
        do {
            ping = silent.connection().element();
        } while (!ping.name().equals("iq"));
        assertThat(ping.attribute("type")).isEqualTo("get");
        assertThat(ping.hasChild("ping", "urn:xmpp:ping")).isTrue();
        silent.failsWith("connection-timeout");
    }

    @Test
    @Spec(doc = "XEP-0199", section = "4.1")
    void whoAnswersStays(Scene scene) {
        scene.account("juliet");
        TestStream juliet = scene.stranger();
        juliet.login(scene.user("juliet"), TestServer.PASSWORD);
        juliet.bind("balcony");
        for (int i = 0; i < 3; i++) {
            Xml ping = juliet.connection().element();
            assertThat(ping.hasChild("ping", "urn:xmpp:ping"))
                    .as(ping.toString())
                    .isTrue();
            juliet.connection().send("<iq type='result' id='" + ping.attribute("id") + "' to='localhost'/>");
        }
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"6.5.11", "13.12"})
    void passwordsAreNotGuessedFast(Scene scene) {
        scene.account("romeo");
        String user = scene.user("romeo");
        for (int i = 0; i < 3; i++) {
            assertThat(scene.stranger().plainAuth(user, "guess " + i).name()).isEqualTo("failure");
        }
        Xml refused = scene.stranger().plainAuth(user, TestServer.PASSWORD);
        assertThat(refused.name()).as(refused.toString()).isEqualTo("failure");
        scene.account("juliet");
        scene.stranger().login(scene.user("juliet"), TestServer.PASSWORD);
        Instant deadline = Instant.now().plus(Duration.ofSeconds(15));
        Xml answer;
        do {
            try (TestStream stream = TestStream.secured(scene.server(), scene.host())) {
                answer = stream.plainAuth(user, TestServer.PASSWORD);
                stream.connection().poll(Duration.ofMillis(500));
            }
        } while (!answer.name().equals("success") && Instant.now().isBefore(deadline));
        assertThat(answer.name()).isEqualTo("success");
    }

    @Test
    @Spec(doc = "RFC6120", section = "7.7.2.2")
    void aResourceThatIsInUseCanBeRenamed(Scene scene) {
        scene.account("romeo");
        TestStream first = scene.stranger();
        first.login(scene.user("romeo"), TestServer.PASSWORD);
        assertThat(first.bind("orchard")).isEqualTo(scene.jid("romeo/orchard"));
        TestStream second = scene.stranger();
        second.login(scene.user("romeo"), TestServer.PASSWORD);
        String other = second.bind("orchard");
        assertThat(other).startsWith(scene.jid("romeo") + "/").isNotEqualTo(scene.jid("romeo/orchard"));
    }

    @Test
    @Spec(doc = "RFC7590", section = "3.1")
    void whoDoesNotFinishTheHandshakeIsSentAway(Scene scene) {
        TestStream stream = scene.plain();
        stream.open();
        stream.connection().send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        assertThat(stream.connection().element().name()).isEqualTo("proceed");
        stream.connection().readStream();
        assertThat(stream.connection().rest().getLast()).isInstanceOf(Connection.Event.Disconnected.class);
        scene.directTls(TlsClient.DEFAULT).open();
    }

    @Test
    @Spec(doc = "RFC6120", section = "13.12")
    void oneAddressHasSoManyConnections(Scene scene) {
        List<TestStream> streams = new ArrayList<>();
        for (int i = 0; i < 41; i++) {
            TestStream stream = scene.plain();
            stream.connection().openStream(TestStream.header(scene.host()));
            streams.add(stream);
        }
        assertThat(streams.getLast().connection().rest().toString()).doesNotContain("features");
        streams.getFirst().connection().header();
        streams.getFirst().features();
        streams.forEach(TestStream::close);
    }
}
