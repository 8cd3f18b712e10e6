package im.stanzabus.server.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TlsClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.peer.Couple;
import im.stanzabus.testkit.process.ClusterFolder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two servers of this kind with two domains each: several pairs of domains on one stream, each
/// authorized by itself (XEP-0220 section 2.6).
@Timeout(120)
class MultiplexingTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final List<String> OURS = List.of("montague.example", "verona.example");
    private static final List<String> THEIRS = List.of("capulet.example", "mantua.example");

    private static ScriptedServer paris;
    private static ScriptedServer tybalt;
    private static EmbeddedServer ours;
    private static EmbeddedServer theirs;

    @BeforeAll
    static void start() throws Exception {
        paris = new ScriptedServer("paris.example");
        tybalt = new ScriptedServer("tybalt.example");
        paris.answer = "valid";
        int first = ClusterFolder.freePort();
        int second = ClusterFolder.freePort();
        ours = server(
                OURS,
                first,
                destination(THEIRS.getFirst(), second),
                destination(THEIRS.getLast(), second),
                destination("paris.example", paris.port()) + ", tls: optional",
                destination("tybalt.example", tybalt.port()) + ", tls: optional");
        theirs = server(THEIRS, second, destination(OURS.getFirst(), first), destination(OURS.getLast(), first));
    }

    @AfterAll
    static void stop() throws Exception {
        ours.close();
        theirs.close();
        paris.close();
        tybalt.close();
    }

    private static String destination(String domain, int port) {
        return "domain: " + domain + ", host: 127.0.0.1, port: " + port;
    }

    private static EmbeddedServer server(List<String> domains, int port, String... policies) {
        return new EmbeddedServer(
                """
                hosts: [{domain: %s}, {domain: %s}]
                http: {port: 0}
                c2s-gateway: {host: 127.0.0.1, port: 0, direct-tls: {port: 0}}
                s2s-gateway:
                  host: 127.0.0.1
                  port: %d
                  direct-tls: {port: 0}
                  instances: 1
                  policies: [{%s}]
                """.formatted(domains.getFirst(), domains.getLast(), port, String.join("}, {", policies)));
    }

    /// docs/adr/0018: one for each of their domains, and as many the other way.
    @Test
    @Spec(doc = "XEP-0220", section = "2.6")
    void ourDomainsShareAStreamToEachOfTheirs() {
        try (Scene here = Scene.across(ours);
                Scene there = Scene.across(theirs)) {
            for (String one : OURS) {
                TestClient romeo = here.online("romeo@" + one + "/here");
                for (String other : THEIRS) {
                    TestClient juliet = there.online("juliet@" + other + "/" + one);
                    hears(juliet, romeo);
                    hears(romeo, juliet);
                }
            }
        }
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(FederatedServer.streams(theirs, "outgoing")).isEqualTo(2);
            assertThat(FederatedServer.streams(theirs, "incoming")).isEqualTo(2);
        });
    }

    private static void hears(TestClient listener, TestClient speaker) {
        Couple.send(speaker, listener, "hark");
        Couple.hears(listener, speaker, "hark");
    }

    /// Paris and Tybalt share a server. It may not speak for Tybalt, and goes on for Paris.
    @Test
    @Spec(doc = "XEP-0220", section = "2.6")
    void oneIsRefusedAndTheOthersGoOn() {
        try (Scene here = Scene.across(ours);
                Connection peer = secured()) {
            asks(peer, "paris.example", OURS.getFirst(), "valid");
            Xml refused = asks(peer, "tybalt.example", OURS.getLast(), "error");
            assertThat(Couple.condition(refused)).isEqualTo("forbidden");
            asks(peer, "paris.example", OURS.getLast(), "valid");
            for (String one : OURS) {
                TestClient romeo = here.online("romeo@" + one + "/here");
                peer.send("<message from='county@paris.example/x' to='" + romeo.jid() + "' type='chat' id='p'><body>"
                        + one + "</body></message>");
                romeo.awaits("<message from='county@paris.example/x' type='chat' id='p'><body>" + one
                        + "</body>{*}</message>");
            }
            peer.send("<message from='tybalt@tybalt.example/x' to='romeo@" + OURS.getLast()
                    + "' type='chat'><body>villain</body></message>");
            assertThat(peer.rest().toString()).contains("invalid-from", "StreamClosed");
        }
    }

    private static Xml asks(Connection peer, String from, String to, String answer) {
        peer.send("<db:result from='" + from + "' to='" + to + "'>key</db:result>");
        Xml result = peer.element();
        assertThat(result.attribute("from")).isEqualTo(to);
        assertThat(result.attribute("to")).isEqualTo(from);
        assertThat(result.attribute("type")).isEqualTo(answer);
        return result;
    }

    /// A stream of Paris's, after its features.
    private static Connection secured() {
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), ours.running().port("s2s-gateway.direct-tls.port"));
        Connection connection =
                Connection.tls(address, OURS.getFirst(), TlsClient.DEFAULT.withProtocols("xmpp-server"));
        connection.openStream("<stream:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback'"
                + " xmlns:stream='http://etherx.jabber.org/streams' version='1.0' from='paris.example' to='"
                + OURS.getFirst() + "'>");
        connection.header();
        assertThat(connection.element().name()).isEqualTo("features");
        return connection;
    }
}
