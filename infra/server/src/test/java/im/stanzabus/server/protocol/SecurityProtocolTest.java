package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.TlsClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How streams are secured.
@ExtendWith(XmppServerExtension.class)
class SecurityProtocolTest {
    private static final String TLS = "urn:ietf:params:xml:ns:xmpp-tls";

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"5.3.1", "5.4.1"})
    @Spec(doc = "XEP-0170", section = "2.1")
    @Spec(doc = "RFC7590", section = "3.1")
    void beforeTlsThereIsNothingButStartTls(Scene scene) {
        Xml features = scene.plain().open();
        // limits are not negotiated, so that they may be told before
        assertThat(features.children().stream().map(Xml::name).filter(name -> !name.equals("limits")))
                .containsExactly("starttls");
        Xml starttls = features.child("starttls");
        assertThat(starttls.namespace()).isEqualTo(TLS);
        assertThat(starttls.hasChild("required", TLS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    @Spec(
            doc = "RFC6120",
            section = {"5.4.2.3", "5.4.3.3"})
    @Spec(doc = "XEP-0170", section = "2.1")
    void afterTlsThereIsLogin(String version, Scene scene) {
        TestStream stream = scene.plain();
        stream.open();
        Xml features = stream.startTls(TlsClient.DEFAULT.withVersion(version));
        assertThat(stream.connection().tls().getSession().getProtocol()).isEqualTo(version);
        assertThat(features.hasChild("starttls", TLS)).isFalse();
        assertThat(features.hasChild("bind", "urn:ietf:params:xml:ns:xmpp-bind"))
                .isFalse();
        assertThat(TestStream.mechanisms(features)).isNotEmpty();
    }

    @Test
    @Spec(doc = "RFC6120", section = "5.3.2")
    void theOldStreamIsForgottenWithTls(Scene scene) {
        TestStream stream = scene.plain();
        stream.open();
        Connection connection = stream.connection();
        connection.send("<starttls xmlns='" + TLS + "'/>");
        assertThat(connection.element().name()).isEqualTo("proceed");
        connection.secure(TlsClient.DEFAULT);
        connection.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>");
        connection.readStream();
        connection.header();
        assertThat(connection.element().name()).isEqualTo("error");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"5.3.1", "6.3.8"})
    void noPasswordIsTakenBeforeTls(Scene scene) {
        TestStream stream = scene.plain();
        stream.open();
        Xml answer = stream.plainAuth("romeo", "secret");
        assertThat(answer.hasChild("encryption-required", "urn:ietf:params:xml:ns:xmpp-sasl")
                        || answer.hasChild("not-authorized", "urn:ietf:params:xml:ns:xmpp-streams")
                        || answer.hasChild("policy-violation", "urn:ietf:params:xml:ns:xmpp-streams"))
                .as(answer.toString())
                .isTrue();
    }

    @Test
    @Spec(doc = "XEP-0368", section = "3")
    void directTlsNeedsNoStartTls(Scene scene) {
        TestStream stream = scene.directTls(TlsClient.DEFAULT);
        Xml features = stream.open();
        assertThat(features.hasChild("starttls", TLS)).isFalse();
        assertThat(TestStream.mechanisms(features)).isNotEmpty();
    }

    @Test
    @Spec(doc = "XEP-0368", section = "3")
    void directTlsIsFoundByAlpn(Scene scene) {
        TestStream stream = scene.directTls(TlsClient.DEFAULT.withProtocols("h2", "xmpp-client"));
        assertThat(stream.connection().tls().getApplicationProtocol()).isEqualTo("xmpp-client");
        stream.open();
    }

    @Test
    @Spec(doc = "RFC6120", section = "13.7.1.2")
    @Spec(doc = "RFC7590", section = "3.1")
    void everyDomainShowsItsOwnCertificate(Scene scene) throws Exception {
        for (String host : List.of("localhost", "capulet.example")) {
            assertThat(names(scene.directTls(TlsClient.DEFAULT.withSni(host)))).containsExactly(host);
            TestStream stream = scene.plain();
            stream.open();
            stream.startTls(TlsClient.DEFAULT.withSni(host));
            assertThat(names(stream)).containsExactly(host);
        }
    }

    @Test
    @Spec(doc = "XEP-0368", section = "3")
    void aClientThatNamesNoDomainSeesACertificateAllTheSame(Scene scene) throws Exception {
        assertThat(names(scene.directTls(TlsClient.DEFAULT.withSni("")))).containsExactly(scene.host());
    }

    private static List<String> names(TestStream stream) throws Exception {
        return subjects(certificate(stream));
    }

    private static X509Certificate certificate(TestStream stream) throws SSLPeerUnverifiedException {
        return (X509Certificate) stream.connection().tls().getSession().getPeerCertificates()[0];
    }

    private static List<String> subjects(X509Certificate certificate) throws Exception {
        return certificate.getSubjectAlternativeNames().stream()
                .filter(name -> name.getFirst().equals(2))
                .map(name -> name.get(1).toString())
                .toList();
    }
}
