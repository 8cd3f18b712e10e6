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

/// Several domains in one installation.
@ExtendWith(XmppServerExtension.class)
class VirtualHostProtocolTest {
    private static final String OTHER = "capulet.example";

    @Test
    @Spec(doc = "RFC6120", section = "10.5")
    void accountsOfOneNameAreNotTheSame(Scene scene) {
        TestClient here = scene.online("juliet");
        TestClient there = scene.online("juliet@" + OTHER);
        assertThat(there.bareJid()).isEqualTo(scene.user("juliet") + "@" + OTHER);
        here.asks("<iq type='set'><query xmlns='jabber:iq:roster'><item jid='a@b'/></query></iq>")
                .isEmptyResult();
        here.asks("<iq type='set'><vCard xmlns='vcard-temp'><FN>J</FN></vCard></iq>")
                .isEmptyResult();
        there.asks("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>")
                .is("<query xmlns='jabber:iq:roster' ver='{any?}'/>");
        there.asks("<iq type='get'><vCard xmlns='vcard-temp'/></iq>").isError("cancel", "item-not-found");
        here.receivesNothing();
        there.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"10.5", "6.4.6"})
    void anAccountIsKnownToItsDomainOnly(Scene scene) {
        scene.account("romeo");
        TestStream stream = scene.keep(TestStream.secured(scene.server(), OTHER));
        assertThat(stream.plainAuth(scene.user("romeo"), TestServer.PASSWORD).name())
                .isEqualTo("failure");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"10.5.3.2", "10.5.4"})
    void peopleOfTwoDomainsTalk(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet@" + OTHER);
        String jid = juliet.bareJid();
        romeo.sends("<message to='" + jid + "' type='chat' id='m'><body>hi</body></message>");
        juliet.receives(
                "<message from='${romeo/tester}' to='" + jid + "' type='chat' id='m'><body>hi</body></message>");
        juliet.sends("<message to='${romeo}' type='chat' id='n'><body>hi</body></message>");
        romeo.receives("<message from='" + juliet.jid() + "' type='chat' id='n'><body>hi</body></message>");
    }

    @Test
    @Spec(doc = "RFC6120", section = "10.5.1")
    void everyDomainAnswersForItself(Scene scene) {
        TestClient romeo = scene.online("romeo");
        for (String host : new String[] {scene.host(), OTHER}) {
            romeo.asks("<iq type='get' to='" + host + "'><ping xmlns='urn:xmpp:ping'/></iq>")
                    .isEmptyResult();
            Xml info = romeo.asks("<iq type='get' to='" + host
                            + "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>")
                    .payload();
            assertThat(info.child("identity").attribute("category")).isEqualTo("server");
        }
    }

    @Test
    @Spec(doc = "RFC6120", section = "6.4.6")
    void aStreamStaysWithItsDomain(Scene scene) {
        scene.account("romeo");
        TestStream stream = scene.stranger();
        assertThat(stream.plainAuth(scene.user("romeo"), TestServer.PASSWORD).name())
                .isEqualTo("success");
        stream.connection().openStream(TestStream.header(OTHER));
        stream.connection().header();
        Xml answer = stream.connection().element();
        assertThat(answer.is("error", "http://etherx.jabber.org/streams"))
                .as(answer.toString())
                .isTrue();
    }
}
