package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.launcher.CertificateFiles;
import im.stanzabus.launcher.Certificates;
import im.stanzabus.stream.tls.TlsEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// XEP-0368: streams that begin with TLS; certificates by SNI and their exchange without a restart.
@ParameterizedClass
@EnumSource(TlsEngine.class)
class DirectTlsTest {
    @Parameter
    private TlsEngine engine;

    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new TestGateway("certificate-check: 20 ms\n" + TestGateway.with(engine));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private TestClient connect(String... protocols) throws Exception {
        return gateway.track(TestClient.directTls(
                gateway.directTlsPort(), parameters -> parameters.setApplicationProtocols(protocols)));
    }

    @Test
    void aClientLogsInAndIsDelivered() throws Exception {
        TestClient client = connect("xmpp-client");
        assertThat(client.open(TestGateway.ALPHA))
                .contains("<mechanism>PLAIN</mechanism>")
                .doesNotContain("starttls");
        client.auth("romeo", FakeAuth.PASSWORD);
        client.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        client.open(TestGateway.ALPHA);
        assertThat(client.bind("tls")).contains("romeo@alpha.test/tls");
        gateway.owner.connected(client, "romeo@alpha.test/tls");
        gateway.owner.deliver(client, false, "hello");
        assertThat(client.until("</message>")).contains("<body>hello</body>");
    }

    @Test
    void theApplicationProtocolIsAgreedOn() throws Exception {
        assertThat(((SSLSocket) connect("h2", "xmpp-client").socket()).getApplicationProtocol())
                .isEqualTo("xmpp-client");
        assertThat(connect().open(TestGateway.ALPHA)).contains("<mechanisms");
    }

    @Test
    void otherApplicationProtocolsAloneAreNotAgreedOn() throws Exception {
        if (engine == TlsEngine.JDK) {
            assertThatThrownBy(() -> connect("http/1.1")).isInstanceOf(SSLException.class);
        } else {
            assertThat(((SSLSocket) connect("http/1.1").socket()).getApplicationProtocol())
                    .isEmpty();
        }
    }

    @Test
    void theHostThatIsIndicatedGetsItsCertificate() throws Exception {
        assertThat(subject(TestGateway.ALPHA)).isEqualTo("CN=alpha.test");
        assertThat(subject(TestGateway.BETA)).isEqualTo("CN=beta.test");
        assertThat(subject("unknown.test")).isEqualTo("CN=alpha.test");
    }

    private String subject(String serverName) throws Exception {
        try (TestClient client =
                TestClient.directTls(gateway.directTlsPort(), parameters -> indicate(parameters, serverName))) {
            return client.serverCertificate().getSubjectX500Principal().getName();
        }
    }

    private static void indicate(SSLParameters parameters, String serverName) {
        parameters.setServerNames(List.of(new SNIHostName(serverName)));
    }

    @Test
    void aCertificateExchangedOnDiskServesTheNextHandshake() throws Exception {
        Path folder = gateway.folder.resolve("certificates");
        TestClient before = connect();
        before.open(TestGateway.ALPHA);
        byte[] old = before.serverCertificate().getEncoded();
        CertificateFiles other = Certificates.ensure(gateway.folder.resolve("new"), TestGateway.ALPHA);
        // the new certificate with the old key is of no use, and the old certificate stays
        replace(other.chain(), folder.resolve("alpha.test.crt"));
        assertThat(presented()).isEqualTo(old);
        replace(other.key(), folder.resolve("alpha.test.key"));
        Awaitility.await().until(() -> !Arrays.equals(presented(), old));
        before.auth("romeo", FakeAuth.PASSWORD);
        before.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    }

    /// A real certificate put in place later takes over from the one made at the first start.
    @Test
    void aCertificateThatComesLaterIsUsed() throws Exception {
        byte[] made = presented();
        CertificateFiles other = Certificates.ensure(gateway.folder.resolve("certs"), TestGateway.ALPHA);
        assertThat(other.chain()).exists();
        Awaitility.await().until(() -> !Arrays.equals(presented(), made));
    }

    private byte[] presented() throws Exception {
        try (TestClient client = TestClient.directTls(gateway.directTlsPort(), _ -> {})) {
            return client.serverCertificate().getEncoded();
        }
    }

    private static void replace(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(to, FileTime.from(Instant.now().plusSeconds(1)));
    }

    @Test
    void anErrorReachesTheClientBeforeTheConnectionEnds() throws Exception {
        TestClient client = connect();
        client.open(TestGateway.ALPHA);
        client.send("<message/>");
        client.expectStreamError("not-authorized");
    }

    @Test
    void aPeerThatSpeaksNoTlsIsDropped() throws Exception {
        TestClient client = gateway.track(new TestClient(gateway.directTlsPort()));
        client.send(TestClient.header(TestGateway.ALPHA));
        assertThat(client.untilEnd()).doesNotContain("<stream");
    }
}
