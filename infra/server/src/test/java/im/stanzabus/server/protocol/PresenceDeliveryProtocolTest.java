package im.stanzabus.server.protocol;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.XmppServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rows of RFC 6121 section 8.5 for presence.
@ExtendWith(XmppServerExtension.class)
class PresenceDeliveryProtocolTest {

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"8.5.3.1", "8.5.2.1.2"})
    void presenceToAResourceReachesThatOneOnly(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient balcony = scene.online("juliet/balcony");
        TestClient chamber = scene.online("juliet/chamber");
        romeo.sends("<presence to='${juliet/chamber}'/>");
        chamber.receives("<presence from='${romeo/tester}' to='${juliet/chamber}'/>");
        romeo.sends("<presence type='unavailable' to='${juliet/chamber}'/>");
        chamber.receives("<presence type='unavailable' from='${romeo/tester}' to='${juliet/chamber}'/>");
        balcony.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"8.5.3.2.2", "8.5.2.2.2", "8.5.1"})
    void presenceForWhoIsNotThereIsIgnored(Scene scene) {
        scene.account("tybalt");
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        for (String type : new String[] {"", " type='unavailable'"}) {
            for (String to :
                    new String[] {"${juliet/gone}", "${tybalt}", "${tybalt/gone}", "${nobody}", "${nobody/x}"}) {
                romeo.sends("<presence to='" + to + "'" + type + "/>");
            }
        }
        romeo.receivesNothing();
        juliet.receivesNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"subscribe", "subscribed", "unsubscribe", "unsubscribed", "probe"})
    @Spec(doc = "RFC6121", section = "8.5.1")
    void nobodyHasNoSubscriptions(String type, Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.sends("<presence type='" + type + "' to='${nobody}'/>");
        romeo.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6121", section = "8.5.3.1")
    void aPresenceErrorIsDelivered(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        String error = "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
        romeo.sends("<presence type='error' id='e' to='${juliet/tester}'>" + error + "</presence>");
        juliet.receives("<presence type='error' id='e' from='${romeo/tester}'>" + error + "</presence>");
    }
}
