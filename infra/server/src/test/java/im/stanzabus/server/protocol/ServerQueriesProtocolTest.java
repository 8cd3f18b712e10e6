package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What a client asks a server on the first day.
@ExtendWith(XmppServerExtension.class)
class ServerQueriesProtocolTest {

    @Test
    @Spec(doc = "XEP-0199", section = "4.2")
    void pingsAreAnswered(Scene scene) {
        TestClient romeo = scene.connected("romeo");
        romeo.asks("<iq type='get' to='${host}'><ping xmlns='urn:xmpp:ping'/></iq>")
                .isEmptyResult();
        romeo.asks("<iq type='get' to='${romeo}'><ping xmlns='urn:xmpp:ping'/></iq>")
                .isEmptyResult();
        romeo.asks("<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>").isEmptyResult();
    }

    @Test
    @Spec(doc = "XEP-0199", section = "4.4")
    void clientsPingEachOther(Scene scene) {
        TestClient romeo = scene.connected("romeo");
        TestClient juliet = scene.connected("juliet");
        romeo.sends("<iq type='get' id='p' to='${juliet/tester}'><ping xmlns='urn:xmpp:ping'/></iq>");
        juliet.receives("<iq type='get' id='p' from='${romeo/tester}'><ping xmlns='urn:xmpp:ping'/></iq>");
        juliet.sends("<iq type='result' id='p' to='${romeo/tester}'/>");
        romeo.receives("<iq type='result' id='p' from='${juliet/tester}'/>");
    }

    @Test
    @Spec(doc = "XEP-0092", section = "2")
    void theServerHasAVersion(Scene scene) {
        Xml version = scene.connected("romeo")
                .asks("<iq type='get' to='${host}'><query xmlns='jabber:iq:version'/></iq>")
                .payload();
        assertThat(version.child("name").text()).isEqualTo("Stanzabus");
        assertThat(version.child("version").text()).isNotEmpty();
        assertThat(version.hasChild("os", "jabber:iq:version")).isFalse();
    }

    @Test
    @Spec(doc = "XEP-0202", section = "2")
    @Spec(doc = "XEP-0082", section = "3.2")
    void theServerHasATime(Scene scene) {
        Xml time = scene.connected("romeo")
                .asks("<iq type='get' to='${host}'><time xmlns='urn:xmpp:time'/></iq>")
                .payload();
        assertThat(time.child("utc").text()).endsWith("Z");
        assertThat(Instant.parse(time.child("utc").text()))
                .isBetween(
                        Instant.now().minus(Duration.ofMinutes(1)),
                        Instant.now().plusSeconds(1));
        assertThat(time.child("tzo").text()).matches("Z|[+-]\\d\\d:\\d\\d");
    }

    @Test
    @Spec(doc = "XEP-0012", section = "5")
    void theServerSaysHowLongItRuns(Scene scene) {
        Xml last = scene.connected("romeo")
                .asks("<iq type='get' to='${host}'><query xmlns='jabber:iq:last'/></iq>")
                .payload();
        assertThat(Long.parseLong(last.attribute("seconds"))).isBetween(0L, 3_600L);
    }

    @Test
    @Spec(
            doc = "XEP-0012",
            section = {"3", "8"})
    void friendsLearnWhenSomebodyWasThere(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient juliet = scene.online("juliet");
        TestClient romeo = scene.online("romeo");
        String ask = "<iq type='get' to='${juliet}'><query xmlns='jabber:iq:last'/></iq>";
        romeo.asks(ask).is("<query xmlns='jabber:iq:last' seconds='0'/>");
        juliet.sends("<presence type='unavailable'><status>Gone to bed</status></presence>");
        romeo.awaits("<presence type='unavailable' from='${juliet/tester}'>{*}</presence>");
        juliet.logsOut();
        Xml last = romeo.asks(ask).payload();
        assertThat(Long.parseLong(last.attribute("seconds"))).isBetween(0L, 60L);
        assertThat(last.text()).isIn("", "Gone to bed");
    }

    @Test
    @Spec(doc = "XEP-0012", section = "8")
    void strangersDoNotLearnWhenSomebodyWasThere(Scene scene) {
        scene.account("juliet");
        TestClient tybalt = scene.connected("tybalt");
        String stranger = error(tybalt.asks("<iq type='get' id='1' to='${juliet}'><query xmlns='jabber:iq:last'/></iq>")
                .iq());
        String nobody = error(tybalt.asks("<iq type='get' id='2' to='${nobody}'><query xmlns='jabber:iq:last'/></iq>")
                .iq());
        assertThat(stranger).isEqualTo(nobody);
    }

    private static String error(Xml iq) {
        return iq.child("error").toString();
    }

    @Test
    @Spec(
            doc = "XEP-0049",
            section = {"2.2", "2.3"})
    void privateXmlIsKept(Scene scene) {
        TestClient romeo = scene.connected("romeo");
        String get = "<iq type='get'><query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'/></query></iq>";
        romeo.asks(get).is("<query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'/></query>");
        romeo.asks(
                        "<iq type='set'><query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'><defaultnick>Hamlet</defaultnick></exodus></query></iq>")
                .isEmptyResult();
        romeo.asks("<iq type='set'><query xmlns='jabber:iq:private'><other xmlns='urn:o'/></query></iq>")
                .isEmptyResult();
        romeo.logsOut();
        scene.connected("romeo/again")
                .asks(get)
                .is(
                        "<query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'><defaultnick>Hamlet</defaultnick></exodus></query>");
    }

    @Test
    @Spec(
            doc = "XEP-0049",
            section = {"3", "4"})
    void privateXmlIsPrivate(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = scene.connected("romeo");
        for (String type : new String[] {"get", "set"}) {
            Xml answer = romeo.asks(
                            "<iq type='" + type
                                    + "' to='${juliet}'><query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'/></query></iq>")
                    .iq();
            assertThat(answer.attribute("type")).isEqualTo("error");
        }
    }

    @Test
    @Spec(
            doc = "XEP-0049",
            section = {"2.3", "3"})
    void privateXmlNeedsAName(Scene scene) {
        TestClient romeo = scene.connected("romeo");
        romeo.asks("<iq type='get'><query xmlns='jabber:iq:private'/></iq>").isError("modify", "bad-request");
        romeo.asks("<iq type='set'><query xmlns='jabber:iq:private'/></iq>").isError("modify", "not-acceptable");
    }

    @Test
    @Spec(
            doc = "XEP-0054",
            section = {"3.1", "3.2", "3.3"})
    void aCardIsKeptAndShown(Scene scene) {
        TestClient romeo = scene.connected("romeo");
        romeo.asks("<iq type='get'><vCard xmlns='vcard-temp'/></iq>").isError("cancel", "item-not-found");
        String card = "<vCard xmlns='vcard-temp'><FN>Romeo Montague</FN><NICKNAME>R</NICKNAME></vCard>";
        romeo.asks("<iq type='set'>" + card + "</iq>").isEmptyResult();
        romeo.asks("<iq type='get'><vCard xmlns='vcard-temp'/></iq>").is(card);
        romeo.asks("<iq type='get' to='${romeo}'><vCard xmlns='vcard-temp'/></iq>")
                .is(card);
        scene.friends("romeo", "juliet");
        TestClient juliet = scene.connected("juliet");
        juliet.asks("<iq type='get' to='${romeo}'><vCard xmlns='vcard-temp'/></iq>")
                .is(card);
    }

    @Test
    @Spec(doc = "XEP-0054", section = "3.2")
    void nobodyWritesAnothersCard(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = scene.connected("romeo");
        Xml answer = romeo.asks("<iq type='set' to='${juliet}'><vCard xmlns='vcard-temp'><FN>J</FN></vCard></iq>")
                .iq();
        assertThat(answer.attribute("type")).isEqualTo("error");
        scene.connected("juliet")
                .asks("<iq type='get'><vCard xmlns='vcard-temp'/></iq>")
                .isError("cancel", "item-not-found");
    }

    @Test
    @Spec(doc = "RFC3921", section = "3")
    void oldClientsMayEstablishASession(Scene scene) {
        scene.connected("romeo")
                .asks("<iq type='set'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>")
                .isEmptyResult();
    }
}
