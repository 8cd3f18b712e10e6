package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.ServerSettings;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestCertificates;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.TlsClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Logins that are off by default, and policies that can be chosen.
@ExtendWith(XmppServerExtension.class)
@ServerSettings(value = Settings.CONFIGURED, files = Settings.Files.class)
class ConfiguredLoginProtocolTest {
    private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
    private static final String ANONYMOUS = "anonymous.example";
    private static final String EXTERNAL = "external.example";

    @Test
    @Spec(doc = "RFC6120", section = "6.3.4")
    @Spec(doc = "XEP-0175", section = "4")
    void nobodyInParticularLogsIn(Scene scene) {
        TestStream stream = scene.keep(TestStream.plain(scene.server(), ANONYMOUS));
        stream.open();
        assertThat(TestStream.mechanisms(stream.startTls(TlsClient.DEFAULT))).contains("ANONYMOUS");
        assertThat(stream.auth("ANONYMOUS", "trace").name()).isEqualTo("success");
        stream.open();
        String jid = stream.bind(null);
        assertThat(jid).matches("[^@/]{8,}@anonymous\\.example/.+");
        stream.connection().send("<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");
        assertThat(stream.connection().element().attribute("type")).isEqualTo("result");
    }

    @Test
    @Spec(doc = "XEP-0175", section = "4")
    void twoAnonymousUsersAreNotTheSame(Scene scene) {
        assertThat(anonymous(scene)).isNotEqualTo(anonymous(scene));
    }

    private static String anonymous(Scene scene) {
        TestStream stream = scene.keep(TestStream.secured(scene.server(), ANONYMOUS));
        assertThat(stream.auth("ANONYMOUS", "").name()).isEqualTo("success");
        stream.open();
        String jid = stream.bind(null);
        return jid.substring(0, jid.indexOf('/'));
    }

    @Test
    @Spec(doc = "RFC6120", section = "6.5.7")
    void otherDomainsWantToKnowWhoItIs(Scene scene) {
        Xml answer = scene.stranger().auth("ANONYMOUS", "trace");
        assertThat(answer.hasChild("invalid-mechanism", SASL))
                .as(answer.toString())
                .isTrue();
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"13.7.1.4", "6.3.4"})
    @Spec(doc = "XEP-0178", section = "2")
    void aCertificateLogsIn(Scene scene) {
        scene.account("romeo@" + EXTERNAL);
        String jid = scene.jid("romeo@" + EXTERNAL);
        TestStream stream = external(scene, Settings.AUTHORITY.forClient(jid));
        Xml features = stream.features();
        assertThat(TestStream.mechanisms(features)).contains("EXTERNAL");
        assertThat(stream.auth("EXTERNAL", "").name()).isEqualTo("success");
        stream.open();
        assertThat(stream.bind("orchard")).isEqualTo(jid + "/orchard");
    }

    @Test
    @Spec(doc = "XEP-0178", section = "2")
    void aCertificateWithSeveralAddressesNeedsAChoice(Scene scene) {
        scene.account("romeo@" + EXTERNAL);
        scene.account("juliet@" + EXTERNAL);
        TestCertificates.Issued both =
                Settings.AUTHORITY.forClient(scene.jid("romeo@" + EXTERNAL), scene.jid("juliet@" + EXTERNAL));
        TestStream stream = external(scene, both);
        stream.features();
        assertThat(stream.auth("EXTERNAL", scene.jid("juliet@" + EXTERNAL)).name())
                .isEqualTo("success");
        stream.open();
        assertThat(stream.bind("x")).isEqualTo(scene.jid("juliet@" + EXTERNAL) + "/x");
    }

    @Test
    @Spec(doc = "XEP-0178", section = "2")
    @Spec(doc = "RFC6120", section = "6.5.6")
    void aCertificateIsForItsOwnerOnly(Scene scene) {
        scene.account("romeo@" + EXTERNAL);
        scene.account("juliet@" + EXTERNAL);
        TestStream stream = external(scene, Settings.AUTHORITY.forClient(scene.jid("romeo@" + EXTERNAL)));
        stream.features();
        assertThat(stream.auth("EXTERNAL", scene.jid("juliet@" + EXTERNAL)).name())
                .isEqualTo("failure");
    }

    @Test
    @Spec(doc = "RFC6120", section = "13.7.2")
    void aCertificateOfSomebodyElsesAuthorityDoesNotLogIn(Scene scene) {
        scene.account("romeo@" + EXTERNAL);
        String jid = scene.jid("romeo@" + EXTERNAL);
        doesNotLogIn(scene, new TestCertificates("Mantua").forClient(jid));
        doesNotLogIn(scene, Settings.AUTHORITY.expiredForClient(jid));
    }

    /// The handshake may fail, or the certificate count for nothing.
    private static void doesNotLogIn(Scene scene, TestCertificates.Issued certificate) {
        TestStream stream;
        Xml features;
        try {
            stream = external(scene, certificate);
            features = stream.features();
        } catch (AssertionError refused) {
            return;
        }
        assertThat(TestStream.mechanisms(features)).doesNotContain("EXTERNAL");
        assertThat(stream.auth("EXTERNAL", "").name()).isEqualTo("failure");
    }

    private static TestStream external(Scene scene, TestCertificates.Issued certificate) {
        TestStream stream = scene.keep(
                TestStream.tls(scene.server(), EXTERNAL, TlsClient.DEFAULT.withKeys(certificate.keyManagers())));
        stream.connection().openStream(TestStream.header(EXTERNAL));
        stream.connection().header();
        return stream;
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"6.4.5", "4.9.3.14"})
    void whoFailsTooOftenIsSentAway(Scene scene) {
        TestStream stream = scene.stranger();
        for (int i = 0; i < 3; i++) {
            assertThat(stream.plainAuth(scene.user("romeo"), "rose").name()).isEqualTo("failure");
        }
        stream.failsWith("policy-violation");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"7.7.2.2", "8.3.3.2"})
    void aResourceThatIsInUseCanBeRefused(Scene scene) {
        TestClient first = scene.online("romeo/orchard");
        TestStream second = scene.stranger();
        second.login(scene.user("romeo"), TestServer.PASSWORD);
        Xml answer = second.tryBind("orchard");
        assertThat(answer.child("error").hasChild("conflict", "urn:ietf:params:xml:ns:xmpp-stanzas"))
                .as(answer.toString())
                .isTrue();
        first.receivesNothing();
        assertThat(second.bind("garden")).isEqualTo(scene.jid("romeo/garden"));
    }

    @Test
    @Spec(doc = "RFC6120", section = "7.6.2.1")
    void anAccountHasSoManyResources(Scene scene) {
        for (int i = 0; i < 3; i++) {
            scene.connected("romeo/" + i);
        }
        TestStream another = scene.stranger();
        another.login(scene.user("romeo"), TestServer.PASSWORD);
        Xml answer = another.tryBind(null);
        assertThat(answer.child("error").hasChild("resource-constraint", "urn:ietf:params:xml:ns:xmpp-stanzas"))
                .as(answer.toString())
                .isTrue();
    }

    @Test
    @Spec(doc = "XEP-0160", section = "2")
    @Spec(doc = "RFC6121", section = "8.5.2.2.1")
    void onlySoManyMessagesWait(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        for (int i = 0; i < 5; i++) {
            romeo.sends("<message to='${juliet}' type='chat' id='m" + i + "'><body>hi</body></message>");
        }
        romeo.receivesNothing();
        romeo.sends("<message to='${juliet}' type='chat' id='m5'><body>hi</body></message>");
        romeo.receivesError("<message from='${juliet}' type='error' id='m5'/>", "cancel", "service-unavailable");
        TestClient juliet = scene.connected("juliet").becomesAvailable();
        for (int i = 0; i < 5; i++) {
            juliet.receives("<message from='${romeo/tester}' type='chat' id='m" + i + "'>{*}<body>hi</body></message>");
        }
        juliet.receivesNothing();
        romeo.sends("<message to='${juliet}' type='chat' id='m6'><body>hi</body></message>");
        juliet.receives("<message from='${romeo/tester}' type='chat' id='m6'>{*}<body>hi</body></message>");
        juliet.receivesNothing();
        juliet.logsOut();
        romeo.sends("<message to='${juliet}' type='chat' id='m7'><body>hi</body></message>");
        romeo.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC7590", section = "3.1")
    void aNewCertificateIsUsedWithoutARestart(Scene scene, EmbeddedServer server) throws Exception {
        Certificate old = certificate(scene);
        TestClient connected = scene.online("romeo");
        TestCertificates.Issued renewed = Settings.AUTHORITY.forDomain("localhost");
        renewed.write(server.folder().resolve("certificates"), "localhost");
        Instant deadline = Instant.now().plus(Duration.ofSeconds(10));
        Certificate seen;
        do {
            seen = certificate(scene);
        } while (seen.equals(old) && Instant.now().isBefore(deadline));
        assertThat(seen).isEqualTo(renewed.certificate());
        connected.receivesNothing();
    }

    private static Certificate certificate(Scene scene) throws Exception {
        try (TestStream stream = TestStream.tls(scene.server(), scene.host(), TlsClient.DEFAULT)) {
            return stream.connection().tls().getSession().getPeerCertificates()[0];
        }
    }
}
