package im.stanzabus.server.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import im.stanzabus.server.federation.PlayedServer.Link;
import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestCertificates.Issued;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TlsClient;
import im.stanzabus.testkit.peer.Couple;
import im.stanzabus.testkit.peer.PeerServer;
import im.stanzabus.testkit.peer.PeerSettings;
import im.stanzabus.testkit.peer.PeerSettings.Proof;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Streams that are not used, not answered or not read, at a server that has little time.
@Timeout(120)
class LinkTimesTest {
    private static final int MANY = 60;
    private static final String LONG_BODY = "x".repeat(100_000);
    private static final Duration SOME_TIME = Duration.ofSeconds(30);

    private static FederatedServer here;

    private Scene scene;
    private TestClient romeo;

    @BeforeAll
    static void open() throws IOException {
        here = FederatedServer.start(
                "link-times",
                "timeouts: {idle: 3 s, keep-alive: 1 s, answer: 2 s, close: 1 s}",
                "queue: {bytes: 16 MiB, time: 4 s}",
                "limits: {outgoing-bytes: 32 MiB}",
                "retry: {first: 1 s}",
                "policies: [{domain: '*.plain.example', tls: optional}]");
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

    private void says(String domain, String id, String words) {
        romeo.sends(
                "<message type='chat' id='" + id + "' to='juliet@" + domain + "'><body>" + words + "</body></message>");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"4.4", "4.6.3"})
    void aStreamThatNobodyUsesIsEnded() throws Exception {
        String domain = "idle.plain.example";
        try (PlayedServer juliets = here.plays(domain)) {
            says(domain, "m1", "one");
            Link first = juliets.authorizes("");
            assertThat(first.reads("</message>")).contains("one");
            first.reads("</stream:stream>");
            first.writes("</stream:stream>");
            first.ends();
            says(domain, "m2", "two");
            assertThat(juliets.authorizes("").reads("</message>")).contains("two");
        }
    }

    @Test
    @Spec(doc = "RFC6120", section = "4.6.1")
    void aSilentStreamGetsBlanks() throws Exception {
        String domain = "silent.plain.example";
        try (PlayedServer juliets = here.plays(domain)) {
            says(domain, "m1", "one");
            Link link = juliets.authorizes("");
            link.reads("</message>");
            assertThat(link.next()).isEqualTo(" ");
        }
    }

    @Test
    @Spec(doc = "XEP-0198", section = "4")
    void aSilentServerIsAskedWhatItHas() throws Exception {
        String domain = "asked.plain.example";
        try (PlayedServer juliets = here.plays(domain)) {
            says(domain, "m1", "one");
            Link link = acknowledging(juliets);
            link.reads("</message>");
            link.reads("<r ");
            link.writes("<a xmlns='urn:xmpp:sm:3' h='1'/>");
            link.reads("<r ");
            link.writes("<a xmlns='urn:xmpp:sm:3' h='1'/>");
            says(domain, "m2", "two");
            assertThat(link.reads("</message>")).contains("two");
        }
    }

    /// What is not acknowledged when a server dies is sent again, so that its users may get it twice.
    @Test
    @Spec(doc = "XEP-0198", section = "4")
    void whatFollowsAQuestionIsAskedAboutAtOnce() throws Exception {
        String domain = "busy.plain.example";
        try (PlayedServer juliets = here.plays(domain)) {
            says(domain, "m0", "first");
            Link link = acknowledging(juliets);
            link.reads("</message>");
            link.reads("<r ");
            Instant begin = Instant.now();
            for (int i = 1; i <= 5; i++) {
                says(domain, "m" + i, "next");
                link.reads("</message>");
                link.writes("<a xmlns='urn:xmpp:sm:3' h='" + i + "'/>");
                link.reads("<r ");
            }
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(3));
        }
    }

    private static Link acknowledging(PlayedServer juliets) throws IOException {
        Link link = juliets.authorizes(PlayedServer.ACKNOWLEDGEMENTS);
        link.reads("<enable ");
        link.writes("<enabled xmlns='urn:xmpp:sm:3'/>");
        return link;
    }

    @Test
    @Spec(doc = "XEP-0198", section = "4")
    void whatIsNotAcknowledgedIsSentAgain() throws Exception {
        String domain = "deaf.plain.example";
        try (PlayedServer juliets = here.plays(domain)) {
            says(domain, "m1", "one");
            Link first = acknowledging(juliets);
            first.reads("</message>");
            first.ends();
            Link second = acknowledging(juliets);
            assertThat(second.reads("</message>")).contains("one");
            second.writes("<a xmlns='urn:xmpp:sm:3' h='1'/>");
            says(domain, "m2", "two");
            assertThat(second.reads("</message>")).contains("two").doesNotContain("one");
        }
    }

    @Test
    void whatNobodyReadsComesBack() throws Exception {
        String domain = "frozen.plain.example";
        try (PlayedServer juliets = here.plays(domain)) {
            says(domain, "m1", "one");
            Link link = juliets.authorizes("");
            link.reads("</message>");
            comesBackFrom("juliet@" + domain);
            link.ends();
        }
    }

    @Test
    void whatAFrozenServerDoesNotReadComesBack() throws Exception {
        try (PeerServer ejabberd = here.network().ejabberd(PeerSettings.of("ejabberd.frozen.example", Proof.EITHER));
                Couple couple = new Couple(here.server(), ejabberd)) {
            couple.says(couple.romeo(), couple.juliet(), "hark");
            ejabberd.freeze();
            comesBackFrom(couple.juliet().bareJid());
        }
    }

    /// More is sent than operating systems take for others.
    private void comesBackFrom(String juliet) {
        for (int i = 1; i <= MANY; i++) {
            romeo.sends("<message type='chat' id='long" + i + "' to='" + juliet + "'><body>" + LONG_BODY
                    + "</body></message>");
        }
        String last = "<message type='error' id='long" + MANY + "' from='" + juliet + "'>{*}</message>";
        assertThat(Couple.condition(romeo.awaits(last, SOME_TIME))).isEqualTo("remote-server-timeout");
    }

    @Test
    void whoFloodsAndDoesNotReadIsDropped() throws Exception {
        String domain = "flood.example";
        Issued own = here.network().authority().forDomain(domain);
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), here.server().running().port("s2s-gateway.direct-tls.port"));
        try (Connection peer = Connection.tls(
                address,
                FederatedServer.HERE,
                TlsClient.DEFAULT.withProtocols("xmpp-server").withKeys(own.keyManagers()))) {
            opens(peer, domain);
            peer.send("<bidi xmlns='urn:xmpp:bidi'/>"
                    + "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>");
            assertThat(peer.element().name()).isEqualTo("success");
            opens(peer, domain);
            peer.pauseReading();
            String request = "<iq from='county@flood.example/x' to='montague.example' type='get' id='1'>"
                    + "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>";
            peer.send(request.repeat(10_000));
            await().atMost(SOME_TIME).pollInSameThread().until(() -> {
                romeo.asks("<iq type='get' to='${host}'><ping xmlns='urn:xmpp:ping'/></iq>");
                return isGone(peer);
            });
        }
    }

    private static void opens(Connection peer, String domain) {
        peer.openStream("<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'"
                + " version='1.0' from='" + domain + "' to='" + FederatedServer.HERE + "'>");
        peer.header();
        assertThat(peer.element().name()).isEqualTo("features");
    }

    private static boolean isGone(Connection peer) {
        try {
            peer.write(new byte[] {' '});
            return false;
        } catch (IOException _) {
            return true;
        }
    }
}
