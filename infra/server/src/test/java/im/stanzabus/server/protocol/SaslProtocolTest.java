package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Scram;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.TlsClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.security.MessageDigest;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(XmppServerExtension.class)
class SaslProtocolTest {
    private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
    private static final byte[] NONE = {};

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"6.3.3", "13.8.1"})
    void strongMechanismsAreOfferedFirst(Scene scene) {
        TestStream stream = scene.plain();
        stream.open();
        List<String> offered = TestStream.mechanisms(stream.startTls(TlsClient.DEFAULT));
        assertThat(offered)
                .contains(
                        "SCRAM-SHA-1",
                        "SCRAM-SHA-1-PLUS",
                        "SCRAM-SHA-256",
                        "SCRAM-SHA-256-PLUS",
                        "SCRAM-SHA-512",
                        "SCRAM-SHA-512-PLUS",
                        "PLAIN")
                .doesNotContain("ANONYMOUS", "EXTERNAL");
        assertThat(offered.getLast()).isEqualTo("PLAIN");
        assertThat(offered.indexOf("SCRAM-SHA-256-PLUS")).isLessThan(offered.indexOf("SCRAM-SHA-256"));
    }

    @Test
    @Spec(doc = "XEP-0440", section = "2")
    void typesOfChannelBindingAreAnnounced(Scene scene) {
        TestStream stream = scene.plain();
        stream.open();
        Xml types = stream.startTls(TlsClient.DEFAULT).child("sasl-channel-binding");
        assertThat(types.namespace()).isEqualTo("urn:xmpp:sasl-cb:0");
        assertThat(types.children().stream().map(type -> type.attribute("type")))
                .containsExactlyInAnyOrder("tls-exporter", "tls-server-end-point");
    }

    @Test
    @Spec(doc = "RFC9266", section = "2")
    void theExporterIsForTls13Only(Scene scene) {
        TestStream stream = scene.plain();
        stream.open();
        Xml types = stream.startTls(TlsClient.DEFAULT.withVersion("TLSv1.2")).child("sasl-channel-binding");
        assertThat(types.children().stream().map(type -> type.attribute("type")))
                .containsExactly("tls-server-end-point");
    }

    @Test
    @Spec(doc = "RFC4616", section = "2")
    @Spec(
            doc = "RFC6120",
            section = {"6.4.6", "6.3.2"})
    void plainLogsIn(Scene scene) {
        scene.account("romeo");
        TestStream stream = scene.stranger();
        Xml features = stream.login(scene.user("romeo"), TestServer.PASSWORD);
        assertThat(features.hasChild("bind", "urn:ietf:params:xml:ns:xmpp-bind"))
                .isTrue();
    }

    @Test
    @Spec(doc = "RFC4616", section = "2")
    void plainWithTheOwnAuthorizationIdentityLogsIn(Scene scene) {
        String jid = scene.account("romeo");
        Xml answer = scene.stranger().auth("PLAIN", jid + "\0" + scene.user("romeo") + "\0" + TestServer.PASSWORD);
        assertThat(answer.name()).isEqualTo("success");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"6.5.6", "6.3.8"})
    void nobodyActsForAnother(Scene scene) {
        scene.account("romeo");
        String juliet = scene.account("juliet");
        Xml answer = scene.stranger().auth("PLAIN", juliet + "\0" + scene.user("romeo") + "\0" + TestServer.PASSWORD);
        failed(answer, "invalid-authzid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA-1", "SHA-256", "SHA-512"})
    @Spec(doc = "RFC5802", section = "3")
    @Spec(doc = "RFC7677", section = "3")
    @Spec(doc = "RFC6120", section = "6.4.6")
    void scramLogsIn(String hash, Scene scene) {
        scene.account("romeo");
        TestStream stream = scene.stranger();
        Scram scram = new Scram(hash, scene.user("romeo"), TestServer.PASSWORD, "n", NONE);
        assertThat(stream.scram("SCRAM-" + hash, scram).name()).isEqualTo("success");
        assertThat(stream.open().hasChild("bind", "urn:ietf:params:xml:ns:xmpp-bind"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "SHA-1,tls-exporter,TLSv1.3",
        "SHA-256,tls-exporter,TLSv1.3",
        "SHA-512,tls-exporter,TLSv1.3",
        "SHA-256,tls-server-end-point,TLSv1.3",
        "SHA-256,tls-server-end-point,TLSv1.2",
    })
    @Spec(doc = "RFC5802", section = "6")
    @Spec(doc = "RFC5929", section = "4")
    @Spec(doc = "RFC9266", section = "2")
    void scramBindsToTheChannel(String hash, String type, String version, Scene scene) throws Exception {
        scene.account("romeo");
        TestStream stream = stream(scene, version);
        Scram scram = new Scram(hash, scene.user("romeo"), TestServer.PASSWORD, "p=" + type, binding(stream, type));
        assertThat(stream.scram("SCRAM-" + hash + "-PLUS", scram).name()).isEqualTo("success");
    }

    @Test
    @Spec(doc = "RFC5802", section = "6")
    @Spec(doc = "XEP-0368", section = "3")
    void scramBindsToDirectTlsToo(Scene scene) throws Exception {
        scene.account("romeo");
        TestStream stream = scene.directTls(TlsClient.DEFAULT);
        stream.open();
        byte[] channel = binding(stream, "tls-exporter");
        Scram scram = new Scram("SHA-256", scene.user("romeo"), TestServer.PASSWORD, "p=tls-exporter", channel);
        assertThat(stream.scram("SCRAM-SHA-256-PLUS", scram).name()).isEqualTo("success");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls-exporter", "tls-server-end-point"})
    @Spec(doc = "RFC5802", section = "6")
    void somebodyInTheMiddleIsNoticed(String type, Scene scene) throws Exception {
        scene.account("romeo");
        TestStream stream = stream(scene, "TLSv1.3");
        byte[] channel = binding(stream, type);
        channel[0] ^= 1;
        Scram scram = new Scram("SHA-256", scene.user("romeo"), TestServer.PASSWORD, "p=" + type, channel);
        assertThat(stream.scram("SCRAM-SHA-256-PLUS", scram).name()).isEqualTo("failure");
    }

    @Test
    @Spec(doc = "RFC5802", section = "6")
    void aDowngradeIsNoticed(Scene scene) {
        scene.account("romeo");
        Scram scram = new Scram("SHA-256", scene.user("romeo"), TestServer.PASSWORD, "y", NONE);
        assertThat(scene.stranger().scram("SCRAM-SHA-256", scram).name()).isEqualTo("failure");
    }

    @Test
    @Spec(doc = "RFC5802", section = "6")
    void anUnknownTypeOfBindingIsRefused(Scene scene) {
        scene.account("romeo");
        Scram scram = new Scram("SHA-256", scene.user("romeo"), TestServer.PASSWORD, "p=tls-magic", NONE);
        assertThat(scene.stranger().scram("SCRAM-SHA-256-PLUS", scram).name()).isEqualTo("failure");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"6.5.10", "13.11"})
    void anUnknownUserIsNotToldFromAWrongPassword(Scene scene) {
        scene.account("romeo");
        Xml wrong = scene.stranger().plainAuth(scene.user("romeo"), "rose");
        Xml unknown = scene.stranger().plainAuth(scene.user("nobody"), "rose");
        failed(wrong, "not-authorized");
        assertThat(unknown).isEqualTo(wrong);
    }

    @Test
    @Spec(doc = "RFC5802", section = "9")
    @Spec(doc = "RFC6120", section = "13.11")
    void anUnknownUserIsChallengedLikeAnyOther(Scene scene) {
        scene.account("romeo");
        String known = challenge(scene, scene.user("romeo"));
        String unknown = challenge(scene, scene.user("nobody"));
        String again = challenge(scene, scene.user("nobody"));
        assertThat(field(unknown, "i=")).isEqualTo(field(known, "i="));
        assertThat(field(unknown, "s=")).hasSameSizeAs(field(known, "s=")).isEqualTo(field(again, "s="));
        Scram scram = new Scram("SHA-256", scene.user("nobody"), "rose", "n", NONE);
        Xml failure = scene.stranger().scram("SCRAM-SHA-256", scram);
        Scram other = new Scram("SHA-256", scene.user("romeo"), "rose", "n", NONE);
        assertThat(failure).isEqualTo(scene.stranger().scram("SCRAM-SHA-256", other));
        failed(failure, "not-authorized");
    }

    private static String challenge(Scene scene, String user) {
        Xml challenge = scene.stranger().auth("SCRAM-SHA-256", new Scram("SHA-256", user, "rose", "n", NONE).first());
        assertThat(challenge.name()).isEqualTo("challenge");
        return new String(
                java.util.Base64.getDecoder().decode(challenge.text()), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String field(String message, String name) {
        for (String field : message.split(",", -1)) {
            if (field.startsWith(name)) {
                return field;
            }
        }
        throw new AssertionError("no " + name + " in " + message);
    }

    @Test
    @Spec(doc = "RFC6120", section = "6.5.7")
    void anUnknownMechanismIsRefused(Scene scene) {
        failed(scene.stranger().auth("X-LOVE-AT-FIRST-SIGHT", "o"), "invalid-mechanism");
    }

    @Test
    @Spec(doc = "RFC6120", section = "6.5.5")
    void whatIsNotBase64IsRefused(Scene scene) {
        TestStream stream = scene.stranger();
        stream.connection().send("<auth xmlns='" + SASL + "' mechanism='PLAIN'>not base64!</auth>");
        failed(stream.connection().element(), "incorrect-encoding");
    }

    @Test
    @Spec(doc = "RFC6120", section = "6.5.8")
    void aMessageThatIsNoneOfTheMechanismIsRefused(Scene scene) {
        failed(scene.stranger().auth("PLAIN", "without nul"), "malformed-request");
        failed(scene.stranger().auth("SCRAM-SHA-256", "n,,nonsense"), "malformed-request");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"6.4.4", "6.5.1"})
    void aClientMayChangeItsMind(Scene scene) {
        scene.account("romeo");
        TestStream stream = scene.stranger();
        Scram scram = new Scram("SHA-256", scene.user("romeo"), TestServer.PASSWORD, "n", NONE);
        assertThat(stream.auth("SCRAM-SHA-256", scram.first()).name()).isEqualTo("challenge");
        stream.connection().send("<abort xmlns='" + SASL + "'/>");
        failed(stream.connection().element(), "aborted");
        stream.login(scene.user("romeo"), TestServer.PASSWORD);
    }

    @Test
    @Spec(doc = "RFC6120", section = "6.4.5")
    void aClientMayTryAgain(Scene scene) {
        scene.account("romeo");
        TestStream stream = scene.stranger();
        failed(stream.plainAuth(scene.user("romeo"), "rose"), "not-authorized");
        failed(stream.plainAuth(scene.user("romeo"), "lily"), "not-authorized");
        stream.login(scene.user("romeo"), TestServer.PASSWORD);
    }

    @Test
    @Spec(doc = "RFC6120", section = "6.4.2")
    void theFirstMessageMayComeAfterAnEmptyChallenge(Scene scene) {
        scene.account("romeo");
        TestStream stream = scene.stranger();
        Xml challenge = stream.auth("PLAIN", null);
        assertThat(challenge.name()).isEqualTo("challenge");
        assertThat(challenge.text()).isIn("", "=");
        assertThat(stream.respond("\0" + scene.user("romeo") + "\0" + TestServer.PASSWORD)
                        .name())
                .isEqualTo("success");
    }

    @Test
    @Spec(doc = "RFC6120", section = "13.8.1")
    void aPasswordIsOneDomains(Scene scene) {
        scene.account("romeo");
        TestStream stream = scene.keep(TestStream.secured(scene.server(), "capulet.example"));
        failed(stream.plainAuth(scene.user("romeo"), TestServer.PASSWORD), "not-authorized");
    }

    private static TestStream stream(Scene scene, String version) {
        TestStream stream = scene.plain();
        stream.open();
        stream.startTls(TlsClient.DEFAULT.withVersion(version));
        return stream;
    }

    private static byte[] binding(TestStream stream, String type) throws Exception {
        ExtendedSSLSession session =
                (ExtendedSSLSession) stream.connection().tls().getSession();
        return type.equals("tls-exporter")
                ? session.exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32)
                : MessageDigest.getInstance("SHA-256").digest(session.getPeerCertificates()[0].getEncoded());
    }

    private static void failed(Xml answer, String condition) {
        assertThat(answer.is("failure", SASL)).as(answer.toString()).isTrue();
        assertThat(answer.hasChild(condition, SASL)).as(answer.toString()).isTrue();
    }
}
