package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(XmppServerExtension.class)
class RosterProtocolTest {
    static final String GET = "<iq type='get'><query xmlns='jabber:iq:roster'/></iq>";

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"2.1.3", "2.1.4", "2.2"})
    void aNewRosterIsEmpty(Scene scene) {
        scene.connected("romeo").asks(GET).is("<query xmlns='jabber:iq:roster' ver='{any?}'/>");
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"2.1.2.1", "2.1.2.3", "2.1.2.4", "2.1.2.5", "2.3.1", "2.3.2", "2.1.5"})
    void anItemIsAddedAndKept(Scene scene) {
        TestClient romeo = scene.connected("romeo");
        romeo.asks(set("<item jid='${juliet}' name='Juliet'><group>Friends</group><group>Capulet</group></item>"))
                .isEmptyResult();
        romeo.asks(GET).is("""
                        <query xmlns='jabber:iq:roster' ver='{any?}'>
                          <item jid='${juliet}' name='Juliet' subscription='none'>
                            <group>Friends</group><group>Capulet</group>
                          </item>
                        </query>""");
        romeo.logsOut();
        Xml roster = scene.connected("romeo").asks(GET).payload();
        assertThat(roster.child("item").attribute("name")).isEqualTo("Juliet");
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"2.1.6", "2.3.2"})
    void interestedClientsHearOfChanges(Scene scene) {
        TestClient orchard = scene.connected("romeo/orchard");
        TestClient garden = scene.connected("romeo/garden");
        TestClient street = scene.online("romeo/street");
        orchard.asks(GET);
        garden.asks(GET);
        orchard.asks(set("<item jid='${juliet}' name='Juliet'/>")).isEmptyResult();
        String push = """
                <iq type='set' id='{any}' from='{any?}'>
                  <query xmlns='jabber:iq:roster' ver='{any?}'>
                    <item jid='${juliet}' name='Juliet' subscription='none'/>
                  </query>
                </iq>""";
        orchard.receives(push);
        Xml received = garden.receivesOne(push);
        assertThat(received.attribute("from")).isIn("", garden.bareJid());
        assertThat(received.attribute("to")).isEqualTo(garden.jid());
        street.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"2.4.1", "2.4.2"})
    void anItemIsChanged(Scene scene) {
        TestClient romeo = scene.connected("romeo");
        romeo.asks(set("<item jid='${juliet}' name='Juliet'><group>Friends</group></item>"))
                .isEmptyResult();
        romeo.asks(set("<item jid='${juliet}' name='My love'><group>Loved</group></item>"))
                .isEmptyResult();
        romeo.asks(GET).is("""
                        <query xmlns='jabber:iq:roster' ver='{any?}'>
                          <item jid='${juliet}' name='My love' subscription='none'><group>Loved</group></item>
                        </query>""");
        romeo.asks(set("<item jid='${juliet}'/>")).isEmptyResult();
        romeo.asks(GET).is("""
                        <query xmlns='jabber:iq:roster' ver='{any?}'>
                          <item jid='${juliet}' subscription='none'/>
                        </query>""");
    }

    @Test
    @Spec(doc = "RFC6121", section = "2.1.2.5")
    @Spec(doc = "RFC6121", section = "2.3.2")
    void aClientDoesNotSetSubscriptions(Scene scene) {
        TestClient romeo = scene.connected("romeo");
        romeo.asks(set("<item jid='${juliet}' subscription='both' ask='subscribe' approved='true'/>"))
                .isEmptyResult();
        romeo.asks(GET)
                .is("<query xmlns='jabber:iq:roster' ver='{any?}'><item jid='${juliet}' subscription='none'/></query>");
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"2.5.1", "2.5.2"})
    void anItemIsRemoved(Scene scene) {
        TestClient romeo = scene.connected("romeo");
        romeo.asks(GET);
        romeo.asks(set("<item jid='${juliet}'/>")).isEmptyResult();
        romeo.awaits("<iq type='set' id='{any}' from='{any?}'>{*}</iq>");
        romeo.asks(set("<item jid='${juliet}' subscription='remove'/>")).isEmptyResult();
        romeo.receives("""
                <iq type='set' id='{any}' from='{any?}'>
                  <query xmlns='jabber:iq:roster' ver='{any?}'><item jid='${juliet}' subscription='remove'/></query>
                </iq>""");
        romeo.asks(GET).is("<query xmlns='jabber:iq:roster' ver='{any?}'/>");
    }

    @Test
    @Spec(doc = "RFC6121", section = "2.5.3")
    void whatIsNotThereCannotBeRemoved(Scene scene) {
        scene.connected("romeo")
                .asks(set("<item jid='${juliet}' subscription='remove'/>"))
                .isError("cancel", "item-not-found");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<item jid='a@b'/><item jid='c@b'/> | modify | bad-request",
                "'' | modify | bad-request",
                "<item/> | modify | bad-request",
                "<item jid='a@b'><group>x</group><group>x</group></item> | modify | bad-request",
                "<item jid='a@b'><group/></item> | modify | not-acceptable",
                "<item jid='@b'/> | modify | jid-malformed",
            })
    @Spec(
            doc = "RFC6121",
            section = {"2.3.3", "2.1.5"})
    void aSetThatIsWrongIsRefusedAndChangesNothing(String items, String type, String condition, Scene scene) {
        TestClient romeo = scene.connected("romeo");
        romeo.asks(set(items)).isError(type, condition);
        romeo.asks(GET).is("<query xmlns='jabber:iq:roster' ver='{any?}'/>");
    }

    @Test
    @Spec(doc = "RFC6121", section = "2.3.3")
    void namesThatAreTooLongAreRefused(Scene scene) {
        TestClient romeo = scene.connected("romeo");
        String tooLong = "x".repeat(20_000);
        romeo.asks(set("<item jid='${juliet}' name='" + tooLong + "'/>")).isError("modify", "not-acceptable");
        romeo.asks(set("<item jid='${juliet}'><group>" + tooLong + "</group></item>"))
                .isError("modify", "not-acceptable");
    }

    @Test
    @Spec(doc = "RFC6121", section = "2.3.3")
    void nobodyChangesAnothersRoster(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = scene.connected("romeo");
        TestClient juliet = scene.connected("juliet");
        juliet.asks(GET);
        romeo.asks("<iq type='set' to='${juliet}'><query xmlns='jabber:iq:roster'><item jid='${romeo}'/></query></iq>")
                .isError("auth", "forbidden");
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "2.2")
    void nobodyReadsAnothersRoster(Scene scene) {
        scene.friends("romeo", "juliet");
        Xml answer = scene.connected("romeo")
                .asks("<iq type='get' to='${juliet}'><query xmlns='jabber:iq:roster'/></iq>")
                .iq();
        assertThat(answer.attribute("type")).isEqualTo("error");
        assertThat(answer.toString()).doesNotContain("<item");
    }

    @Test
    @Spec(doc = "RFC6121", section = "2.1.6")
    void aPushFromSomebodyElseDoesNotComeFromTheServer(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient paris = scene.online("paris");
        paris.sends(
                "<iq type='set' id='p' to='${romeo/tester}'><query xmlns='jabber:iq:roster'><item jid='${paris}'/></query></iq>");
        romeo.receives("""
                <iq type='set' id='p' from='${paris/tester}'>
                  <query xmlns='jabber:iq:roster'><item jid='${paris}'/></query>
                </iq>""");
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"2.6.1", "2.6.2", "2.6.3"})
    @Spec(doc = "XEP-0237", section = "2.4")
    void aClientThatHasTheNewestVersionGetsNothingNew(Scene scene) {
        TestClient romeo = scene.connected("romeo");
        romeo.asks(set("<item jid='${juliet}'/>")).isEmptyResult();
        Xml roster = romeo.asks("<iq type='get'><query xmlns='jabber:iq:roster' ver=''/></iq>")
                .payload();
        String version = roster.attribute("ver");
        assertThat(version).isNotEmpty();
        assertThat(roster.children()).hasSize(1);
        TestClient other = scene.connected("romeo/other");
        other.asks("<iq type='get'><query xmlns='jabber:iq:roster' ver='" + version + "'/></iq>")
                .isEmptyResult();
        other.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "2.6.3")
    void aClientWithAnOldVersionLearnsWhatChanged(Scene scene) {
        TestClient romeo = scene.connected("romeo");
        romeo.asks(set("<item jid='${juliet}'/>")).isEmptyResult();
        romeo.asks(set("<item jid='${tybalt}'/>")).isEmptyResult();
        String version = romeo.asks("<iq type='get'><query xmlns='jabber:iq:roster' ver=''/></iq>")
                .payload()
                .attribute("ver");
        romeo.asks(set("<item jid='${nurse}'/>")).isEmptyResult();
        Xml push = romeo.receivesOne("<iq type='set' id='{any}' from='{any?}'>{*}</iq>");
        assertThat(push.child("query").attribute("ver")).isNotEmpty().isNotEqualTo(version);
        romeo.asks(set("<item jid='${tybalt}' subscription='remove'/>")).isEmptyResult();
        TestClient other = scene.connected("romeo/other");
        Xml answer = other.asks("<iq type='get'><query xmlns='jabber:iq:roster' ver='" + version + "'/></iq>")
                .iq();
        if (answer.children().isEmpty()) {
            String pushed =
                    "<iq type='set' id='{any}' from='{any?}'><query xmlns='jabber:iq:roster' ver='{any}'>%s</query></iq>";
            other.receivesInAnyOrder(
                    pushed.formatted("<item jid='${nurse}' subscription='none'/>"),
                    pushed.formatted("<item jid='${tybalt}' subscription='remove'/>"));
        } else {
            assertThat(answer.child("query").children().stream().map(item -> item.attribute("jid")))
                    .containsExactlyInAnyOrder(scene.jid("juliet"), scene.jid("nurse"));
        }
    }

    @Test
    @Spec(doc = "RFC6121", section = "2.6.3")
    void aClientWithAVersionThatNeverWasGetsEverything(Scene scene) {
        TestClient romeo = scene.connected("romeo");
        romeo.asks(set("<item jid='${juliet}'/>")).isEmptyResult();
        assertThat(romeo.asks("<iq type='get'><query xmlns='jabber:iq:roster' ver='no-such-version'/></iq>")
                        .payload()
                        .children())
                .hasSize(1);
    }

    private static String set(String items) {
        return "<iq type='set'><query xmlns='jabber:iq:roster'>" + items + "</query></iq>";
    }
}
