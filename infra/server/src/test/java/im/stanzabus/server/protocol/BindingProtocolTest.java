package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(XmppServerExtension.class)
class BindingProtocolTest {

    @Test
    @Spec(doc = "RFC6120", section = "7.7.1")
    void aClientNamesItsResource(Scene scene) {
        assertThat(loggedIn(scene).bind("orchard")).isEqualTo(scene.jid("romeo/orchard"));
    }

    @Test
    @Spec(doc = "RFC6120", section = "7.6.1")
    void theServerMakesAResource(Scene scene) {
        String first = loggedIn(scene).bind(null);
        String second = loggedIn(scene).bind(null);
        assertThat(first).startsWith(scene.jid("romeo") + "/").isNotEqualTo(second);
        assertThat(first.length()).isGreaterThan(scene.jid("romeo").length() + 6);
    }

    @Test
    @Spec(doc = "RFC7622", section = "3.4")
    void aResourceIsPrepared(Scene scene) {
        // OpaqueString: compatibility forms stay, other spaces become U+0020, composition is canonical
        assertThat(loggedIn(scene).bind("cafe\u0301\u00a0b")).isEqualTo(scene.jid("romeo/caf\u00e9 b"));
    }

    @Test
    @Spec(doc = "RFC6120", section = "7.7.2.1")
    @Spec(doc = "RFC7622", section = "3.4")
    void whatIsNoResourceIsRefused(Scene scene) {
        for (String bad : new String[] {"x".repeat(1024), "a\u200bb\u0378"}) {
            Xml answer = loggedIn(scene).tryBind(bad);
            assertThat(answer.attribute("type")).isEqualTo("error");
            assertThat(answer.child("error").attribute("type")).isEqualTo("modify");
            assertThat(answer.child("error").hasChild("bad-request", "urn:ietf:params:xml:ns:xmpp-stanzas"))
                    .as(answer.toString())
                    .isTrue();
        }
    }

    @Test
    @Spec(doc = "RFC6120", section = "7.7.2.1")
    void aClientMayTryAgain(Scene scene) {
        TestStream stream = loggedIn(scene);
        assertThat(stream.tryBind("x".repeat(1024)).attribute("type")).isEqualTo("error");
        assertThat(stream.bind("orchard")).isEqualTo(scene.jid("romeo/orchard"));
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"7.7.2.2", "4.9.3.3"})
    void aClientTakesItsResourceBack(Scene scene) {
        TestClient lost = scene.online("romeo/orchard");
        TestClient back = scene.connected("romeo/orchard");
        assertThat(back.jid()).isEqualTo(lost.jid());
        lost.failsWith("conflict");
        back.becomesAvailable();
        back.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6120", section = "7.7.2.2")
    @Spec(doc = "RFC6121", section = "4.5.2")
    void aResourceThatIsTakenBackWasGoneForAMoment(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient juliet = scene.online("juliet");
        TestClient lost = scene.online("romeo/orchard");
        TestClient back = scene.connected("romeo/orchard");
        lost.failsWith("conflict");
        juliet.receives("<presence from='${romeo/orchard}' type='unavailable'>{*}</presence>");
        back.becomesAvailable();
        juliet.receives("<presence from='${romeo/orchard}'/>");
    }

    @Test
    @Spec(doc = "RFC6120", section = "7.6.2.2")
    void aStreamHasOneResource(Scene scene) {
        TestClient romeo = scene.connected("romeo/orchard");
        romeo.asks("<iq type='set'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
                .isError("cancel", "not-allowed");
    }

    private static TestStream loggedIn(Scene scene) {
        scene.account("romeo");
        TestStream stream = scene.stranger();
        stream.login(scene.user("romeo"), TestServer.PASSWORD);
        return stream;
    }
}
