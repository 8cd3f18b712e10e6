package im.stanzabus.example.dice;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.ServerSettings;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.XmppServerExtension;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The configuration sends domains to the service that it has not announced, and its own elsewhere.
@ExtendWith(XmppServerExtension.class)
@ServerSettings("""
        dice-service:
          domain: Dice.Localhost
        routes:
          - domains: '(old|older)\\.dice\\.example'
            service: dice.localhost
          - domains: 'dice\\.localhost'
            to: remote
        """)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RoutedDomainTest {
    private static final String ROLL = "<message to='%s' type='chat' id='m'><body>roll 3d1</body></message>";

    @Test
    void whoWritesThereIsAnsweredFromThere(Scene scene) {
        TestClient romeo = scene.online("romeo").enableStreamManagement();
        for (String domain : new String[] {"old.dice.example", "older.dice.example"}) {
            romeo.sends(ROLL.formatted(domain));
            romeo.receives("<message from='" + domain + "' type='chat'><body>3d1: 3</body></message>");
            romeo.asks("<iq type='get' to='" + domain + "'><ping xmlns='urn:xmpp:ping'/></iq>")
                    .isEmptyResult();
        }
        romeo.awaitsAck(4);
    }

    /// The gateway to other servers gets it, which may reach none here.
    @Test
    void aRouteCountsMoreThanWhatServicesAnnounce(Scene scene) {
        TestClient romeo = scene.online("romeo");

        romeo.sends(ROLL.formatted("dice.localhost"));

        romeo.receivesError(
                "<message type='error' id='m' from='dice.localhost'/>", "cancel", "remote-server-not-found");
    }
}
