package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Answer;
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
    private static final String MAM = "urn:xmpp:mam:2";
    private static final String RSM = "http://jabber.org/protocol/rsm";

    /// One page of an archive.
    private record Page(List<Xml> results, Xml fin) {
        List<String> bodies() {
            return results.stream()
                    .map(result -> message(result).child("body").text())
                    .toList();
        }

        List<String> ids() {
            return results.stream()
                    .map(result -> result.child("result").attribute("id"))
                    .toList();
        }

        boolean isComplete() {
            return fin.attribute("complete").equals("true");
        }

        private static Xml message(Xml result) {
            return result.child("result").child("forwarded").child("message");
        }
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

        Page hers = page(juliet, "");
        assertThat(hers.bodies()).containsExactly("who is there?", "me");
        assertThat(hers.isComplete()).isTrue();
        assertThat(hers.ids().getFirst())
                .as("XEP-0359: the id that came with the message")
                .isEqualTo(live.child("stanza-id").attribute("id"));
        Xml first = Page.message(hers.results().getFirst());
        assertThat(first.attribute("from")).isEqualTo(romeo.jid());
        assertThat(first.attribute("to")).isEqualTo(juliet.jid());
        assertThat(page(romeo, "").bodies()).containsExactly("who is there?", "me");
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
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            romeo.sends("<message to='${juliet}' type='chat'><body>" + i + "</body></message>");
            all.add(String.valueOf(i));
        }
        scene.settle();
        List<String> forward = new ArrayList<>();
        Page page = page(romeo, set("<max>10</max>"));
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
        for (int i = 0; i < 3; i++) {
            romeo.sends("<message to='${juliet}' type='chat'><body>" + i + "</body></message>");
        }
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
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        Answer answer = romeo.asks("<iq type='set' to='${juliet}'><query xmlns='" + MAM + "'/></iq>");
        assertThat(answer.iq().attribute("type")).isEqualTo("error");
        romeo.receivesNothing();
    }

    private static String set(String content) {
        return "<set xmlns='" + RSM + "'>" + content + "</set>";
    }

    private static String field(String name, String value) {
        return "<field var='" + name + "'><value>" + value + "</value></field>";
    }

    private static String form(String fields) {
        return "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>" + MAM
                + "</value></field>" + fields + "</x>";
    }

    private static Page page(TestClient client, String content) {
        client.forgets();
        Answer answer = client.asks("<iq type='set'><query xmlns='" + MAM + "'>" + content + "</query></iq>");
        List<Xml> results = new ArrayList<>();
        Xml fin = answer.payload();
        Xml rsm = fin.child("set");
        boolean some = rsm.children().stream().anyMatch(child -> child.name().equals("last"));
        String last = some ? rsm.child("last").text() : "";
        String first = some ? rsm.child("first").text() : "";
        boolean seenFirst = false;
        boolean seenLast = false;
        while (some && !(seenFirst && seenLast)) {
            Xml stanza = client.nextStanza("a result");
            if (stanza.hasChild("result", MAM)) {
                results.add(stanza);
                String id = stanza.child("result").attribute("id");
                seenFirst |= id.equals(first);
                seenLast |= id.equals(last);
            }
        }
        return new Page(results, fin);
    }
}
