package im.stanzabus.server.protocol;

import static im.stanzabus.server.protocol.ArchivePage.MAM;
import static im.stanzabus.server.protocol.ArchivePage.field;
import static im.stanzabus.server.protocol.ArchivePage.form;
import static im.stanzabus.server.protocol.ArchivePage.page;
import static im.stanzabus.server.protocol.ArchivePage.set;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(XmppServerExtension.class)
class ArchiveProtocolTest {
    /// Sends juliet messages with the numbers from 0.
    ///
    /// @return what they say
    private static List<String> counts(TestClient romeo, int messages) {
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            romeo.sends("<message to='${juliet}' type='chat'><body>" + i + "</body></message>");
            bodies.add(String.valueOf(i));
        }
        return bodies;
    }

    @Test
    @Spec(
            doc = "XEP-0313",
            section = {"3.3.1", "3.5", "4", "4.2"})
    void bothHaveWhatWasSaid(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends("<message to='${juliet/tester}' id='q' type='chat'><body>who is there?</body></message>");
        Xml live = juliet.awaits("<message from='${romeo/tester}' id='q' type='chat'>{*}</message>");
        juliet.sends("<message to='${romeo}' id='a' type='chat'><body>me</body></message>");
        romeo.awaits("<message from='${juliet/tester}' id='a' type='chat'>{*}</message>");

        ArchivePage hers = page(juliet, "");
        assertThat(hers.bodies()).containsExactly("who is there?", "me");
        assertThat(hers.isComplete()).isTrue();
        assertThat(hers.ids().getFirst())
                .as("XEP-0359: the id that came with the message")
                .isEqualTo(live.child("stanza-id").attribute("id"));
        Xml first = ArchivePage.message(hers.results().getFirst());
        assertThat(first.attribute("from")).isEqualTo(romeo.jid());
        assertThat(first.attribute("to")).isEqualTo(juliet.jid());
        assertThat(page(romeo, "").bodies()).containsExactly("who is there?", "me");
    }

    @Test
    @Spec(doc = "XEP-0313", section = "3.5")
    void onlyWhoMayReadAnArchiveSeesItsIds(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient balcony = scene.online("juliet/balcony");
        TestClient chamber = scene.online("juliet/chamber");
        chamber.asks("<iq type='set'><enable xmlns='urn:xmpp:carbons:2'/></iq>").isEmptyResult();
        romeo.sends("<message to='${juliet/balcony}' id='m' type='chat'><body>hi</body></message>");
        Xml live = balcony.awaits("<message from='${romeo/tester}' id='m' type='chat'>{*}</message>");
        Xml copy = ArchivePage.message(chamber.nextStanza("the carbon"), "received");
        String id = page(balcony, "").ids().getFirst();
        for (Xml message : List.of(live, copy)) {
            assertThat(message.children().stream().filter(child -> child.name().equals("stanza-id")))
                    .singleElement()
                    .satisfies(stanzaId -> {
                        assertThat(stanzaId.attribute("by")).isEqualTo(balcony.bareJid());
                        assertThat(stanzaId.attribute("id")).isEqualTo(id);
                    });
        }
        assertThat(page(romeo, "").ids()).doesNotContain(id);
    }

    @Test
    @Spec(
            doc = "XEP-0313",
            section = {"4.3.2", "4.3.3"})
    @Spec(
            doc = "XEP-0059",
            section = {"2.2", "2.3", "2.5"})
    void pagesForwardAndBackMeetEveryMessageOnce(Scene scene) {
        TestClient romeo = scene.online("romeo");
        scene.account("juliet");
        List<String> all = counts(romeo, 25);
        scene.settle();
        List<String> forward = new ArrayList<>();
        ArchivePage page = page(romeo, set("<max>10</max>"));
        while (true) {
            forward.addAll(page.bodies());
            if (page.isComplete()) {
                break;
            }
            page = page(romeo, set("<max>10</max><after>" + page.ids().getLast() + "</after>"));
        }
        assertThat(forward).isEqualTo(all);
        List<String> back = new ArrayList<>();
        page = page(romeo, set("<max>10</max><before/>"));
        while (true) {
            back.addAll(0, page.bodies());
            if (page.isComplete()) {
                break;
            }
            page = page(romeo, set("<max>10</max><before>" + page.ids().getFirst() + "</before>"));
        }
        assertThat(back).isEqualTo(all);
    }

    @Test
    @Spec(
            doc = "XEP-0313",
            section = {"4.1.1", "4.1.2"})
    void filtersByPartner(Scene scene) {
        scene.account("juliet");
        scene.account("nurse");
        TestClient romeo = scene.online("romeo");
        romeo.sends("<message to='${juliet}' type='chat'><body>to juliet</body></message>");
        romeo.sends("<message to='${nurse}' type='chat'><body>to nurse</body></message>");
        scene.settle();
        assertThat(page(romeo, form(field("with", scene.jid("nurse")))).bodies())
                .containsExactly("to nurse");
        assertThat(page(romeo, form(field("with", scene.jid("mercutio")))).bodies())
                .isEmpty();
        assertThat(page(romeo, form(field("start", "2099-01-01T00:00:00Z"))).bodies())
                .isEmpty();
        assertThat(page(romeo, form(field("end", "2099-01-01T00:00:00Z"))).bodies())
                .hasSize(2);
    }

    @Test
    @Spec(doc = "XEP-0313", section = "4.3.4")
    void pagesCanBeFlipped(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        counts(romeo, 3);
        scene.settle();
        assertThat(page(romeo, set("<max>2</max><before/>") + "<flip-page/>").bodies())
                .containsExactly("2", "1");
    }

    @Test
    @Spec(doc = "XEP-0313", section = "6.1.1")
    void offlineMessagesAreInTheArchiveAndComeOnce(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        romeo.sends("<message to='${juliet}' id='m' type='chat'><body>later</body></message>")
                .receivesNothing();
        TestClient juliet = scene.connected("juliet").becomesAvailable();
        Xml delivered = juliet.awaits("<message from='${romeo/tester}' id='m' type='chat'>{*}</message>");
        assertThat(page(juliet, "").ids())
                .containsExactly(delivered.child("stanza-id").attribute("id"));
        juliet.receivesNothing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
                "<body>secret</body><no-store xmlns='urn:xmpp:hints'/>",
                "<body>secret</body><no-permanent-store xmlns='urn:xmpp:hints'/>",
            })
    @Spec(doc = "XEP-0334", section = "4.1")
    @Spec(doc = "XEP-0334", section = "4.2")
    @Spec(doc = "XEP-0313", section = "6.1.1")
    void whatIsNotToBeStoredIsNot(String payload, Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends("<message to='${juliet}' id='m' type='chat'>" + payload + "</message>");
        juliet.awaits("<message from='${romeo/tester}' id='m' type='chat'>{*}</message>");
        assertThat(page(juliet, "").results()).isEmpty();
        assertThat(page(romeo, "").results()).isEmpty();
    }

    /// What was rejected stands in the archive of the sender alone.
    @Test
    @Spec(doc = "XEP-0313", section = "6.1")
    @Spec(doc = "XEP-0191", section = "3.3")
    void whatIsBlockedIsInNoArchiveOfTheBlocker(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends("<message to='${juliet}' id='m' type='chat'><body>welcome</body></message>");
        juliet.awaits("<message from='${romeo/tester}' id='m' type='chat'>{*}</message>");
        juliet.asks("<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='${romeo}'/></block></iq>");
        for (String to : new String[] {"${juliet}", "${juliet/tester}"}) {
            romeo.sends("<message to='" + to + "' id='n' type='chat'><body>unwanted</body></message>");
            romeo.receivesError("<message type='error' id='n' from='" + to + "'/>", "cancel", "service-unavailable");
        }
        juliet.asks("<iq type='set'><unblock xmlns='urn:xmpp:blocking'><item jid='${romeo}'/></unblock></iq>");
        romeo.sends("<message to='${juliet}' id='o' type='chat'><body>forgiven</body></message>");
        juliet.awaits("<message from='${romeo/tester}' id='o' type='chat'>{*}</message>");
        assertThat(page(juliet, "").bodies()).containsExactly("welcome", "forgiven");
        assertThat(page(romeo, "").bodies()).containsExactly("welcome", "unwanted", "unwanted", "forgiven");
    }

    @Test
    @Spec(
            doc = "XEP-0441",
            section = {"2.1", "2.1.1", "2.1.2"})
    void aUserDecidesWhatIsKept(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        juliet.asks("<iq type='set'><prefs xmlns='" + MAM + "' default='never'><always/><never/></prefs></iq>");
        romeo.sends("<message to='${juliet}' id='m' type='chat'><body>once</body></message>");
        juliet.awaits("<message from='${romeo/tester}' id='m' type='chat'>{*}</message>");
        assertThat(page(juliet, "").results()).isEmpty();
        assertThat(page(romeo, "").bodies()).containsExactly("once");
        juliet.asks("<iq type='set'><prefs xmlns='" + MAM + "' default='never'><always><jid>${romeo}</jid></always>"
                + "<never/></prefs></iq>");
        romeo.sends("<message to='${juliet}' id='n' type='chat'><body>kept</body></message>");
        juliet.awaits("<message from='${romeo/tester}' id='n' type='chat'>{*}</message>");
        assertThat(page(juliet, "").bodies()).containsExactly("kept");
    }

    @Test
    @Spec(doc = "XEP-0313", section = "4.3.2")
    @Spec(doc = "XEP-0059", section = "2.4")
    void anUnknownIdIsToldAsSuch(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.asks("<iq type='set'><query xmlns='" + MAM + "'>" + set("<after>987654321</after>") + "</query></iq>")
                .isError("cancel", "item-not-found");
    }

    @Test
    @Spec(doc = "XEP-0313", section = "8.1")
    void nobodyReadsTheArchiveOfOthers(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = scene.online("romeo");
        romeo.asks("<iq type='set' to='${juliet}'><query xmlns='" + MAM + "'/></iq>")
                .isError("auth", "forbidden");
        romeo.asks("<iq type='get' to='${juliet}'><metadata xmlns='" + MAM + "'/></iq>")
                .isError("auth", "forbidden");
        romeo.receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0313", section = "8.1")
    @Spec(doc = "RFC6121", section = "8.5.1")
    void strangersAreNotToldWhetherThereIsAnArchive(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        for (String to : List.of("${juliet}", "nobody@${host}")) {
            romeo.asks("<iq type='set' to='" + to + "'><query xmlns='" + MAM + "'/></iq>")
                    .isError("cancel", "service-unavailable");
        }
        romeo.receivesNothing();
    }
}
