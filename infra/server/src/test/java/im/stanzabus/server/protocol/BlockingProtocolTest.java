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
class BlockingProtocolTest {
    private static final String LIST = "<iq type='get'><blocklist xmlns='urn:xmpp:blocking'/></iq>";

    @Test
    @Spec(
            doc = "XEP-0191",
            section = {"3.2", "3.3", "3.4", "3.5"})
    void theListIsKept(Scene scene) {
        TestClient juliet = scene.online("juliet");
        juliet.asks(LIST).is("<blocklist xmlns='urn:xmpp:blocking'/>");
        juliet.asks(block("${romeo}", "${host}/x", "montague.example")).isEmptyResult();
        juliet.forgets();
        juliet.asks(LIST).is("""
                        <blocklist xmlns='urn:xmpp:blocking'>
                          <item jid='${romeo}'/><item jid='${host}/x'/><item jid='montague.example'/>
                        </blocklist>""");
        juliet.asks(unblock("${romeo}")).isEmptyResult();
        juliet.logsOut();
        TestClient again = scene.connected("juliet/again");
        again.asks(LIST)
                .is(
                        "<blocklist xmlns='urn:xmpp:blocking'><item jid='${host}/x'/><item jid='montague.example'/></blocklist>");
        again.asks("<iq type='set'><unblock xmlns='urn:xmpp:blocking'/></iq>").isEmptyResult();
        again.forgets();
        again.asks(LIST).is("<blocklist xmlns='urn:xmpp:blocking'/>");
    }

    @Test
    @Spec(
            doc = "XEP-0191",
            section = {"3.3", "3.4", "3.5"})
    void otherClientsHearOfChanges(Scene scene) {
        TestClient balcony = scene.online("juliet/balcony");
        TestClient chamber = scene.online("juliet/chamber");
        TestClient quiet = scene.online("juliet/quiet");
        balcony.asks(LIST);
        chamber.asks(LIST);
        balcony.asks(block("${romeo}", "${tybalt}")).isEmptyResult();
        String pushed =
                "<iq type='set' id='{any}' from='{any?}'><block xmlns='urn:xmpp:blocking'><item jid='${romeo}'/><item jid='${tybalt}'/></block></iq>";
        balcony.receives(pushed);
        chamber.receives(pushed);
        chamber.asks("<iq type='set'><unblock xmlns='urn:xmpp:blocking'/></iq>").isEmptyResult();
        String all = "<iq type='set' id='{any}' from='{any?}'><unblock xmlns='urn:xmpp:blocking'/></iq>";
        balcony.receives(all);
        chamber.receives(all);
        quiet.receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0191", section = "3.3")
    void somebodyMustBeBlocked(Scene scene) {
        scene.connected("juliet")
                .asks("<iq type='set'><block xmlns='urn:xmpp:blocking'/></iq>")
                .isError("modify", "bad-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${romeo}", "${romeo/tester}", "${host}"})
    @Spec(
            doc = "XEP-0191",
            section = {"3.3", "6"})
    void whoIsBlockedDoesNotReachTheUser(String blocked, Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        juliet.asks(block(blocked)).isEmptyResult();
        romeo.sends("<message to='${juliet}' type='chat' id='m1'><body>hi</body></message>");
        romeo.receivesError("<message type='error' id='m1' from='${juliet}'/>", "cancel", "service-unavailable");
        romeo.sends("<message to='${juliet/tester}' type='chat' id='m2'><body>hi</body></message>");
        romeo.receivesError("<message type='error' id='m2' from='${juliet/tester}'/>", "cancel", "service-unavailable");
        romeo.asks("<iq type='get' to='${juliet/tester}'><q xmlns='urn:q'/></iq>")
                .isError("cancel", "service-unavailable");
        romeo.asks("<iq type='get' to='${juliet}'><vCard xmlns='vcard-temp'/></iq>")
                .isError("cancel", "service-unavailable");
        romeo.sends("<presence to='${juliet}'/>");
        if (!blocked.contains("/")) {
            romeo.sends("<presence to='${juliet}' type='subscribe'/>");
        }
        romeo.receivesNothing();
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0191", section = "3.3")
    void theUserDoesNotReachWhoIsBlocked(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        juliet.asks(block("${romeo}")).isEmptyResult();
        for (String kind : new String[] {"message", "iq"}) {
            juliet.sends("<" + kind + " type='" + (kind.equals("iq") ? "get" : "chat")
                    + "' id='x' to='${romeo/tester}'><q xmlns='urn:q'/></" + kind + ">");
            juliet.receives("<" + kind
                    + " type='error' id='x' from='${romeo/tester}'>{*}<error type='cancel'>{*}"
                    + "<not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                    + "<blocked xmlns='urn:xmpp:blocking:errors'/></error></" + kind + ">");
        }
        romeo.receivesNothing();
    }

    @Test
    @Spec(
            doc = "XEP-0191",
            section = {"3.3", "3.4"})
    void toWhoIsBlockedTheUserGoesAwayAndComesBack(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        juliet.asks(block("${romeo}")).isEmptyResult();
        romeo.receives("<presence type='unavailable' from='${juliet/tester}'/>");
        juliet.sends("<presence><show>away</show></presence>");
        juliet.receives("<presence from='${juliet/tester}'><show>away</show></presence>");
        romeo.sends("<presence><show>dnd</show></presence>");
        juliet.receivesNothing();
        romeo.receives("<presence from='${romeo/tester}'><show>dnd</show></presence>");
        romeo.sends("<presence type='probe' to='${juliet}'/>");
        romeo.receivesNothing();
        juliet.asks(unblock("${romeo}")).isEmptyResult();
        romeo.receives("<presence from='${juliet/tester}'><show>away</show></presence>");
    }

    @Test
    @Spec(doc = "XEP-0191", section = "3.3")
    void whoIsBlockedLeavesNothingForLater(Scene scene) {
        TestClient juliet = scene.online("juliet");
        juliet.asks(block("${romeo}")).isEmptyResult();
        juliet.logsOut();
        TestClient romeo = scene.online("romeo");
        romeo.sends("<message to='${juliet}' type='chat' id='m1'><body>hi</body></message>");
        romeo.receivesError("<message type='error' id='m1' from='${juliet}'/>", "cancel", "service-unavailable");
        romeo.sends("<presence to='${juliet}' type='subscribe'/>");
        romeo.receivesNothing();
        scene.online("juliet/again").receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0191", section = "6")
    void aBlockedResourceIsNotTheWholeAccount(Scene scene) {
        TestClient orchard = scene.online("romeo/orchard");
        TestClient garden = scene.online("romeo/garden");
        TestClient juliet = scene.online("juliet");
        juliet.asks(block("${romeo/orchard}")).isEmptyResult();
        garden.sends("<message to='${juliet}' type='chat' id='m'><body>hi</body></message>");
        juliet.receives("<message from='${romeo/garden}' type='chat' id='m'><body>hi</body></message>");
        orchard.sends("<message to='${juliet}' type='chat' id='m'><body>hi</body></message>");
        orchard.receivesError("<message type='error' id='m' from='${juliet}'/>", "cancel", "service-unavailable");
        juliet.receivesNothing();
    }

    private static String block(String... jids) {
        return list("block", jids);
    }

    private static String unblock(String... jids) {
        return list("unblock", jids);
    }

    private static String list(String name, String... jids) {
        StringBuilder items = new StringBuilder();
        for (String jid : jids) {
            items.append("<item jid='").append(jid).append("'/>");
        }
        return "<iq type='set'><" + name + " xmlns='urn:xmpp:blocking'>" + items + "</" + name + "></iq>";
    }
}
