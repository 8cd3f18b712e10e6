package im.stanzabus.server.protocol;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.XmppServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(XmppServerExtension.class)
class SubscriptionProtocolTest {

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"3.1.1", "3.1.2", "3.1.3", "3.1.4", "3.1.5", "3.1.6", "A.2.1", "A.2.2", "A.3.1", "A.3.2"})
    void aRequestIsMadeAndGranted(Scene scene) {
        TestClient romeo = interested(scene, "romeo");
        TestClient juliet = interested(scene, "juliet");
        romeo.sends("<presence type='subscribe' id='s1' to='${juliet}'/>");
        romeo.receives(push("<item jid='${juliet}' subscription='none' ask='subscribe'/>"));
        juliet.receives("<presence type='subscribe' id='s1' from='${romeo}' to='${juliet}'/>");
        juliet.sends("<presence type='subscribed' id='s2' to='${romeo}'/>");
        juliet.receives(push("<item jid='${romeo}' subscription='from'/>"));
        romeo.receivesInAnyOrder(
                "<presence type='subscribed' id='s2' from='${juliet}' to='${romeo}'/>",
                push("<item jid='${juliet}' subscription='to'/>"),
                "<presence from='${juliet/tester}'/>");
        romeo.receivesNothing();
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "3.1.2")
    void aRequestToAResourceIsOneToTheAccount(Scene scene) {
        TestClient romeo = interested(scene, "romeo");
        TestClient juliet = interested(scene, "juliet");
        romeo.sends("<presence type='subscribe' to='${juliet/balcony}'/>");
        romeo.receives(push("<item jid='${juliet}' subscription='none' ask='subscribe'/>"));
        juliet.receives("<presence type='subscribe' id='{any?}' from='${romeo}' to='${juliet}'/>");
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"3.1.4", "3.2.2", "A.2.3"})
    void aRequestIsDenied(Scene scene) {
        TestClient romeo = interested(scene, "romeo");
        TestClient juliet = interested(scene, "juliet");
        romeo.sends("<presence type='subscribe' to='${juliet}'/>");
        romeo.receives(push("<item jid='${juliet}' subscription='none' ask='subscribe'/>"));
        juliet.awaits("<presence type='subscribe' id='{any?}' from='${romeo}'/>");
        juliet.sends("<presence type='unsubscribed' to='${romeo}'/>");
        romeo.receivesInAnyOrder(
                "<presence type='unsubscribed' id='{any?}' from='${juliet}'/>",
                push("<item jid='${juliet}' subscription='none'/>"));
        romeo.receivesNothing();
        juliet.receivesNothing();
        juliet.logsOut();
        TestClient again = scene.online("juliet/again");
        again.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"3.1.3", "3.1.4"})
    @Spec(doc = "RFC6121", section = "4.2.2")
    void aRequestWaitsForTheContactWithEverythingInIt(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        romeo.sends("""
                <presence type='subscribe' id='s1' to='${juliet}'>
                  <status>It is the east</status>
                  <nick xmlns='http://jabber.org/protocol/nick'>Romeo &lt;3</nick>
                </presence>""");
        scene.settle();
        String request = """
                <presence type='subscribe' id='s1' from='${romeo}' to='${juliet}'>
                  <status>It is the east</status>
                  <nick xmlns='http://jabber.org/protocol/nick'>Romeo &lt;3</nick>
                </presence>""";
        TestClient balcony = scene.connected("juliet/balcony").becomesAvailable();
        balcony.receives(request);
        balcony.logsOut();
        TestClient chamber = scene.connected("juliet/chamber").becomesAvailable();
        chamber.receives(request);
        chamber.sends("<presence type='subscribed' to='${romeo}'/>").forgets();
        chamber.logsOut();
        scene.online("juliet/tomb").receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "3.1.3")
    void aRequestOfSomebodyWhoIsAllowedAlreadyIsAnsweredByTheServer(Scene scene) {
        scene.sees("romeo", "juliet");
        TestClient juliet = interested(scene, "juliet");
        TestClient romeo = interested(scene, "romeo");
        romeo.forgets();
        romeo.sends("<presence type='subscribe' to='${juliet}'/>");
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "3.1.3")
    @Spec(doc = "RFC6121", section = "8.5.1")
    void aRequestToNobodyIsNotAnswered(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.sends("<presence type='subscribe' to='${nobody}'/>");
        romeo.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"3.2.1", "3.2.2", "3.2.3", "A.2.3", "A.3.4"})
    void aGrantIsTakenBack(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = interested(scene, "romeo");
        TestClient juliet = interested(scene, "juliet");
        juliet.sends("<presence type='unsubscribed' to='${romeo}'/>");
        juliet.receives(push("<item jid='${romeo}' subscription='to'/>"));
        romeo.receivesInAnyOrder(
                "<presence type='unsubscribed' id='{any?}' from='${juliet}' to='${romeo}'/>",
                push("<item jid='${juliet}' subscription='from'/>"),
                "<presence type='unavailable' id='{any?}' from='${juliet/tester}'/>");
        juliet.sends("<presence><show>away</show></presence>");
        romeo.receivesNothing();
        romeo.sends("<presence><show>dnd</show></presence>");
        juliet.awaits("<presence from='${romeo/tester}'><show>dnd</show></presence>");
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"3.3.1", "3.3.2", "3.3.3", "A.2.2", "A.3.3"})
    void aSubscriptionIsGivenUp(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = interested(scene, "romeo");
        TestClient juliet = interested(scene, "juliet");
        romeo.sends("<presence type='unsubscribe' to='${juliet}'/>");
        juliet.receivesInAnyOrder(
                "<presence type='unsubscribe' id='{any?}' from='${romeo}' to='${juliet}'/>",
                push("<item jid='${romeo}' subscription='to'/>"));
        romeo.receivesInAnyOrder(
                push("<item jid='${juliet}' subscription='from'/>"),
                "<presence type='unavailable' id='{any?}' from='${juliet/tester}'/>");
        juliet.sends("<presence><show>away</show></presence>");
        romeo.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"3.4.1", "3.4.2", "2.1.2.1"})
    void aRequestIsGrantedInAdvance(Scene scene) {
        TestClient romeo = interested(scene, "romeo");
        TestClient juliet = interested(scene, "juliet");
        juliet.sends("<presence type='subscribed' to='${romeo}'/>");
        juliet.receives(push("<item jid='${romeo}' subscription='none' approved='true'/>"));
        romeo.receivesNothing();
        romeo.sends("<presence type='subscribe' to='${juliet}'/>");
        romeo.receives(push("<item jid='${juliet}' subscription='none' ask='subscribe'/>"));
        romeo.receivesInAnyOrder(
                "<presence type='subscribed' id='{any?}' from='${juliet}' to='${romeo}'/>",
                push("<item jid='${juliet}' subscription='to'/>"),
                "<presence from='${juliet/tester}'/>");
        juliet.receives(push("<item jid='${romeo}' subscription='from' approved='{any?}'/>"));
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "3.4.2")
    void aGrantInAdvanceIsTakenBack(Scene scene) {
        TestClient romeo = interested(scene, "romeo");
        TestClient juliet = interested(scene, "juliet");
        juliet.sends("<presence type='subscribed' to='${romeo}'/>");
        juliet.receives(push("<item jid='${romeo}' subscription='none' approved='true'/>"));
        juliet.sends("<presence type='unsubscribed' to='${romeo}'/>");
        juliet.receives(push("<item jid='${romeo}' subscription='none'/>"));
        romeo.sends("<presence type='subscribe' to='${juliet}'/>");
        juliet.receives("<presence type='subscribe' id='{any?}' from='${romeo}' to='${juliet}'/>");
    }

    @Test
    @Spec(doc = "RFC6121", section = "2.5.2")
    void aRemovedContactIsUnsubscribedBothWays(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = interested(scene, "romeo");
        TestClient juliet = interested(scene, "juliet");
        romeo.asks(
                        "<iq type='set'><query xmlns='jabber:iq:roster'><item jid='${juliet}' subscription='remove'/></query></iq>")
                .isEmptyResult();
        juliet.receivesInAnyOrder(
                "<presence type='unsubscribe' id='{any?}' from='${romeo}' to='${juliet}'/>",
                "<presence type='unsubscribed' id='{any?}' from='${romeo}' to='${juliet}'/>",
                "<presence type='unavailable' id='{any?}' from='${romeo/tester}'/>",
                push("<item jid='${romeo}' subscription='none'/>"),
                push("<item jid='${romeo}' subscription='{any}'/>"));
        romeo.receivesInAnyOrder(
                push("<item jid='${juliet}' subscription='remove'/>"),
                "<presence type='unavailable' id='{any?}' from='${juliet/tester}'/>");
        romeo.receivesNothing();
        juliet.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"2.5.2", "3.1.2", "3.1.6"})
    void afterARemovalTheWholeStoryBeginsAnew(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = interested(scene, "romeo");
        TestClient juliet = interested(scene, "juliet");
        for (TestClient client : new TestClient[] {romeo, juliet}) {
            String other = client == romeo ? "juliet" : "romeo";
            client.asks("<iq type='set'><query xmlns='jabber:iq:roster'><item jid='${" + other
                            + "}' subscription='remove'/></query></iq>")
                    .isEmptyResult();
            client.forgets();
        }
        juliet.forgets();
        romeo.forgets();
        romeo.sends("<presence type='subscribe' to='${juliet}'/>");
        romeo.receives(push("<item jid='${juliet}' subscription='none' ask='subscribe'/>"));
        juliet.receives("<presence type='subscribe' id='{any?}' from='${romeo}' to='${juliet}'/>");
        juliet.sends("<presence type='subscribed' to='${romeo}'/>");
        juliet.receives(push("<item jid='${romeo}' subscription='from'/>"));
        romeo.receivesInAnyOrder(
                "<presence type='subscribed' id='{any?}' from='${juliet}'/>",
                push("<item jid='${juliet}' subscription='to'/>"),
                "<presence from='${juliet/tester}'/>");
    }

    @Test
    @Spec(doc = "RFC6121", section = "A.2.1")
    void aRequestThatIsRepeatedReachesTheContactAgain(Scene scene) {
        TestClient romeo = interested(scene, "romeo");
        TestClient juliet = interested(scene, "juliet");
        romeo.sends("<presence type='subscribe' to='${juliet}'/>");
        romeo.receives(push("<item jid='${juliet}' subscription='none' ask='subscribe'/>"));
        romeo.sends("<presence type='subscribe' to='${juliet}'/>");
        scene.settle();
        juliet.awaits("<presence type='subscribe' id='{any?}' from='${romeo}'/>");
        juliet.sends("<presence type='subscribed' to='${romeo}'/>");
        romeo.awaits("<presence type='subscribed' id='{any?}' from='${juliet}'/>");
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"A.3.2", "3.1.6"})
    void aGrantThatNobodyAskedForChangesNothing(Scene scene) {
        TestClient romeo = interested(scene, "romeo");
        TestClient juliet = scene.online("juliet");
        juliet.sends("<presence type='subscribed' to='${romeo}'/>");
        romeo.receivesNothing();
        romeo.asks(RosterProtocolTest.GET).is("<query xmlns='jabber:iq:roster' ver='{any?}'/>");
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"3.1.3", "2.1.2.2"})
    void whoHasOnlyAskedIsNotInTheRoster(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = interested(scene, "juliet");
        romeo.sends("<presence type='subscribe' to='${juliet}'/>");
        juliet.receives("<presence type='subscribe' id='{any?}' from='${romeo}' to='${juliet}'/>");
        juliet.asks(RosterProtocolTest.GET).is("<query xmlns='jabber:iq:roster' ver='{any?}'/>");
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"3.1.2", "3.1.6", "2.1.6"})
    void whatTheUserCallsAContactStays(Scene scene) {
        TestClient romeo = interested(scene, "romeo");
        TestClient juliet = interested(scene, "juliet");
        String named = "<item jid='${juliet}' name='Juliet' %s><group>Capulet</group></item>";
        romeo.asks("<iq type='set'><query xmlns='jabber:iq:roster'>" + named.formatted("") + "</query></iq>")
                .isEmptyResult();
        romeo.receives(push(named.formatted("subscription='none'")));
        romeo.sends("<presence type='subscribe' to='${juliet}'/>");
        romeo.receives(push(named.formatted("subscription='none' ask='subscribe'")));
        juliet.awaits("<presence type='subscribe' id='{any?}' from='${romeo}'/>");
        juliet.sends("<presence type='subscribed' to='${romeo}'/>");
        romeo.awaits(push(named.formatted("subscription='to'")));
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"3.1.6", "4.2.2"})
    void aGrantIsFoundAtReturn(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = interested(scene, "juliet");
        romeo.sends("<presence type='subscribe' to='${juliet}'/>");
        juliet.awaits("<presence type='subscribe' id='{any?}' from='${romeo}'/>");
        romeo.logsOut();
        juliet.sends("<presence type='subscribed' to='${romeo}'/>");
        juliet.receives(push("<item jid='${romeo}' subscription='from'/>"));
        TestClient again = scene.connected("romeo/again");
        again.asks(RosterProtocolTest.GET)
                .is("<query xmlns='jabber:iq:roster' ver='{any?}'><item jid='${juliet}' subscription='to'/></query>");
        again.becomesAvailable();
        again.awaits("<presence from='${juliet/tester}'>{*}</presence>");
    }

    @Test
    @Spec(doc = "RFC6121", section = "3.1.2")
    @Spec(doc = "RFC6120", section = "10.5.3.2")
    void friendsMayLiveInOtherDomains(Scene scene) {
        scene.friends("romeo", "juliet@capulet.example");
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet@capulet.example");
        romeo.sends("<presence><show>away</show></presence>");
        juliet.receives("<presence from='${romeo/tester}'><show>away</show></presence>");
        juliet.logsOut();
        romeo.awaits("<presence type='unavailable' from='${juliet@capulet.example/tester}'>{*}</presence>");
    }

    @Test
    @Spec(doc = "RFC6121", section = "3.1.2")
    void nobodySubscribesToThemselves(Scene scene) {
        TestClient romeo = interested(scene, "romeo");
        romeo.sends("<presence type='subscribe' to='${romeo}'/>");
        romeo.forgets();
        romeo.asks(RosterProtocolTest.GET).is("<query xmlns='jabber:iq:roster' ver='{any?}'/>");
    }

    @Test
    @Spec(doc = "RFC6121", section = "3.1.3")
    void manyPeopleAsk(Scene scene) {
        scene.account("juliet");
        for (int i = 0; i < 5; i++) {
            TestClient suitor = scene.online("suitor" + i);
            suitor.sends("<presence type='subscribe' to='${juliet}'/>");
        }
        scene.settle();
        TestClient juliet = scene.connected("juliet").becomesAvailable();
        juliet.receivesInAnyOrder(
                "<presence type='subscribe' id='{any?}' from='${suitor0}'/>",
                "<presence type='subscribe' id='{any?}' from='${suitor1}'/>",
                "<presence type='subscribe' id='{any?}' from='${suitor2}'/>",
                "<presence type='subscribe' id='{any?}' from='${suitor3}'/>",
                "<presence type='subscribe' id='{any?}' from='${suitor4}'/>");
        juliet.receivesNothing();
    }

    private static TestClient interested(Scene scene, String name) {
        TestClient client = scene.online(name);
        client.asks(RosterProtocolTest.GET);
        return client;
    }

    private static String push(String item) {
        return "<iq type='set' id='{any}' from='{any?}'><query xmlns='jabber:iq:roster' ver='{any?}'>" + item
                + "</query></iq>";
    }
}
