package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.TlsClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(XmppServerExtension.class)
class StreamFeaturesProtocolTest {
    private static final String LIMITS = "urn:xmpp:stream-limits:0";

    @Test
    @Spec(doc = "XEP-0170", section = "2.1")
    @Spec(doc = "RFC6120", section = "6.3.2")
    void mechanismsAreOfferedUntilLogin(Scene scene) {
        scene.account("romeo");
        TestStream stream = scene.stranger();
        Xml features = stream.login(scene.user("romeo"), TestServer.PASSWORD);
        assertThat(features.hasChild("mechanisms", "urn:ietf:params:xml:ns:xmpp-sasl"))
                .isFalse();
        assertThat(features.hasChild("starttls", "urn:ietf:params:xml:ns:xmpp-tls"))
                .isFalse();
    }

    @Test
    @Spec(doc = "RFC6120", section = "7.4")
    @Spec(doc = "RFC6121", section = "2.6.1")
    @Spec(doc = "XEP-0170", section = "2.1")
    void afterLoginThereIsBinding(Scene scene) {
        Xml features = loggedIn(scene);
        assertThat(features.hasChild("bind", "urn:ietf:params:xml:ns:xmpp-bind"))
                .isTrue();
        assertThat(features.hasChild("ver", "urn:xmpp:features:rosterver")).isTrue();
        assertThat(features.hasChild("sub", "urn:xmpp:features:pre-approval")).isTrue();
    }

    @Test
    @Spec(doc = "RFC6121", section = "3.4")
    void preApprovalIsAnnounced(Scene scene) {
        assertThat(loggedIn(scene).hasChild("sub", "urn:xmpp:features:pre-approval"))
                .isTrue();
    }

    @Test
    @Spec(doc = "XEP-0478", section = "3.1")
    void limitsAreAnnouncedBeforeAndAfterLogin(Scene scene) {
        scene.account("romeo");
        TestStream stream = scene.plain();
        stream.open();
        int before = maxBytes(stream.startTls(TlsClient.DEFAULT));
        assertThat(before).isGreaterThanOrEqualTo(10_000);
        Xml after = stream.login(scene.user("romeo"), TestServer.PASSWORD);
        assertThat(maxBytes(after)).isGreaterThanOrEqualTo(before);
        assertThat(Integer.parseInt(after.child("limits").child("idle-seconds").text()))
                .isPositive();
    }

    private static int maxBytes(Xml features) {
        Xml limits = features.child("limits");
        assertThat(limits.namespace()).isEqualTo(LIMITS);
        return Integer.parseInt(limits.child("max-bytes").text());
    }

    private static Xml loggedIn(Scene scene) {
        scene.account("romeo");
        TestStream stream = scene.stranger();
        return stream.login(scene.user("romeo"), TestServer.PASSWORD);
    }
}
