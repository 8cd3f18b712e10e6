package im.stanzabus.server.protocol;

import static im.stanzabus.server.protocol.ArchivePage.MAM;
import static im.stanzabus.server.protocol.ArchivePage.page;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Answer;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.XmppServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(XmppServerExtension.class)
class ArchivePreferencesProtocolTest {
    private static final String DEFAULT = "<prefs xmlns='" + MAM + "' default='always'><always/><never/></prefs>";

    private static Answer current(TestClient client) {
        return client.asks("<iq type='get'><prefs xmlns='" + MAM + "'/></iq>");
    }

    private static Answer wants(TestClient client, String fallback, String lists) {
        return client.asks(
                "<iq type='set'><prefs xmlns='" + MAM + "' default='" + fallback + "'>" + lists + "</prefs></iq>");
    }

    @Test
    @Spec(doc = "XEP-0441", section = "2.1")
    void preferencesAreToldAsTheyWereSet(Scene scene) {
        TestClient juliet = scene.online("juliet");
        current(juliet).is(DEFAULT);
        String prefs = "<prefs xmlns='" + MAM + "' default='roster'><always><jid>${romeo}</jid></always>"
                + "<never><jid>${tybalt/phone}</jid></never></prefs>";
        wants(juliet, "roster", "<always><jid>${romeo}</jid></always><never><jid>${tybalt/phone}</jid></never>")
                .is(prefs);
        current(juliet).is(prefs);
        current(scene.connected("juliet/other")).is(prefs);
    }

    @Test
    @Spec(
            doc = "XEP-0441",
            section = {"2.1.2", "2.1.3"})
    void listsMayBeLeftOut(Scene scene) {
        wants(scene.online("juliet"), "never", "")
                .is("<prefs xmlns='" + MAM + "' default='never'><always/><never/></prefs>");
    }

    @Test
    @Spec(
            doc = "XEP-0441",
            section = {"2.1", "2.1.1"})
    void wrongPreferencesChangeNothing(Scene scene) {
        TestClient juliet = scene.online("juliet");
        wants(juliet, "sometimes", "").isError("modify", "bad-request");
        juliet.asks("<iq type='set'><prefs xmlns='" + MAM + "'><always/><never/></prefs></iq>")
                .isError("modify", "bad-request");
        wants(juliet, "never", "<always><jid>@</jid></always>").isError("modify", "jid-malformed");
        wants(juliet, "never", "<never><jid>${romeo}</jid><jid/></never>").isError("modify", "jid-malformed");
        wants(juliet, "never", "<never><who>${romeo}</who></never>").isError("modify", "bad-request");
        current(juliet).is(DEFAULT);
    }

    @Test
    @Spec(doc = "XEP-0441", section = "2.1")
    void nobodyDecidesForOthers(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = scene.online("romeo");
        romeo.asks("<iq type='get' to='${juliet}'><prefs xmlns='" + MAM + "'/></iq>")
                .isError("auth", "forbidden");
        romeo.asks("<iq type='set' to='${juliet}'><prefs xmlns='" + MAM + "' default='never'/></iq>")
                .isError("auth", "forbidden");
        current(scene.online("juliet")).is(DEFAULT);
    }

    @Test
    @Spec(
            doc = "XEP-0441",
            section = {"2.1.3", "2.3.1", "2.3.2", "2.3.3"})
    void whoIsListedIsKeptOut(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient nurse = scene.online("nurse");
        TestClient juliet = scene.online("juliet");
        wants(juliet, "always", "<never><jid>${romeo}</jid><jid>${nurse/other}</jid></never>")
                .payload();
        juliet.sends("<message to='${romeo/tester}' id='a' type='chat'><body>to romeo</body></message>");
        romeo.awaits("<message from='${juliet/tester}' id='a' type='chat'>{*}</message>");
        romeo.sends("<message to='${juliet}' id='b' type='chat'><body>from romeo</body></message>");
        juliet.awaits("<message from='${romeo/tester}' id='b' type='chat'>{*}</message>");
        nurse.sends("<message to='${juliet}' id='c' type='chat'><body>from the nurse</body></message>");
        juliet.awaits("<message from='${nurse/tester}' id='c' type='chat'>{*}</message>");
        assertThat(page(juliet, "").bodies()).containsExactly("from the nurse");
    }

    @Test
    @Spec(
            doc = "XEP-0441",
            section = {"2.1.1", "2.3.1"})
    void onlyContactsMayBeKept(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = scene.online("romeo");
        TestClient nurse = scene.online("nurse");
        TestClient juliet = scene.online("juliet");
        wants(juliet, "roster", "").payload();
        nurse.sends("<message to='${juliet}' id='a' type='chat'><body>from the nurse</body></message>");
        juliet.awaits("<message from='${nurse/tester}' id='a' type='chat'>{*}</message>");
        romeo.sends("<message to='${juliet}' id='b' type='chat'><body>from romeo</body></message>");
        juliet.awaits("<message from='${romeo/tester}' id='b' type='chat'>{*}</message>");
        assertThat(page(juliet, "").bodies()).containsExactly("from romeo");
    }
}
