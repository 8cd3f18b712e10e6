package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(XmppServerExtension.class)
class StreamManagementProtocolTest {
    private static final String NS = "urn:xmpp:sm:3";
    private static final String STANZA_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas";
    private static final String STREAM_ERRORS = "urn:ietf:params:xml:ns:xmpp-streams";

    private static String message(String to, String body) {
        return "<message to='" + to + "' type='chat' id='" + body + "'><body>" + body + "</body></message>";
    }

    private static String received(String from, String body) {
        return "<message from='" + from + "' type='chat' id='" + body + "'><body>" + body + "</body>{*}</message>";
    }

    private static void failed(Xml answer, String condition) {
        assertThat(answer.is("failed", NS)).as(answer.toString()).isTrue();
        assertThat(answer.hasChild(condition, STANZA_ERRORS))
                .as(answer.toString())
                .isTrue();
    }

    @Test
    @Spec(doc = "XEP-0198", section = "2")
    void itIsOfferedToWhoHasLoggedIn(Scene scene) {
        TestStream stream = scene.stranger();
        scene.account("romeo");
        Xml features = stream.login(scene.user("romeo"), TestServer.PASSWORD);
        assertThat(features.hasChild("sm", NS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"<enable xmlns='urn:xmpp:sm:3'/>", "<resume xmlns='urn:xmpp:sm:3' previd='x' h='0'/>"})
    @Spec(
            doc = "XEP-0198",
            section = {"3", "6", "10"})
    void nothingIsPossibleBeforeLogin(String element, Scene scene) {
        TestStream stranger = scene.stranger();
        stranger.connection().send(element);
        failed(stranger.connection().element(), "unexpected-request");
    }

    @Test
    @Spec(
            doc = "XEP-0198",
            section = {"3", "6"})
    void itIsEnabledAfterAResourceIsBound(Scene scene) {
        TestStream stream = scene.loggedIn(scene.account("romeo"));
        stream.connection().send("<enable xmlns='urn:xmpp:sm:3'/>");
        failed(stream.connection().element(), "unexpected-request");
        stream.bind("orchard");
        stream.connection().send("<enable xmlns='urn:xmpp:sm:3'/>");
        Xml enabled = stream.connection().element();
        assertThat(enabled.is("enabled", NS)).as(enabled.toString()).isTrue();
        assertThat(enabled.attribute("resume")).isIn("", "false", "0");
    }

    @Test
    @Spec(
            doc = "XEP-0198",
            section = {"3", "5"})
    void aResumableStreamHasAnId(Scene scene) {
        TestClient romeo = scene.online("romeo/orchard");
        TestClient juliet = scene.online("juliet/balcony");
        Xml enabled = romeo.enableStreamManagement("resume='1' max='60'");
        assertThat(enabled.attribute("resume")).isIn("true", "1");
        assertThat(enabled.attribute("max")).isEqualTo("60");
        assertThat(enabled.attribute("id")).isNotEmpty().hasSizeLessThan(4_000);
        juliet.enableStreamManagement();
        assertThat(juliet.streamManagementId()).isNotEmpty().isNotEqualTo(romeo.streamManagementId());
    }

    @Test
    @Spec(doc = "XEP-0198", section = "3")
    void whoEnablesItTwiceLosesTheStream(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.enableStreamManagement();
        romeo.sendsRaw("<enable xmlns='urn:xmpp:sm:3'/>");
        failed(romeo.awaitsElement("failed"), "unexpected-request");
        romeo.failsWith("policy-violation");
    }

    @Test
    @Spec(
            doc = "XEP-0198",
            section = {"4", "8.1"})
    void theServerCountsWhatItHasHandled(Scene scene) {
        scene.account("nurse");
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.enableStreamManagement();
        assertThat(romeo.asksForAck()).isZero();
        romeo.sends(message("${juliet}", "live")).sends(message("${nurse}", "offline"));
        romeo.awaitsAck(2);
        juliet.receives(received("${romeo/tester}", "live"));
        romeo.asks("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>").payload();
        romeo.sends("<presence><show>away</show></presence>")
                .sends("<iq type='set' id='s'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>")
                .sends("<presence type='nonsense' id='p'/>");
        romeo.awaitsAck(6);
        assertThat(romeo.asksForAck()).isEqualTo(6);
    }

    @Test
    @Spec(
            doc = "XEP-0198",
            section = {"4", "8.2"})
    void manyStanzasAreAcknowledgedAtOnce(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.enableStreamManagement();
        for (int i = 1; i <= 200; i++) {
            romeo.sends(message("${juliet}", "m" + i));
        }
        romeo.awaitsAck(200);
        for (int i = 1; i <= 200; i++) {
            juliet.receives(received("${romeo/tester}", "m" + i));
        }
    }

    /// The server's requests come by themselves, and its answers are counted by the client as well.
    @Test
    @Spec(doc = "XEP-0198", section = "4")
    void bothSidesAgreeOnWhatTheClientHas(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        juliet.enableStreamManagement();
        for (int i = 1; i <= 50; i++) {
            romeo.sends(message("${juliet}", "m" + i));
        }
        for (int i = 1; i <= 50; i++) {
            juliet.receives(received("${romeo/tester}", "m" + i));
        }
        juliet.asks("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>").payload();
        assertThat(juliet.received()).isEqualTo(51);
        juliet.acknowledges().receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0198", section = "6")
    void whatWasNotSentCannotBeAcknowledged(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.enableStreamManagement();
        romeo.sendsRaw("<a xmlns='urn:xmpp:sm:3' h='10'/>");
        Xml error = romeo.nextStanza("a stream error");
        assertThat(error.hasChild("undefined-condition", STREAM_ERRORS)).isTrue();
        Xml detail = error.child("handled-count-too-high");
        assertThat(detail.attribute("h")).isEqualTo("10");
        assertThat(detail.attribute("send-count")).isEqualTo("0");
        romeo.stream().endsInGoodOrder();
    }

    @Test
    @Spec(doc = "XEP-0198", section = "5")
    void whatTheClientMissedFollowsInOrderAndOnce(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        juliet.enableStreamManagement();
        romeo.sends(message("${juliet}", "before"));
        juliet.receives(received("${romeo/tester}", "before"));
        juliet.drops();
        for (int i = 1; i <= 20; i++) {
            romeo.sends(message("${juliet}", "m" + i));
        }
        // nobody hears that she is away
        romeo.receivesNothing();
        juliet.resumes();
        for (int i = 1; i <= 20; i++) {
            juliet.receives(received("${romeo/tester}", "m" + i));
        }
        romeo.receivesNothing();
        juliet.receivesNothing();
        romeo.sends(message("${juliet/tester}", "after"));
        juliet.receives(received("${romeo/tester}", "after"));
    }

    @Test
    @Spec(doc = "XEP-0198", section = "5")
    void theCountsGoOnAfterResumption(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.enableStreamManagement();
        romeo.sends(message("${juliet}", "one")).awaitsAck(1);
        romeo.drops();
        Xml resumed = romeo.triesToResume();
        assertThat(resumed.is("resumed", NS)).as(resumed.toString()).isTrue();
        assertThat(resumed.attribute("h")).isEqualTo("1");
        assertThat(resumed.attribute("previd")).isEqualTo(romeo.streamManagementId());
        romeo.sends(message("${juliet}", "two"));
        romeo.awaitsAck(2);
        juliet.receives(received("${romeo/tester}", "one")).receives(received("${romeo/tester}", "two"));
    }

    @Test
    @Spec(doc = "XEP-0198", section = "5")
    void theOldConnectionIsClosedIfItLivesStill(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.enableStreamManagement();
        Connection old = romeo.stream().connection();
        TestStream again = scene.loggedIn(romeo.bareJid());
        again.connection()
                .send("<resume xmlns='urn:xmpp:sm:3' previd='" + romeo.streamManagementId() + "' h='" + romeo.received()
                        + "'/>");
        assertThat(again.connection().element().is("resumed", NS)).isTrue();
        Xml error = old.element();
        while (error.namespace().equals(NS)) {
            error = old.element();
        }
        assertThat(error.hasChild("conflict", STREAM_ERRORS))
                .as(error.toString())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"romeo", "juliet"})
    @Spec(
            doc = "XEP-0198",
            section = {"5", "6", "10"})
    void whatIsUnknownOrSomebodyElsesCannotBeResumed(String user, Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.enableStreamManagement();
        String id = user.equals("juliet") ? romeo.streamManagementId() : "unknown";
        TestStream other = scene.loggedIn(scene.account(user));
        other.connection().send("<resume xmlns='urn:xmpp:sm:3' previd='" + id + "' h='0'/>");
        Xml answer = other.connection().element();
        failed(answer, "item-not-found");
        assertThat(answer.attribute("h")).isEmpty();
        other.bind("elsewhere");
        romeo.receivesNothing();
    }

    @Test
    @Spec(
            doc = "XEP-0198",
            section = {"5", "7"})
    void aStreamThatWasEndedInGoodOrderIsOver(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        juliet.enableStreamManagement();
        juliet.logsOut();
        romeo.awaits("<presence type='unavailable' from='${juliet/tester}'>{*}</presence>");
        failed(juliet.triesToResume(), "item-not-found");
    }

    @Test
    @Spec(
            doc = "XEP-0198",
            section = {"4", "5", "7"})
    @Spec(doc = "XEP-0203", section = "2")
    void whatNobodyResumesForIsKeptForTheNextLogin(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        juliet.enableStreamManagement("resume='true' max='1'");
        juliet.sends(message("${romeo}", "zero")).awaitsAck(1);
        romeo.receives(received("${juliet/tester}", "zero"));
        juliet.drops();
        Instant sent = Instant.now().minusSeconds(1); // stamps may be of whole seconds
        romeo.sends(message("${juliet}", "one")).sends(message("${juliet}", "two"));
        romeo.awaits("<presence type='unavailable' from='${juliet/tester}'>{*}</presence>");
        Instant lost = Instant.now();
        TestClient again = scene.connected("juliet/chamber");
        again.sends("<presence/>");
        for (String body : new String[] {"one", "two"}) {
            Xml delay = again.awaits(received("${romeo/tester}", body)).child("delay");
            assertThat(delay.is("delay", "urn:xmpp:delay")).as(delay.toString()).isTrue();
            assertThat(Instant.parse(delay.attribute("stamp"))).isBetween(sent, lost);
        }
        Xml tooLate = juliet.triesToResume();
        failed(tooLate, "item-not-found");
        assertThat(tooLate.attribute("h")).as("what she need not send again").isEqualTo("1");
    }

    @Test
    @Spec(doc = "XEP-0198", section = "4")
    void withoutResumptionWhatIsNotAcknowledgedGoesToAnotherClient(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet/balcony");
        juliet.enableStreamManagement("");
        juliet.acknowledgesNothing();
        romeo.sends(message("${juliet/balcony}", "one"));
        juliet.awaits(received("${romeo/tester}", "one"));
        juliet.drops();
        TestClient chamber = scene.connected("juliet/chamber");
        chamber.sends("<presence/>");
        chamber.awaits(received("${romeo/tester}", "one"));
    }
}
