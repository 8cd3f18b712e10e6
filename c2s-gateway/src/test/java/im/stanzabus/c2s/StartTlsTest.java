package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.stream.tls.TlsEngine;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 6120 section 5 and RFC 7590: streams that are secured before login; channel binding (RFC 5929, RFC 9266).
@ParameterizedClass
@EnumSource(TlsEngine.class)
class StartTlsTest {
    @Parameter
    private TlsEngine engine;

    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new TestGateway("instances: 3\n" + TestGateway.with(engine));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void nothingButStartTlsIsOffered() throws Exception {
        assertThat(gateway.connect().open(TestGateway.ALPHA))
                .contains("<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
                        + "</stream:features>");
    }

    @Test
    void loginWithoutTlsIsRefused() throws Exception {
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        client.auth("romeo", FakeAuth.PASSWORD);
        assertThat(client.until("</failure>")).contains("<encryption-required/>");
        client.startTls();
        client.login("romeo", TestGateway.ALPHA);
        assertThat(gateway.auth.steps).hasSize(1);
    }

    @Test
    void everyInstanceUpgrades() throws Exception {
        for (int i = 0; i < 6; i++) {
            TestClient client = gateway.connect();
            client.open(TestGateway.ALPHA);
            client.startTls();
            client.login("romeo", TestGateway.ALPHA);
            assertThat(client.bind("tls")).contains("<jid>romeo@alpha.test/tls</jid>");
        }
    }

    @Test
    void aStanzaBeforeTlsEndsTheStream() throws Exception {
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        client.send("<presence/>");
        client.expectStreamError("not-authorized");
    }

    /// CVE-2011-0411: what somebody on the way put behind the request must not be taken for the client's.
    @Test
    void whatFollowsTheRequestInPlainTextIsForgotten() throws Exception {
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        client.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" + TestClient.header(TestGateway.BETA)
                + "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"
                + TestClient.plain("mallory", FakeAuth.PASSWORD) + "</auth>");
        client.until("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        client.secure(TestGateway.ALPHA, _ -> {});
        assertThat(client.open(TestGateway.ALPHA)).contains("from='alpha.test'");
        client.auth("romeo", FakeAuth.PASSWORD);
        client.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        assertThat(gateway.auth.steps).hasSize(1);
    }

    /// The same in a segment of its own, after the request was answered: no TLS, so no connection.
    @Test
    void plainTextAfterTheAnswerEndsTheConnection() throws Exception {
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        client.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        client.until("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        client.send(TestClient.header(TestGateway.ALPHA));
        assertThat(client.untilEnd()).doesNotContain("<stream");
    }

    @Test
    void aSecondStartTlsIsAnError() throws Exception {
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        client.startTls();
        assertThat(client.open(TestGateway.ALPHA)).doesNotContain("starttls");
        client.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        client.expectStreamError("unsupported-stanza-type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void channelBindingDataAreThoseOfTheClient(String protocol) throws Exception {
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        client.startTls(parameters -> parameters.setProtocols(new String[] {protocol}));
        boolean exporter = engine.exportsKeyingMaterial() && protocol.equals("TLSv1.3");
        String types = exporter
                ? "<channel-binding type='tls-exporter'/><channel-binding type='tls-server-end-point'/>"
                : "<channel-binding type='tls-server-end-point'/>";
        assertThat(client.open(TestGateway.ALPHA))
                .contains("<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>" + types + "</sasl-channel-binding>");
        client.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-TEST-PLUS'>"
                + TestClient.plain("romeo", FakeAuth.PASSWORD) + "</auth>");
        client.until("<success");
        AuthRequest.SaslChannel channel =
                gateway.auth.steps.poll(10, TimeUnit.SECONDS).channel();
        Map<String, String> bindings = channel.bindings().stream()
                .collect(Collectors.toMap(
                        AuthRequest.ChannelBinding::type,
                        binding -> Base64.getEncoder().encodeToString(binding.data())));
        byte[] certificate = MessageDigest.getInstance("SHA-256")
                .digest(client.serverCertificate().getEncoded());
        assertThat(bindings)
                .containsEntry("tls-server-end-point", Base64.getEncoder().encodeToString(certificate))
                .hasSize(exporter ? 2 : 1);
        if (exporter) {
            byte[] exported = client.session().exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32);
            assertThat(bindings)
                    .containsEntry("tls-exporter", Base64.getEncoder().encodeToString(exported));
        }
        assertThat(channel.secure()).isTrue();
        assertThat(channel.peerAddress()).isEqualTo("127.0.0.1");
    }

    @Test
    void bindingDataAreForScramOnly() throws Exception {
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        client.startTls();
        client.login("romeo", TestGateway.ALPHA);
        assertThat(gateway.auth.steps.poll(10, TimeUnit.SECONDS).channel().bindings())
                .isEmpty();
        assertThat(gateway.auth.offers.poll(10, TimeUnit.SECONDS).bindings())
                .isEqualTo(
                        engine.exportsKeyingMaterial()
                                ? List.of("tls-exporter", "tls-server-end-point")
                                : List.of("tls-server-end-point"));
    }

    @Test
    void oldProtocolsAndWeakCiphersAreRefused() throws Exception {
        for (String cipher : new String[] {"TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"}) {
            TestClient client = gateway.connect();
            client.open(TestGateway.ALPHA);
            assertThatThrownBy(() -> client.startTls(parameters -> {
                        parameters.setProtocols(new String[] {"TLSv1.2"});
                        parameters.setCipherSuites(new String[] {cipher});
                    }))
                    .isInstanceOf(SSLException.class);
        }
    }
}
