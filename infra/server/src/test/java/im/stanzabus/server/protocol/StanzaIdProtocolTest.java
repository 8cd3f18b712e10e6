package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(XmppServerExtension.class)
class StanzaIdProtocolTest {

    @Test
    @Spec(
            doc = "XEP-0359",
            section = {"2.1", "3"})
    void aMessageHasAnIdOfTheReceiversAccount(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient balcony = scene.online("juliet/balcony");
        TestClient chamber = scene.online("juliet/chamber");
        String received = """
                <message from='${romeo/tester}' type='chat' id='m'><body>hi</body>
                  <stanza-id xmlns='urn:xmpp:sid:0' by='${juliet}' id='{id}'/>
                </message>""";
        romeo.sends("<message to='${juliet}' type='chat' id='m'><body>hi</body></message>");
        balcony.receives(received);
        chamber.receives(received);
        String first = scene.text("${id}");
        romeo.sends("<message to='${juliet/balcony}' type='chat' id='m'><body>hi</body></message>");
        Xml second = balcony.receivesOne(received.replace("{id}", "{any}"));
        assertThat(second.child("stanza-id").attribute("id")).isNotEqualTo(first);
    }

    @Test
    @Spec(doc = "XEP-0359", section = "3")
    void anIdThatTheSenderMadeUpIsTakenOut(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        for (String to : new String[] {"${juliet}", "${juliet/tester}"}) {
            for (String type : new String[] {"chat", "headline"}) {
                romeo.sends("<message to='" + to + "' type='" + type + "' id='m'><body>hi</body>"
                        + "<stanza-id xmlns='urn:xmpp:sid:0' by='${juliet}' id='forged'/>"
                        + "<s:stanza-id xmlns:s='urn:xmpp:sid:0' by='${juliet/tester}' id='foreign'/>"
                        + "<stanza-id xmlns='urn:xmpp:sid:0' by='rooms.example' id='kept'/>"
                        + "<origin-id xmlns='urn:xmpp:sid:0' id='origin'/></message>");
                Xml received = juliet.nextStanza("the message");
                assertThat(received.toString())
                        .doesNotContain("forged")
                        .contains("kept")
                        .contains("origin");
            }
        }
    }

    @Test
    @Spec(doc = "XEP-0359", section = "3")
    void anIdThatIsWrittenInAnotherWayIsTakenOutToo(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        String upper = juliet.bareJid().toUpperCase(java.util.Locale.ROOT);
        romeo.sends("<message to='${juliet}' type='chat' id='m'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' by='"
                + upper + "' id='forged'/></message>");
        assertThat(juliet.nextStanza("the message").toString()).doesNotContain("forged");
    }

    @Test
    @Spec(
            doc = "XEP-0359",
            section = {"2.1", "3"})
    void theIdIsTheSameWhenTheMessageWaited(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        romeo.sends(
                "<message to='${juliet}' type='chat' id='m'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' by='${juliet}' id='forged'/></message>");
        romeo.receivesNothing();
        Xml message = scene.connected("juliet").becomesAvailable().nextStanza("the message");
        assertThat(message.toString()).doesNotContain("forged");
        assertThat(message.child("stanza-id").attribute("by")).isEqualTo(scene.jid("juliet"));
        assertThat(message.child("stanza-id").attribute("id")).isNotEmpty();
    }
}
