package im.stanzabus.server.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import im.stanzabus.s2s.policy.PublicKeyPin;
import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestCertificates;
import im.stanzabus.testkit.TestCertificates.Issued;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TlsClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.peer.Couple;
import im.stanzabus.testkit.peer.PeerServer;
import im.stanzabus.testkit.peer.PeerSettings;
import im.stanzabus.testkit.peer.PeerSettings.Proof;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/// Domains that cannot be reached, or that do not prove who they are: Romeo is told why his
/// stanza came back.
@Timeout(180)
class RefusedFederationTest {
    private static final int NOBODY_LISTENS = 1;
    private static final Duration SECONDS = Duration.ofSeconds(10);
    private static final Duration CONNECTING = Duration.ofSeconds(60);

    private static final Logger S2S = (Logger) LoggerFactory.getLogger("im.stanzabus.s2s");
    /// What is wrong with certificates, and how our server says it.
    private static final Map<String, String> WRONG = Map.of(
            "expired", "it has expired on ",
            "not yet valid", "it is not valid before ",
            "another host's", "it is for another.example",
            "self-signed", "it is self-signed",
            "a stranger's", "its issuer CN=Nobody is not trusted");

    private static final String PROSODY_SAYS = "remote-server-timeout";
    private static final String EJABBERD_SAYS = "remote-server-timeout";
    private static final Issued PINNED = new TestCertificates("Nobody")
            .forHost("pinned.example")
            .selfSigned()
            .issue();

    private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();
    private static FederatedServer here;

    private Scene scene;
    private TestClient romeo;

    @BeforeAll
    static void open() throws IOException {
        here = FederatedServer.start(
                "refused",
                "policies:",
                "  - {domain: '*.strict.example', authentication: certificate}",
                "  - {domain: blocked.example, blocked: true}",
                "  - {domain: pinned.example, authentication: pinned, pins: [" + pin(PINNED) + "]}",
                "  - {domain: mispinned.example, authentication: pinned, pins: [" + pin(PINNED) + "]}");
        LOG.setContext(S2S.getLoggerContext());
        S2S.setLevel(Level.INFO);
        S2S.setAdditive(false);
        S2S.addAppender(LOG);
        LOG.start();
    }

    @AfterAll
    static void close() {
        S2S.detachAppender(LOG);
        S2S.setAdditive(true);
        here.close();
    }

    private static String pin(Issued issued) {
        return PublicKeyPin.of(issued.certificate().getPublicKey()).hex();
    }

    /// Our server says why it gives up.
    private static void weLog(String domain, String reason) {
        String start = "no stream to " + domain + " for the next ";
        await(domain + ": " + reason).atMost(SECONDS).until(() -> {
            synchronized (LOG) {
                return LOG.list.stream()
                        .map(ILoggingEvent::getFormattedMessage)
                        .anyMatch(line -> line.startsWith(start) && line.contains(reason));
            }
        });
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

    @Test
    void withoutTlsNothingIsSaid() throws Exception {
        try (ScriptedServer plain = new ScriptedServer("plain.example")) {
            here.network().publish("plain.example", plain.port());
            assertThat(messageComesBack("plain.example", SECONDS)).isEqualTo("remote-server-timeout");
            assertThat(String.join("", plain.heard))
                    .contains("<stream:stream")
                    .doesNotContain("<db:result", "<db:verify", "<message");
            weLog("plain.example", "there is no TLS");
        }
    }

    @Test
    void aBlockedDomainIsNotEvenLookedFor() throws Exception {
        try (ScriptedServer blocked = new ScriptedServer("blocked.example")) {
            here.network().publish("blocked.example", blocked.port());
            assertThat(messageComesBack("blocked.example", SECONDS)).isEqualTo("remote-server-not-found");
            assertThat(requestComesBack("blocked.example", SECONDS)).isEqualTo("remote-server-not-found");
            assertThat(here.network().dns().asked()).noneMatch(question -> question.contains("blocked.example"));
            assertThat(blocked.heard).isEmpty();
        }
    }

    @Test
    void aPinnedKeyNeedsNoAuthority() throws Exception {
        try (PeerServer prosody = here.network().prosody(pinned("pinned.example", PINNED));
                Couple couple = new Couple(here.server(), prosody)) {
            couple.says(couple.romeo(), couple.juliet(), "there");
            couple.says(couple.juliet(), couple.romeo(), "back");
        }
    }

    @Test
    void anotherKeyThanThePinnedOneIsRefused() throws Exception {
        String domain = "mispinned.example";
        Issued good = here.network().authority().forHost(domain).issue();
        try (PeerServer prosody = here.network().prosody(pinned(domain, good));
                Couple couple = new Couple(here.server(), prosody)) {
            refuseEachOther(couple, PROSODY_SAYS);
            weLog(domain, "the key is none of those that are pinned");
        }
    }

    private static PeerSettings pinned(String domain, Issued own) {
        return PeerSettings.of(domain, Proof.CERTIFICATE).showing(own);
    }

    /// @param theirs what Juliet's server makes of our refusal
    private static void refuseEachOther(Couple couple, String theirs) {
        assertThat(couple.isTurnedAway(couple.juliet(), couple.romeo().jid())).isEqualTo(theirs);
        assertThat(couple.isTurnedAway(couple.romeo(), couple.juliet().jid())).isEqualTo("remote-server-timeout");
    }

    @Test
    void aGoodCertificateIsEnough() throws Exception {
        PeerSettings settings = PeerSettings.of("capulet.strict.example", Proof.CERTIFICATE);
        try (PeerServer prosody = here.network().prosody(settings);
                Couple couple = new Couple(here.server(), prosody)) {
            couple.says(couple.romeo(), couple.juliet(), "there");
            couple.says(couple.juliet(), couple.romeo(), "back");
        }
    }

    /// Where a certificate is required. Each at a domain of its own, for our server does not go
    /// back at once to where it just failed.
    @Test
    @Spec(doc = "XEP-0178", section = "3")
    @Spec(
            doc = "RFC9525",
            section = {"6.3", "6.6"})
    void aWrongCertificateProvesNothing() throws Exception {
        int number = 0;
        for (Map.Entry<String, String> wrong : WRONG.entrySet()) {
            String domain = "capulet-" + ++number + ".strict.example";
            try (PeerServer prosody = here.network().prosody(showing(domain, wrong.getKey()));
                    Couple couple = new Couple(here.server(), prosody)) {
                refuseEachOther(couple, PROSODY_SAYS);
                weLog(domain, "the certificate does not pass: " + wrong.getValue());
                assertThat(prosody.hasLogged("No SASL EXTERNAL offer")).isTrue();
            }
        }
    }

    @Test
    @Spec(doc = "XEP-0178", section = "3")
    void aWrongCertificateOfAnotherMakeDoesNotEither() throws Exception {
        String domain = "ejabberd.strict.example";
        try (PeerServer ejabberd = here.network().ejabberd(showing(domain, "self-signed"));
                Couple couple = new Couple(here.server(), ejabberd)) {
            refuseEachOther(couple, EJABBERD_SAYS);
            weLog(domain, "the certificate does not pass: " + WRONG.get("self-signed"));
        }
    }

    private static PeerSettings showing(String domain, String wrong) {
        Issued own = here.network().wrongCertificates(domain).get(wrong);
        return PeerSettings.of(domain, Proof.CERTIFICATE).showing(own);
    }

    /// Neither by EXTERNAL, which is not offered, nor by dialback, which others may use.
    @Test
    @Spec(doc = "RFC6120", section = "6.5.10")
    void aWrongCertificateIsNotAuthorized() {
        String domain = "tybalt.strict.example";
        here.network().wrongCertificates(domain).forEach((why, wrong) -> {
            try (Connection peer = connected(domain, wrong)) {
                peer.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>");
                Xml failure = peer.element();
                assertThat(failure.name()).isEqualTo("failure");
                assertThat(failure.hasChild("not-authorized", failure.namespace()))
                        .as(why)
                        .isTrue();
                assertThat(peer.rest().toString()).contains("not-authorized", "StreamClosed");
            }
            try (Connection peer = connected(domain, wrong)) {
                peer.send("<db:result from='" + domain + "' to='" + FederatedServer.HERE + "'>key</db:result>");
                Xml answer = peer.element();
                assertThat(answer.attribute("type")).isEqualTo("error");
                assertThat(Couple.condition(answer)).as(why).isEqualTo("not-authorized");
            }
        });
    }

    /// A stream by direct TLS, after its features.
    private static Connection connected(String domain, Issued own) {
        Connection connection = Connection.tls(
                here.address("direct-tls.port"),
                FederatedServer.HERE,
                TlsClient.DEFAULT.withProtocols("xmpp-server").withKeys(own.keyManagers()));
        connection.openStream("<stream:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback'"
                + " xmlns:stream='http://etherx.jabber.org/streams' version='1.0' from='" + domain + "' to='"
                + FederatedServer.HERE + "'>");
        connection.header();
        Xml features = connection.element();
        assertThat(features.name()).isEqualTo("features");
        assertThat(features.hasChild("mechanisms", "urn:ietf:params:xml:ns:xmpp-sasl"))
                .isFalse();
        return connection;
    }
}
