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
class PresenceProtocolTest {

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"4.2.1", "4.2.2", "4.2.3"})
    void friendsSeeThatSomebodyHasCome(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient juliet = scene.connected("juliet/balcony").becomesAvailable();
        TestClient romeo = scene.connected("romeo/orchard");
        romeo.sends(
                "<presence id='p1'><show>away</show><status>be right back</status><priority>5</priority></presence>");
        String presence =
                "<presence id='p1' from='${romeo/orchard}'><show>away</show><status>be right back</status><priority>5</priority></presence>";
        juliet.receives(presence);
        romeo.receivesInAnyOrder(presence, "<presence from='${juliet/balcony}'/>");
        romeo.receivesNothing();
        juliet.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"4.2.2", "4.3.1", "4.3.2"})
    void whoComesSeesWhichFriendsAreThere(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient balcony = scene.connected("juliet/balcony");
        balcony.sends("<presence><show>chat</show></presence>").forgets();
        TestClient chamber = scene.connected("juliet/chamber");
        chamber.sends("<presence><priority>-1</priority></presence>").forgets();
        TestClient romeo = scene.connected("romeo");
        romeo.sends("<presence/>");
        romeo.receivesInAnyOrder(
                "<presence from='${romeo/tester}'/>",
                "<presence from='${juliet/balcony}'><show>chat</show>{*}</presence>",
                "<presence from='${juliet/chamber}'><priority>-1</priority>{*}</presence>");
        romeo.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "4.3.2")
    void whoComesSeesWhichFriendsAreNotThere(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = scene.connected("romeo");
        romeo.sends("<presence/>");
        romeo.receivesInAnyOrder(
                "<presence from='${romeo/tester}'/>", "<presence type='unavailable' from='${juliet}'>{*}</presence>");
        romeo.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"4.2.2", "4.4.2"})
    void onlyWhoIsAllowedSeesPresence(Scene scene) {
        scene.sees("romeo", "juliet");
        TestClient romeo = scene.online("romeo");
        romeo.forgets();
        TestClient tybalt = scene.online("tybalt");
        TestClient juliet = scene.online("juliet");
        romeo.sends("<presence><show>away</show></presence>");
        romeo.receives("<presence from='${romeo/tester}'><show>away</show></presence>");
        juliet.receivesNothing();
        tybalt.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"4.4.1", "4.4.2", "4.4.3"})
    void laterPresenceIsSentOn(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient juliet = scene.online("juliet");
        TestClient romeo = scene.online("romeo/orchard");
        TestClient other = scene.online("romeo/garden");
        juliet.sends("<presence><show>dnd</show></presence>");
        String presence = "<presence from='${juliet/tester}'><show>dnd</show></presence>";
        juliet.receives(presence);
        romeo.receives(presence);
        other.receives(presence);
        romeo.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"4.5.1", "4.5.2", "4.5.3"})
    void friendsSeeThatSomebodyGoes(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient juliet = scene.online("juliet");
        TestClient romeo = scene.online("romeo/orchard");
        TestClient other = scene.online("romeo/garden");
        romeo.sends("<presence type='unavailable'><status>the sun is rising</status></presence>");
        String farewell =
                "<presence type='unavailable' from='${romeo/orchard}'><status>the sun is rising</status></presence>";
        juliet.receives(farewell);
        other.receives(farewell);
        romeo.forgets();
        juliet.sends("<presence><show>away</show></presence>");
        romeo.receivesNothing();
        romeo.logsOut();
        juliet.receives("<presence from='${juliet/tester}'><show>away</show></presence>");
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "4.5.2")
    void friendsSeeThatAStreamIsClosed(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient juliet = scene.online("juliet");
        TestClient romeo = scene.online("romeo/orchard");
        TestClient other = scene.online("romeo/garden");
        romeo.logsOut();
        juliet.receives("<presence type='unavailable' from='${romeo/orchard}'>{*}</presence>");
        other.receives("<presence type='unavailable' from='${romeo/orchard}'>{*}</presence>");
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "4.5.2")
    void friendsSeeThatAConnectionIsLost(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient juliet = scene.online("juliet");
        TestClient romeo = scene.online("romeo/orchard");
        TestClient stranger = scene.online("tybalt");
        romeo.sends("<presence to='${tybalt}'/>");
        stranger.receives("<presence from='${romeo/orchard}' to='${tybalt}'/>");
        romeo.drops();
        juliet.receives("<presence type='unavailable' from='${romeo/orchard}'>{*}</presence>");
        stranger.receives("<presence type='unavailable' from='${romeo/orchard}'>{*}</presence>");
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "4.2.2")
    void clientsOfOneAccountSeeEachOther(Scene scene) {
        TestClient orchard = scene.connected("romeo/orchard");
        orchard.sends("<presence><priority>1</priority></presence>");
        orchard.receives("<presence from='${romeo/orchard}'><priority>1</priority></presence>");
        TestClient garden = scene.connected("romeo/garden");
        garden.sends("<presence><priority>2</priority></presence>");
        garden.receivesInAnyOrder(
                "<presence from='${romeo/garden}'><priority>2</priority></presence>",
                "<presence from='${romeo/orchard}'><priority>1</priority>{*}</presence>");
        orchard.receives("<presence from='${romeo/garden}'><priority>2</priority></presence>");
        orchard.receivesNothing();
        garden.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"4.6.1", "4.6.2", "4.6.3"})
    void directedPresenceIsForOneOnly(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient juliet = scene.online("juliet");
        TestClient romeo = scene.online("romeo/orchard");
        TestClient tybalt = scene.online("tybalt");
        romeo.sends("<presence to='${tybalt/tester}'><status>hello</status></presence>");
        tybalt.receives("<presence from='${romeo/orchard}' to='${tybalt/tester}'><status>hello</status></presence>");
        juliet.receivesNothing();
        romeo.sends("<presence><show>away</show></presence>");
        juliet.receives("<presence from='${romeo/orchard}'><show>away</show></presence>");
        tybalt.receivesNothing();
        romeo.sends("<presence type='unavailable'><status>bye</status></presence>");
        tybalt.receives("<presence type='unavailable' from='${romeo/orchard}'><status>bye</status></presence>");
        juliet.receives("<presence type='unavailable' from='${romeo/orchard}'><status>bye</status></presence>");
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"4.6.3", "4.6.4"})
    void directedPresenceIsTakenBack(Scene scene) {
        TestClient romeo = scene.online("romeo/orchard");
        TestClient tybalt = scene.online("tybalt");
        romeo.sends("<presence to='${tybalt}'/>");
        tybalt.receives("<presence from='${romeo/orchard}' to='${tybalt}'/>");
        romeo.sends("<presence type='unavailable' to='${tybalt}'/>");
        tybalt.receives("<presence type='unavailable' from='${romeo/orchard}' to='${tybalt}'/>");
        romeo.sends("<presence type='unavailable'/>");
        tybalt.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "4.6.2")
    void directedPresenceNeedsNoInitialPresence(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient juliet = scene.online("juliet");
        TestClient tybalt = scene.online("tybalt");
        TestClient romeo = scene.connected("romeo/orchard");
        romeo.sends("<presence to='${tybalt}'/>");
        tybalt.receives("<presence from='${romeo/orchard}' to='${tybalt}'/>");
        juliet.receivesNothing();
        romeo.logsOut();
        tybalt.receives("<presence type='unavailable' from='${romeo/orchard}'>{*}</presence>");
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "4.3.2")
    void aProbeTellsAStrangerNothing(Scene scene) {
        TestClient juliet = scene.online("juliet");
        TestClient tybalt = scene.online("tybalt");
        tybalt.asks(RosterProtocolTest.GET);
        tybalt.sends("<presence type='probe' to='${juliet}'/>");
        juliet.receivesNothing();
        tybalt.sends("<presence type='probe' to='${nobody}'/>");
        tybalt.sends("<message to='${tybalt/tester}' id='end'/>");
        // an answer of type unsubscribed would be allowed, as long as nobody can tell whether there is a Juliet
        tybalt.receives("<message from='${tybalt/tester}' id='end'/>");
    }

    @Test
    @Spec(doc = "RFC6121", section = "8.5.2.1.2")
    void presenceToAnAccountReachesEveryClientAsItWasAddressed(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient balcony = scene.online("juliet/balcony");
        TestClient chamber = scene.connected("juliet/chamber");
        chamber.sends("<presence><priority>-5</priority></presence>").forgets();
        balcony.forgets();
        TestClient notThere = scene.connected("juliet/tomb");
        romeo.sends("<presence to='${juliet}'/>");
        balcony.receives("<presence from='${romeo/tester}' to='${juliet}'/>");
        chamber.receives("<presence from='${romeo/tester}' to='${juliet}'/>");
        notThere.receivesNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-128", "0", "127"})
    @Spec(doc = "RFC6121", section = "4.7.2.3")
    void aPriorityIsASmallNumber(String priority, Scene scene) {
        TestClient romeo = scene.connected("romeo");
        romeo.sends("<presence><priority>" + priority + "</priority></presence>");
        romeo.receives("<presence from='${romeo/tester}'><priority>" + priority + "</priority></presence>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-129", "128", "high", "", "1.5", "99999999999"})
    @Spec(doc = "RFC6121", section = "4.7.2.3")
    void anythingElseIsNoPriority(String priority, Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient juliet = scene.online("juliet");
        TestClient romeo = scene.connected("romeo");
        romeo.sends("<presence id='p'><priority>" + priority + "</priority></presence>");
        romeo.receivesError("<presence type='error' id='p' from='{any?}'/>", "modify", "bad-request");
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "4.7.1")
    void presenceHasNoOtherTypes(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends("<presence type='invisible' id='p' to='${juliet}'/>");
        romeo.receivesError("<presence type='error' id='p' from='${juliet}'/>", "modify", "bad-request");
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "4.7.3")
    void whateverIsInPresenceIsSentOn(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient juliet = scene.online("juliet");
        TestClient romeo = scene.online("romeo");
        romeo.sends("""
                <presence xml:lang='it'>
                  <status xml:lang='en'>in love</status><status>innamorato</status>
                  <x:x xmlns:x='urn:example:x' x:a='1'><y/></x:x>
                  <c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/>
                </presence>""");
        juliet.receives("""
                <presence from='${romeo/tester}' xml:lang='it'>
                  <status xml:lang='en'>in love</status><status>innamorato</status>
                  <x xmlns='urn:example:x' z:a='1' xmlns:z='urn:example:x'><y xmlns='jabber:client'/></x>
                  <c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/>
                </presence>""");
    }
}
