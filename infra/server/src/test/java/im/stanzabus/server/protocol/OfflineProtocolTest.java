package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(XmppServerExtension.class)
class OfflineProtocolTest {

    private static final String HELLO = "<message to='${juliet}' id='m' type='chat'><body>hi</body></message>";

    /// What a client of hers gets of it.
    private static final String HELLO_COMES =
            "<message from='${romeo/tester}' id='m' type='chat'>{*}<body>hi</body></message>";

    /// Sends juliet as many messages.
    ///
    /// @return their ids
    private static List<String> sends(TestClient romeo, String name, int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(name + i);
            romeo.sends("<message to='${juliet}' id='" + name + i + "' type='chat'><body>hi</body></message>");
        }
        return ids;
    }

    @Test
    @Spec(doc = "XEP-0160", section = "2")
    @Spec(doc = "XEP-0203", section = "2")
    @Spec(doc = "RFC6121", section = "8.5.2.2.1")
    void messagesWaitInOrderWithTheTimeOfSending(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo").enableStreamManagement();
        Instant before = Instant.now().minus(Duration.ofSeconds(2));
        for (int i = 0; i < 30; i++) {
            romeo.sends("<message to='${juliet}' id='m" + i + "' type='" + (i % 2 == 0 ? "chat" : "normal") + "'><body>"
                    + i + "</body><x xmlns='urn:x'/></message>");
        }
        romeo.awaitsAck(30).receivesNothing(); // all are in the log
        TestClient juliet = scene.connected("juliet");
        juliet.sends("<presence/>");
        juliet.awaits("<presence from='${juliet/tester}'/>");
        for (int i = 0; i < 30; i++) {
            Xml message = juliet.receivesOne("<message from='${romeo/tester}' to='${juliet}' id='m" + i + "' type='"
                    + (i % 2 == 0 ? "chat" : "{any?}") + "'><body>" + i
                    + "</body><x xmlns='urn:x'/><delay xmlns='urn:xmpp:delay' from='{any?}' stamp='{any}'/></message>");
            Xml delay = message.child("delay");
            assertThat(Instant.parse(delay.attribute("stamp"))).isBetween(before, Instant.now());
            assertThat(delay.attribute("from")).isIn("", scene.host(), scene.jid("juliet"));
        }
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0160", section = "2")
    void messagesAreDeliveredOnce(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        romeo.sends(HELLO).receivesNothing();
        TestClient juliet = scene.connected("juliet").becomesAvailable();
        juliet.awaits(HELLO_COMES);
        juliet.receivesNothing();
        juliet.logsOut();
        scene.online("juliet/again").receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0160", section = "2")
    @Spec(doc = "RFC6121", section = "4.2.2")
    void messagesWaitUntilAClientTakesMessages(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        romeo.sends(HELLO).receivesNothing();
        TestClient juliet = scene.connected("juliet");
        juliet.receivesNothing();
        juliet.sends("<presence><priority>-1</priority></presence>");
        juliet.receives("<presence from='${juliet/tester}'><priority>-1</priority></presence>");
        juliet.receivesNothing();
        juliet.sends("<presence><priority>1</priority></presence>");
        juliet.awaits(HELLO_COMES);
    }

    @Test
    @Spec(doc = "XEP-0160", section = "2")
    void newMessagesComeAfterTheOldOnes(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        List<String> expected = new ArrayList<>(sends(romeo, "old", 50));
        romeo.receivesNothing();
        TestClient juliet = scene.connected("juliet");
        juliet.sends("<presence/>");
        expected.addAll(sends(romeo, "new", 50));
        juliet.awaits("<presence from='${juliet/tester}'/>");
        List<String> ids = new ArrayList<>();
        while (ids.size() < 100) {
            ids.add(juliet.nextStanza("messages").attribute("id"));
        }
        assertThat(ids).isEqualTo(expected);
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0160", section = "2")
    void whatALostConnectionDidNotTakeComesAgain(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo").enableStreamManagement();
        List<String> sent = sends(romeo, "m", 20);
        romeo.awaitsAck(20).receivesNothing(); // all are in the log
        TestStream lost = scene.stranger();
        lost.login(scene.user("juliet"), TestServer.PASSWORD);
        lost.bind("lost");
        lost.connection().send("<presence/>");
        // reads some, answers nothing and is gone
        List<String> taken = new ArrayList<>();
        while (taken.size() < 5) {
            Xml stanza = lost.connection().element();
            if (stanza.name().equals("message")) {
                taken.add(stanza.attribute("id"));
            }
        }
        lost.connection().drop();
        TestClient back = scene.connected("juliet/back").becomesAvailable();
        List<String> again = new ArrayList<>();
        while (!again.contains("m19")) {
            Xml stanza = back.nextStanza("messages");
            if (stanza.name().equals("message")) {
                again.add(stanza.attribute("id"));
            }
        }
        assertThat(taken).isEqualTo(sent.subList(0, 5));
        assertThat(again).isEqualTo(sent.subList(20 - again.size(), 20)).hasSizeGreaterThanOrEqualTo(15);
        back.receivesNothing();
        back.logsOut();
        scene.online("juliet/later").receivesNothing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<message to='${juliet}' type='chat' id='m'><active xmlns='http://jabber.org/protocol/chatstates'/></message>",
                "<message to='${juliet}' type='chat' id='m'><composing xmlns='http://jabber.org/protocol/chatstates'/><thread>t</thread></message>",
                "<message to='${juliet}' type='headline' id='m'><body>news</body></message>",
            })
    @Spec(doc = "XEP-0160", section = "3")
    @Spec(doc = "XEP-0085", section = "5.8")
    void someMessagesAreNotKept(String message, Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        romeo.sends(message);
        romeo.receivesNothing();
        scene.online("juliet").receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0334", section = "4.2")
    void theSenderMayForbidKeeping(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        romeo.sends(
                "<message to='${juliet}' type='chat' id='m'><body>hi</body><no-store xmlns='urn:xmpp:hints'/></message>");
        romeo.forgets();
        scene.online("juliet").receivesNothing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<received xmlns='urn:xmpp:receipts' id='r'/>",
                "<displayed xmlns='urn:xmpp:chat-markers:0' id='r'/>",
                "<body>hi</body><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>",
                "<paused xmlns='http://jabber.org/protocol/chatstates'/><store xmlns='urn:xmpp:hints'/>",
            })
    @Spec(doc = "XEP-0184", section = "5.4")
    @Spec(doc = "XEP-0333", section = "4.2")
    @Spec(doc = "XEP-0334", section = "4.4")
    void receiptsAndMarkersAreKept(String payload, Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        romeo.sends("<message to='${juliet}' type='chat' id='m'>" + payload + "</message>");
        romeo.asks(
                "<iq type='get' to='${juliet}'><ping xmlns='urn:xmpp:ping'/></iq>"); // behind the message, once it is
        // kept
        TestClient juliet = scene.connected("juliet").becomesAvailable();
        juliet.receives("<message from='${romeo/tester}' type='chat' id='m'>" + payload
                + "<delay xmlns='urn:xmpp:delay' from='{any?}' stamp='{any}'/></message>");
    }

    @Test
    @Spec(doc = "XEP-0203", section = "4")
    void aDelayThatTheSenderStatesStays(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo").enableStreamManagement();
        romeo.sends("""
                <message to='${juliet}' type='chat' id='m'><body>hi</body>
                  <delay xmlns='urn:xmpp:delay' from='rooms.example' stamp='2002-09-10T23:41:07Z'/>
                </message>""");
        romeo.awaitsAck(1).receivesNothing(); // it is in the log
        scene.connected("juliet").becomesAvailable().receives("""
                        <message from='${romeo/tester}' type='chat' id='m'><body>hi</body>
                          <delay xmlns='urn:xmpp:delay' from='rooms.example' stamp='2002-09-10T23:41:07Z'/>
                          <delay xmlns='urn:xmpp:delay' from='{any?}' stamp='{any}'/>
                        </message>""");
    }

    @Test
    @Spec(doc = "XEP-0160", section = "2")
    void onlyOneOfSeveralClientsTakesWhatWaited(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        romeo.sends(HELLO).receivesNothing();
        TestClient balcony = scene.connected("juliet/balcony").becomesAvailable();
        balcony.awaits(HELLO_COMES);
        TestClient chamber = scene.online("juliet/chamber");
        chamber.receivesNothing();
        balcony.receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0160", section = "2")
    void whatWaitedIsDeliveredToOneOfTwoClientsThatComeAtOnce(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        List<String> sent = new ArrayList<>(sends(romeo, "m", 50));
        romeo.receivesNothing();
        TestClient balcony = scene.connected("juliet/balcony");
        TestClient chamber = scene.connected("juliet/chamber");
        balcony.sends("<presence/>");
        chamber.sends("<presence/>");
        romeo.sends("<message to='${juliet}' id='new' type='chat'><body>hi</body></message>");
        sent.add("new");
        List<String> received = new ArrayList<>();
        for (int round = 0; round < 20 && !received.containsAll(sent); round++) {
            received.addAll(messagesSoFar(balcony));
            received.addAll(messagesSoFar(chamber));
        }
        assertThat(received).containsAll(sent);
        received.removeIf(id -> id.equals("new"));
        assertThat(received).doesNotHaveDuplicates();
    }

    /// What has come until now: a message to the client itself marks the end.
    private static List<String> messagesSoFar(TestClient client) {
        client.sends("<message to='" + client.jid() + "' id='end'/>");
        List<String> ids = new ArrayList<>();
        String id = "";
        while (!id.equals("end")) {
            Xml stanza = client.nextStanza("messages");
            id = stanza.name().equals("message") ? stanza.attribute("id") : "";
            if (!id.isEmpty() && !id.equals("end")) {
                ids.add(id);
            }
        }
        return ids;
    }
}
