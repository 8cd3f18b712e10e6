package im.stanzabus.testkit.peer;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.Xml;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What people at two servers do with each other, whatever the servers are and however they prove
/// their domains. Romeo is at home, Juliet is away.
@Timeout(120)
public abstract class FederationStories {
    private static final String PING = "<ping xmlns='urn:xmpp:ping'/>";
    private static final String INFO = "<query xmlns='http://jabber.org/protocol/disco#info'/>";

    private Couple couple;
    private TestClient romeo;
    private TestClient juliet;

    /// Romeo's server, which serves accounts with vCards and knows pings.
    protected abstract TestServer home();

    /// Juliet's.
    protected abstract PeerServer away();

    /// Whether the two acknowledge to each other what they have received (XEP-0198).
    protected abstract boolean acknowledged();

    @BeforeEach
    void enter() {
        couple = new Couple(home(), away());
        romeo = couple.romeo();
        juliet = couple.juliet();
    }

    @AfterEach
    void leave() {
        couple.close();
    }

    @Test
    void peopleChat() {
        couple.says(romeo, juliet, "soft");
        couple.says(juliet, romeo, "ay");
        for (int i = 0; i < 20; i++) {
            Couple.send(romeo, juliet, "r" + i);
            Couple.send(juliet, romeo, "j" + i);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(nextWords(juliet)).isEqualTo("r" + i);
            assertThat(nextWords(romeo)).isEqualTo("j" + i);
        }
    }

    private static String nextWords(TestClient client) {
        return client.nextStanza("a message").child("body").text();
    }

    @Test
    void peopleSeeEachOther() {
        couple.sees(romeo, juliet);
        couple.sees(juliet, romeo);
        romeo.sends("<presence><show>away</show></presence>");
        juliet.awaits("<presence id='{any?}' from='" + romeo.jid() + "'><show>away</show>{*}</presence>", Couple.LONG);
        juliet.sends("<presence><show>dnd</show></presence>");
        romeo.awaits("<presence id='{any?}' from='" + juliet.jid() + "'><show>dnd</show>{*}</presence>", Couple.LONG);
        romeo.logsOut();
        juliet.awaits(
                "<presence type='unavailable' id='{any?}' from='" + romeo.jid() + "'>{*}</presence>", Couple.LONG);
    }

    @Test
    void peopleStopSeeingEachOther() {
        couple.sees(romeo, juliet);
        romeo.sends("<presence type='unsubscribe' to='" + juliet.bareJid() + "'/>");
        juliet.awaits(
                "<presence type='unsubscribe' id='{any?}' from='" + romeo.bareJid() + "'>{*}</presence>", Couple.LONG);
        couple.sees(juliet, romeo);
        romeo.sends("<presence type='unsubscribed' to='" + juliet.bareJid() + "'/>");
        juliet.awaits(
                "<presence type='unsubscribed' id='{any?}' from='" + romeo.bareJid() + "'>{*}</presence>", Couple.LONG);
    }

    @Test
    void serversAnswer() {
        String there = away().host();
        String here = home().host();
        assertThat(couple.asks(romeo, there, PING).attribute("type")).isEqualTo("result");
        assertThat(couple.asks(juliet, here, PING).attribute("type")).isEqualTo("result");
        for (Xml info : List.of(couple.asks(romeo, there, INFO), couple.asks(juliet, here, INFO))) {
            assertThat(info.child("query").child("identity").attribute("category"))
                    .isEqualTo("server");
        }
    }

    @Test
    void peopleAnswer() {
        answers(romeo, juliet);
        answers(juliet, romeo);
    }

    private static void answers(TestClient asking, TestClient asked) {
        asking.sends("<iq type='get' id='q' to='" + asked.jid() + "'>" + PING + "</iq>");
        asked.awaits("<iq type='get' id='q' from='" + asking.jid() + "'>" + PING + "</iq>", Couple.LONG);
        asked.sends("<iq type='result' id='q' to='" + asking.jid() + "'/>");
        asking.awaits("<iq type='result' id='q' from='" + asked.jid() + "'/>", Couple.LONG);
    }

    @Test
    void peopleLookEachOtherUp() {
        couple.sees(romeo, juliet); // not every server shows vCards to strangers
        couple.sees(juliet, romeo);
        for (List<TestClient> pair : List.of(List.of(romeo, juliet), List.of(juliet, romeo))) {
            TestClient described = pair.getFirst();
            described.asks(
                    "<iq type='set'><vCard xmlns='vcard-temp'><FN>" + described.bareJid() + "</FN></vCard></iq>");
            Xml found = couple.asks(pair.getLast(), described.bareJid(), "<vCard xmlns='vcard-temp'/>");
            assertThat(found.child("vCard").child("FN").text()).isEqualTo(described.bareJid());
        }
    }

    @Test
    void peopleMeetInARoomThere() {
        String room = couple.scene().user("balcony") + "@" + away().rooms();
        Couple.enters(juliet, room, "juliet");
        Couple.enters(romeo, room, "romeo");
        romeo.sends("<message type='groupchat' to='" + room + "'><body>Good night</body></message>");
        for (TestClient client : List.of(juliet, romeo)) {
            client.awaits(
                    "<message type='groupchat' id='{any?}' from='" + room
                            + "/romeo'><body>Good night</body>{*}</message>",
                    Couple.LONG);
        }
        romeo.sends("<presence type='unavailable' to='" + room + "/romeo'/>");
        juliet.awaits("<presence type='unavailable' id='{any?}' from='" + room + "/romeo'>{*}</presence>", Couple.LONG);
    }

    @Test
    void messagesWaitForWhoIsOffline() {
        String far = "nurse@" + away().host();
        String near = couple.scene().account("friar");
        String distant = couple.scene().account(far);
        juliet.sends("<message type='chat' id='o' to='" + near + "'><body>Come</body></message>");
        romeo.sends("<message type='chat' id='o' to='" + distant + "'><body>Go</body></message>");
        couple.asks(juliet, near, PING); // is answered after the message is kept
        couple.asks(romeo, distant, PING);
        TestClient friar = couple.arrives("friar");
        TestClient nurse = couple.arrives(far);
        friar.awaits(
                "<message type='chat' id='o' from='" + juliet.jid()
                        + "'><body>Come</body><delay xmlns='urn:xmpp:delay' stamp='{any}' from='{any?}'>{*}</delay>{*}</message>");
        nurse.awaits("<message type='chat' id='o' from='" + romeo.jid() + "'><body>Go</body>{*}</message>");
    }

    @Test
    void whoIsNotThereIsReported() {
        assertThat(couple.isTurnedAway(juliet, couple.scene().jid("nobody"))).isEqualTo("service-unavailable");
        assertThat(couple.isTurnedAway(romeo, couple.scene().jid("nobody@" + away().host())))
                .isEqualTo("service-unavailable");
        Xml refused = couple.asks(juliet, romeo.bareJid() + "/elsewhere", PING);
        assertThat(Couple.condition(refused)).isEqualTo("service-unavailable");
    }

    @Test
    void nothingIsLostOrDoubledWhenThePeerIsKilled() {
        RestartStory story = new RestartStory(couple, away());
        if (acknowledged()) {
            story.withAcknowledgements();
        } else {
            story.withoutAcknowledgements();
        }
    }
}
