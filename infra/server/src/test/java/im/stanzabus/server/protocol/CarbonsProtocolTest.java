package im.stanzabus.server.protocol;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.XmppServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(XmppServerExtension.class)
class CarbonsProtocolTest {
    private static final String ENABLE = "<iq type='set'><enable xmlns='urn:xmpp:carbons:2'/></iq>";
    private static final String DISABLE = "<iq type='set'><disable xmlns='urn:xmpp:carbons:2'/></iq>";

    @Test
    @Spec(
            doc = "XEP-0280",
            section = {"4", "7"})
    @Spec(doc = "XEP-0297", section = "3")
    void copiesOfWhatOneClientReceivesGoToTheOthers(Scene scene) {
        TestClient juliet = scene.online("juliet");
        TestClient orchard = scene.online("romeo/orchard");
        TestClient garden = copying(scene, "romeo/garden");
        TestClient street = scene.online("romeo/street");
        garden.forgets();
        orchard.forgets();
        juliet.sends("<message to='${romeo/orchard}' type='chat' id='m'><body>hi</body></message>");
        orchard.receives("<message from='${juliet/tester}' type='chat' id='m'><body>hi</body></message>");
        garden.receives("""
                <message from='${romeo}' to='${romeo/garden}' type='chat' id='{any?}'>
                  <received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>
                    <message xmlns='jabber:client' from='${juliet/tester}' to='${romeo/orchard}' type='chat' id='m' xml:lang='{any?}'>
                      {*}<body>hi</body>
                    </message>
                  </forwarded></received>
                </message>""");
        street.receivesNothing();
        garden.receivesNothing();
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0280", section = "8")
    void copiesOfWhatOneClientSendsGoToTheOthers(Scene scene) {
        TestClient juliet = scene.online("juliet");
        TestClient orchard = copying(scene, "romeo/orchard");
        TestClient garden = copying(scene, "romeo/garden");
        orchard.forgets();
        orchard.sends("<message to='${juliet}' type='chat' id='m'><body>hi</body></message>");
        juliet.receives("<message from='${romeo/orchard}' type='chat' id='m'><body>hi</body></message>");
        garden.receives("""
                <message from='${romeo}' to='${romeo/garden}' type='chat' id='{any?}'>
                  <sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>
                    <message xmlns='jabber:client' from='${romeo/orchard}' to='${juliet}' type='chat' id='m' xml:lang='{any?}'>
                      {*}<body>hi</body>
                    </message>
                  </forwarded></sent>
                </message>""");
        orchard.receivesNothing();
        garden.receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0280", section = "7")
    void whoGetsTheMessageGetsNoCopy(Scene scene) {
        TestClient juliet = scene.online("juliet");
        TestClient orchard = copying(scene, "romeo/orchard");
        TestClient garden = copying(scene, "romeo/garden");
        TestClient negative = copying(scene, "romeo/negative");
        negative.sends("<presence><priority>-1</priority></presence>");
        for (TestClient client : new TestClient[] {orchard, garden, negative}) {
            client.forgets();
        }
        juliet.sends("<message to='${romeo}' type='chat' id='m'><body>hi</body></message>");
        String message = "<message from='${juliet/tester}' to='${romeo}' type='chat' id='m'><body>hi</body></message>";
        orchard.receives(message);
        garden.receives(message);
        negative.receives(
                "<message from='${romeo}' type='chat' id='{any?}'><received xmlns='urn:xmpp:carbons:2'>{*}</received></message>");
        orchard.receivesNothing();
        garden.receivesNothing();
        negative.receivesNothing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<message type='chat' id='m'><body>hi</body><private xmlns='urn:xmpp:carbons:2'/></message>",
                "<message type='chat' id='m'><body>hi</body><private xmlns='urn:xmpp:carbons:2'/><no-copy xmlns='urn:xmpp:hints'/></message>",
                "<message type='headline' id='m'><body>hi</body></message>",
                "<message type='groupchat' id='m'><body>hi</body></message>",
                "<message id='m'><data xmlns='urn:example:data'/></message>",
            })
    @Spec(
            doc = "XEP-0280",
            section = {"6.1", "9"})
    void someMessagesAreNotCopied(String message, Scene scene) {
        TestClient juliet = copying(scene, "juliet/balcony");
        TestClient other = copying(scene, "juliet/chamber");
        TestClient orchard = copying(scene, "romeo/orchard");
        TestClient garden = copying(scene, "romeo/garden");
        for (TestClient client : new TestClient[] {juliet, other, orchard, garden}) {
            client.forgets();
        }
        juliet.sends(message.replaceFirst("<message", "<message to='\\${romeo/orchard}'"));
        orchard.awaits("<message from='${juliet/balcony}' id='m' type='{any?}'>{*}</message>");
        garden.receivesNothing();
        other.receivesNothing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<message type='chat' id='m'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
                "<message type='chat' id='m'><received xmlns='urn:xmpp:receipts' id='x'/></message>",
                "<message type='normal' id='m'><body>hi</body></message>",
                "<message id='m'><received xmlns='urn:xmpp:receipts' id='x'/></message>",
                "<message id='m'><displayed xmlns='urn:xmpp:chat-markers:0' id='x'/></message>",
            })
    @Spec(doc = "XEP-0280", section = "6.1")
    @Spec(doc = "XEP-0085", section = "5.8")
    void chatsAreCopiedWhateverIsInThem(String message, Scene scene) {
        TestClient juliet = scene.online("juliet");
        TestClient orchard = scene.online("romeo/orchard");
        TestClient garden = copying(scene, "romeo/garden");
        garden.forgets();
        juliet.sends(message.replaceFirst("<message", "<message to='\\${romeo/orchard}'"));
        orchard.awaits("<message from='${juliet/tester}' id='m' type='{any?}'>{*}</message>");
        garden.receives(
                "<message from='${romeo}' type='{any?}' id='{any?}'><received xmlns='urn:xmpp:carbons:2'>{*}</received></message>");
    }

    @Test
    @Spec(doc = "XEP-0280", section = "10.3")
    void errorsForChatsAreNotLost(Scene scene) {
        TestClient orchard = scene.online("romeo/orchard");
        orchard.sends("<message to='${nobody}' type='chat' id='m'><body>hi</body></message>");
        orchard.receivesError("<message from='${nobody}' type='error' id='m'/>", "cancel", "service-unavailable");
    }

    @Test
    @Spec(
            doc = "XEP-0280",
            section = {"4", "5"})
    void copiesAreAClientsChoice(Scene scene) {
        TestClient juliet = scene.online("juliet");
        TestClient orchard = scene.online("romeo/orchard");
        TestClient garden = copying(scene, "romeo/garden");
        garden.asks(ENABLE).isEmptyResult();
        garden.asks(DISABLE).isEmptyResult();
        garden.asks(DISABLE).isEmptyResult();
        garden.forgets();
        juliet.sends("<message to='${romeo/orchard}' type='chat' id='m'><body>hi</body></message>");
        orchard.awaits("<message from='${juliet/tester}' type='chat' id='m'><body>hi</body></message>");
        garden.receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0280", section = "4")
    void copiesDoNotOutliveTheClient(Scene scene) {
        TestClient juliet = scene.online("juliet");
        TestClient orchard = scene.online("romeo/orchard");
        copying(scene, "romeo/garden").logsOut();
        TestClient garden = scene.online("romeo/garden");
        orchard.forgets();
        juliet.sends("<message to='${romeo/orchard}' type='chat' id='m'><body>hi</body></message>");
        orchard.receives("<message from='${juliet/tester}' type='chat' id='m'><body>hi</body></message>");
        garden.receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0280", section = "11")
    void somebodyElsesCopiesAreNoneOfTheServer(Scene scene) {
        TestClient juliet = scene.online("juliet");
        TestClient romeo = scene.online("romeo");
        String forged =
                "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='a@b'/></forwarded></received>";
        juliet.sends("<message to='${romeo/tester}' type='chat' id='m'>" + forged + "</message>");
        romeo.receives("<message from='${juliet/tester}' type='chat' id='m'>" + forged + "</message>");
    }

    private static TestClient copying(Scene scene, String name) {
        TestClient client = scene.online(name);
        client.asks(ENABLE).isEmptyResult();
        return client;
    }
}
