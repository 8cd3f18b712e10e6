package im.stanzabus.server.federation;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestCertificates.Issued;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.peer.Couple;
import im.stanzabus.testkit.peer.PeerServer;
import im.stanzabus.testkit.peer.PeerSettings;
import im.stanzabus.testkit.peer.PeerSettings.Proof;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Domains that cannot be reached, or that do not prove who they are: Romeo is told why his
/// stanza came back.
@Timeout(180)
class RefusedFederationTest {
    private static final int NOBODY_LISTENS = 1;
    private static final Duration SECONDS = Duration.ofSeconds(10);
    private static final Duration CONNECTING = Duration.ofSeconds(60);

    private static FederatedServer here;

    private Scene scene;
    private TestClient romeo;

    @BeforeAll
    static void open() throws IOException {
        here = FederatedServer.start("refused");
    }

    @AfterAll
    static void close() {
        here.close();
    }

    @BeforeEach
    void enter() {
        scene = Scene.across(here.server());
        romeo = scene.online("romeo/orchard");
    }

    @AfterEach
    void leave() {
        scene.close();
    }

    private String messageComesBack(String domain, Duration limit) {
        romeo.sends("<message type='chat' id='m' to='juliet@" + domain + "'><body>Hello?</body></message>");
        return Couple.condition(
                romeo.awaits("<message type='error' id='m' from='juliet@" + domain + "'>{*}</message>", limit));
    }

    private String requestComesBack(String domain, Duration limit) {
        romeo.sends("<iq type='get' id='q' to='" + domain + "'><ping xmlns='urn:xmpp:ping'/></iq>");
        Xml answer = romeo.awaits("<iq type='error' id='q' from='" + domain + "'>{*}</iq>", limit);
        return Couple.condition(answer);
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"8.3.3.16", "10.4"})
    void aDomainThatDoesNotExistIsNotFound() {
        assertThat(messageComesBack("nowhere.example", SECONDS)).isEqualTo("remote-server-not-found");
        assertThat(requestComesBack("nowhere.example", SECONDS)).isEqualTo("remote-server-not-found");
    }

    @Test
    @Spec(doc = "RFC6120", section = "3.2.1")
    void aDomainThatOffersNoServiceIsNotFound() {
        here.network().dns().service("_xmpp-server._tcp.silent.example", 0, 0, 0, ".");
        here.network().dns().service("_xmpps-server._tcp.silent.example", 0, 0, 0, ".");
        assertThat(messageComesBack("silent.example", SECONDS)).isEqualTo("remote-server-not-found");
    }

    @Test
    @Spec(doc = "RFC6120", section = "8.3.3.17")
    void aServerThatIsDownTimesOut() {
        here.network().publish("closed.example", NOBODY_LISTENS);
        assertThat(messageComesBack("closed.example", CONNECTING)).isEqualTo("remote-server-timeout");
        assertThat(requestComesBack("closed.example", CONNECTING)).isEqualTo("remote-server-timeout");
    }

    @Test
    @Spec(doc = "RFC6120", section = "8.3.3.17")
    void aServerThatDoesNotAnswerTimesOut() throws Exception {
        try (PeerServer prosody = here.network().prosody(PeerSettings.of("frozen.example", Proof.EITHER))) {
            prosody.freeze();
            assertThat(messageComesBack("frozen.example", CONNECTING)).isEqualTo("remote-server-timeout");
        }
    }

    /// Where a certificate is required. Each at a domain of its own, for our server does not go back at once to where
    /// it just
    /// failed.
    @Test
    @Spec(doc = "XEP-0178", section = "3")
    @Spec(
            doc = "RFC9525",
            section = {"6.3", "6.6"})
    void aWrongCertificateProvesNothing() throws Exception {
        int number = 0;
        for (String why : here.network().wrongCertificates("any.example").keySet()) {
            String domain = "capulet-" + ++number + ".strict.example";
            Issued wrong = here.network().wrongCertificates(domain).get(why);
            PeerSettings settings = PeerSettings.of(domain, Proof.CERTIFICATE).showing(wrong);
            try (PeerServer prosody = here.network().prosody(settings);
                    Couple couple = new Couple(here.server(), prosody)) {
                String to = couple.romeo().jid();
                assertThat(couple.isTurnedAway(couple.juliet(), to)).as(why).startsWith("remote-server-");
                String there = couple.juliet().jid();
                assertThat(couple.isTurnedAway(couple.romeo(), there)).as(why).isEqualTo("remote-server-timeout");
            }
        }
    }
}
