package im.stanzabus.server.protocol;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.XmppServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rows of RFC 6121 section 8.5 for messages.
@ExtendWith(XmppServerExtension.class)
class MessageDeliveryProtocolTest {
    private static final String BOUNCED = "<message id='m' type='error' from='${juliet}'/>";
    private static final String BOUNCED_BY_RESOURCE = "<message id='m' type='error' from='${juliet/gone}'/>";

    @ParameterizedTest
    @ValueSource(strings = {"normal", "chat", "headline"})
    @Spec(
            doc = "RFC6121",
            section = {"8.5.2.1.1", "5.2.1", "5.2.2"})
    void aMessageToAnAccountReachesItsClient(String type, Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends(message(type, "${juliet}"));
        juliet.receives(received(type, "${juliet}"));
        romeo.receivesNothing();
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "5.2.2")
    void aMessageWithoutTypeIsNormal(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends("<message to='${juliet}' id='m'><body>hi</body></message>");
        juliet.receives("<message from='${romeo/tester}' to='${juliet}' id='m'><body>hi</body></message>");
    }

    @Test
    @Spec(doc = "RFC6121", section = "5.2.2")
    void aMessageOfAnUnknownTypeIsNormal(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends("<message to='${juliet}' id='m' type='serenade'><body>hi</body></message>");
        juliet.receives("<message from='${romeo/tester}' id='m' type='{any?}'><body>hi</body></message>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"normal", "chat", "headline"})
    @Spec(doc = "RFC6121", section = "8.5.2.1.1")
    void aMessageToAnAccountReachesEveryClientThatTakesMessages(String type, Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient balcony = scene.online("juliet/balcony");
        TestClient chamber = scene.online("juliet/chamber");
        TestClient negative = scene.connected("juliet/negative");
        negative.sends("<presence><priority>-1</priority></presence>").forgets();
        TestClient unavailable = scene.connected("juliet/unavailable");
        balcony.forgets();
        chamber.forgets();
        romeo.sends(message(type, "${juliet}"));
        balcony.receives(received(type, "${juliet}"));
        chamber.receives(received(type, "${juliet}"));
        negative.receivesNothing();
        unavailable.receivesNothing();
        romeo.receivesNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"normal", "chat"})
    @Spec(
            doc = "RFC6121",
            section = {"8.5.2.2.1", "8.5.2.1.1"})
    void aMessageWaitsForAClientThatTakesMessages(String type, Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient negative = scene.connected("juliet/negative");
        negative.sends("<presence><priority>-1</priority></presence>").forgets();
        romeo.sends(message(type, "${juliet}"));
        negative.receivesNothing();
        romeo.receivesNothing();
        negative.sends("<presence><priority>0</priority></presence>");
        negative.awaits("<message from='${romeo/tester}' to='${juliet}' type='" + expected(type)
                + "' id='m'><body>hi</body><delay xmlns='urn:xmpp:delay' from='{any?}' stamp='{any}'/></message>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"headline", "error"})
    @Spec(doc = "RFC6121", section = "8.5.2.2.1")
    void whatIsOnlyForNowIsNotKept(String type, Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        romeo.sends(message(type, "${juliet}"));
        romeo.receivesNothing();
        scene.online("juliet").receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"8.5.2.1.1", "8.5.2.2.1"})
    void anAccountIsNoRoom(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends(message("groupchat", "${juliet}"));
        romeo.receivesError(BOUNCED, "cancel", "service-unavailable");
        juliet.receivesNothing();
        juliet.logsOut();
        romeo.sends(message("groupchat", "${juliet}"));
        romeo.receivesError(BOUNCED, "cancel", "service-unavailable");
    }

    @Test
    @Spec(doc = "RFC6121", section = "8.5.2.1.1")
    void anErrorToAnAccountIsIgnored(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends("""
                <message to='${juliet}' type='error' id='m'>
                  <error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>
                </message>""");
        juliet.receivesNothing();
        romeo.receivesNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"normal", "chat", "headline", "groupchat", "error"})
    @Spec(doc = "RFC6121", section = "8.5.3.1")
    void aMessageToAResourceReachesThatOneOnly(String type, Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient balcony = scene.online("juliet/balcony");
        TestClient chamber = scene.online("juliet/chamber");
        romeo.sends(message(type, "${juliet/chamber}"));
        chamber.receives(received(type, "${juliet/chamber}"));
        balcony.receivesNothing();
        romeo.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "8.5.3.1")
    void aResourceIsReachedWhateverItsPriority(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient negative = scene.connected("juliet/negative");
        negative.sends("<presence><priority>-1</priority></presence>").forgets();
        romeo.sends(message("chat", "${juliet/negative}"));
        negative.receives(received("chat", "${juliet/negative}"));
    }

    @Test
    @Spec(doc = "RFC6121", section = "8.5.3.1")
    void aResourceIsReachedWithoutPresence(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient quiet = scene.connected("juliet/quiet");
        romeo.sends(message("chat", "${juliet/quiet}"));
        quiet.receives(received("chat", "${juliet/quiet}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"normal", "groupchat"})
    @Spec(doc = "RFC6121", section = "8.5.3.2.1")
    void aMessageToAResourceThatIsGoneIsNotHandedToOthers(String type, Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends(message(type, "${juliet/gone}"));
        romeo.receivesError(BOUNCED_BY_RESOURCE, "cancel", "service-unavailable");
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "8.5.3.2.1")
    void aHeadlineToAResourceThatIsGoneIsIgnored(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends(message("headline", "${juliet/gone}"));
        romeo.receivesNothing();
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "8.5.3.2.1")
    void aChatToAResourceThatIsGoneReachesTheOthers(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends(message("chat", "${juliet/gone}"));
        juliet.receives(received("chat", "${juliet/gone}"));
        romeo.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "8.5.3.2.1")
    void aChatToAResourceThatIsGoneWaitsForAnother(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        romeo.sends(message("chat", "${juliet/gone}"));
        romeo.receivesNothing();
        TestClient juliet = scene.connected("juliet");
        juliet.becomesAvailable();
        juliet.awaits("<message from='${romeo/tester}' type='chat' id='m'>{*}<body>hi</body></message>");
    }

    @Test
    @Spec(doc = "RFC6121", section = "8.5.3.2.1")
    void anErrorToAResourceThatIsGoneIsIgnored(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends(message("error", "${juliet/gone}"));
        romeo.receivesNothing();
        juliet.receivesNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"normal", "chat", "groupchat"})
    @Spec(doc = "RFC6121", section = "8.5.1")
    void nobodyCannotBeReached(String type, Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.sends(message(type, "${nobody}"));
        romeo.receivesError("<message id='m' type='error' from='${nobody}'/>", "cancel", "service-unavailable");
        romeo.sends(message(type, "${nobody/nowhere}"));
        romeo.receivesError("<message id='m' type='error' from='${nobody/nowhere}'/>", "cancel", "service-unavailable");
    }

    @Test
    @Spec(doc = "RFC6121", section = "8.5.1")
    @Spec(doc = "RFC6120", section = "8.3.1")
    void anErrorIsNeverAnsweredWithAnError(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.sends(message("error", "${nobody}"));
        romeo.sends(message("error", "${nobody/nowhere}"));
        romeo.sends(message("error", "${host}"));
        romeo.sends("<iq type='error' id='i' to='${nobody}'/><iq type='error' id='j' to='${romeo/gone}'/>");
        romeo.sends("<presence type='error' to='${nobody}'/>");
        romeo.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "8.2")
    @Spec(doc = "RFC6120", section = "10.3.1")
    void aMessageToNobodyInParticularIsForTheAccountItself(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.sends("<message id='m' type='chat'><body>note to self</body></message>");
        romeo.receives("<message from='${romeo/tester}' id='m' type='chat'><body>note to self</body></message>");
    }

    @Test
    @Spec(doc = "RFC6120", section = "10.1")
    void stanzasKeepTheirOrder(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        StringBuilder burst = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            burst.append("<message to='${juliet")
                    .append(i % 3 == 0 ? "" : "/tester")
                    .append("}' type='chat' id='o")
                    .append(i)
                    .append("'><body>")
                    .append(i)
                    .append("</body></message>");
        }
        romeo.sends(burst.toString());
        for (int i = 0; i < 100; i++) {
            juliet.receives(
                    "<message from='${romeo/tester}' type='chat' id='o" + i + "'><body>" + i + "</body></message>");
        }
    }

    @Test
    @Spec(doc = "RFC6120", section = "10.4")
    void otherServersAreNotReached(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.sends("<message to='juliet@montague.invalid' id='m' type='chat'><body>hi</body></message>");
        romeo.receivesError(
                "<message id='m' type='error' from='juliet@montague.invalid'/>", "cancel", "remote-server-not-found");
    }

    private static String message(String type, String to) {
        return "<message to='" + to + "' type='" + type + "' id='m'><body>hi</body></message>";
    }

    private static String received(String type, String to) {
        return "<message from='${romeo/tester}' to='" + to + "' type='" + expected(type)
                + "' id='m'><body>hi</body></message>";
    }

    /// `normal` is what a message is without a type (RFC 6121 section 5.2.2), so that it may be left out.
    private static String expected(String type) {
        return type.equals("normal") ? "{any?}" : type;
    }
}
