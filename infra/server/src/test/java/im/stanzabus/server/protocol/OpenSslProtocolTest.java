package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Scram;
import im.stanzabus.testkit.ServerSettings;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.TlsClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole server with OpenSSL's engine for clients: they bind to its certificate, and talk.
@ExtendWith(XmppServerExtension.class)
@ServerSettings("c2s-gateway: {tls-engine: openssl, host: 127.0.0.1, port: 0, direct-tls: {port: 0}}")
class OpenSslProtocolTest {
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    @Spec(doc = "RFC5929", section = "4")
    void scramBindsToTheCertificate(String version, Scene scene) throws Exception {
        scene.account("romeo");
        TestStream stream = scene.plain();
        stream.open();
        Xml types = stream.startTls(TlsClient.DEFAULT.withVersion(version)).child("sasl-channel-binding");
        byte[] certificate = MessageDigest.getInstance("SHA-256")
                .digest(stream.connection()
                        .tls()
                        .getSession()
                        .getPeerCertificates()[0]
                        .getEncoded());
        Scram scram =
                new Scram("SHA-256", scene.user("romeo"), TestServer.PASSWORD, "p=tls-server-end-point", certificate);

        assertThat(types.children().stream().map(type -> type.attribute("type")))
                .containsExactly("tls-server-end-point");
        assertThat(stream.scram("SCRAM-SHA-256-PLUS", scram).name()).isEqualTo("success");
    }

    @Test
    void romeoWritesToJuliet(Scene scene) throws Exception {
        TestClient romeo = scene.online("romeo/orchard");
        TestClient juliet = scene.online("juliet/balcony");

        romeo.sends("<message to='${juliet}' type='chat'><body>" + "x".repeat(40_000) + "</body></message>");

        juliet.awaits("<message from='${romeo/orchard}' to='${juliet}' type='chat' id='{any?}'><body>"
                + "x".repeat(40_000) + "</body>{*}</message>");
    }
}
