package im.stanzabus.server.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestCertificates;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.peer.Couple;
import im.stanzabus.testkit.peer.Exchange;
import im.stanzabus.testkit.peer.OpenNetwork;
import im.stanzabus.testkit.peer.PeerServer;
import im.stanzabus.testkit.peer.PeerSettings;
import im.stanzabus.testkit.peer.PeerSettings.Proof;
import im.stanzabus.testkit.process.ClusterFolder;
import im.stanzabus.testkit.process.Command;
import im.stanzabus.testkit.process.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two gateways of one cluster, each a process, and a real Prosody that believes nothing but
/// dialback.
@Timeout(180)
class FederationClusterTest {
    private static final String HERE = "montague.example";
    private static final String THERE = "capulet.example";
    private static final String COMPONENT = "rooms.montague.example";
    private static final String SECRET = "s3cr3t-of-rooms";
    private static final int SOME = 20;

    @TempDir
    Path folder;

    private OpenNetwork network;
    private ServerProcess owner;
    private ServerProcess other;
    private PeerServer prosody;
    private Couple couple;

    @Test
    @Spec(doc = "XEP-0185", section = "2")
    void eachGatewayDoesForTheOther() throws Exception {
        try (OpenNetwork open = new OpenNetwork(Path.of("target", "peers", "cluster"));
                ClusterFolder cluster = new ClusterFolder(folder, ClusterFolder.freePort(), "5 s")) {
            network = open;
            cluster.start(
                    hosting(cluster.seed("services")),
                    "auth-service",
                    "roster-service",
                    "offline-service",
                    "profile-service",
                    "session-service");
            ServerProcess clients = cluster.start(hosting(cluster.command("clients")), "c2s-gateway");
            ServerProcess first = cluster.start(gateway(cluster, "first"), "s2s-gateway");
            ServerProcess second = cluster.start(gateway(cluster, "second"), "s2s-gateway");
            try (PeerServer peer = prosody();
                    Couple both = new Couple(clients, peer)) {
                prosody = peer;
                couple = both;
                oneGatewayOwnsTheDomain(first, second);
                theOtherConfirmsItsKey();
                theOtherTakesOver();
            }
        }
    }

    private static Command hosting(Command command) {
        return command.with(Map.of("STANZABUS_HOSTS_0_DOMAIN", HERE));
    }

    private Command gateway(ClusterFolder cluster, String name) {
        return hosting(cluster.command(name))
                .with(Map.of(
                        "STANZABUS_S2S_GATEWAY_DNS_SERVERS",
                        "127.0.0.1:" + network.dns().address().getPort(),
                        "STANZABUS_S2S_GATEWAY_RETRY_FIRST",
                        "100 ms",
                        "STANZABUS_S2S_GATEWAY_RETRY_LONGEST",
                        "300 ms",
                        "STANZABUS_S2S_GATEWAY_COMPONENTS_PORT",
                        "0",
                        "STANZABUS_S2S_GATEWAY_COMPONENTS_DOMAINS_0_DOMAIN",
                        COMPONENT,
                        "STANZABUS_S2S_GATEWAY_COMPONENTS_DOMAINS_0_SECRET",
                        SECRET));
    }

    private PeerServer prosody() throws IOException {
        TestCertificates authority = network.authority();
        return network.prosody(PeerSettings.of(THERE, Proof.DIALBACK)
                .showing(authority.forHost(THERE).selfSigned().issue()));
    }

    /// Both are in the SRV records, in this order.
    private void publish(ServerProcess preferred, ServerProcess next) {
        String service = "_xmpp-server._tcp." + HERE;
        network.dns()
                .forget(service)
                .service(service, 1, 0, preferred.port("s2s-gateway.port"), "localhost")
                .service(service, 2, 0, next.port("s2s-gateway.port"), "localhost");
    }

    private static double sent(ServerProcess gateway) {
        return gateway.metric("stanzabus_s2s_stanzas_total{direction=\"out\"}");
    }

    private static double received(ServerProcess gateway) {
        return gateway.metric("stanzabus_s2s_stanzas_total{direction=\"in\"}");
    }

    private void oneGatewayOwnsTheDomain(ServerProcess first, ServerProcess second) {
        publish(first, second);
        for (int i = 0; i < SOME; i++) {
            couple.says(couple.romeo(), couple.juliet(), "owned-" + i);
        }
        owner = sent(first) > 0 ? first : second;
        other = owner == first ? second : first;
        assertThat(sent(owner)).isEqualTo(SOME);
        assertThat(sent(other)).isZero();
        assertThat(owner.metric("stanzabus_s2s_streams_outgoing")).isEqualTo(1);
    }

    /// Prosody goes to the other gateway, with its stanzas and with its question about the key
    /// that the owner has made.
    private void theOtherConfirmsItsKey() {
        meetAgainBy(other, owner);
        double before = received(owner);
        Exchange exchange = new Exchange(couple, prosody);
        exchange.speak(SOME);
        exchange.end();
        assertThat(exchange.heardByJuliet()).hasSize(SOME + 1);
        assertThat(exchange.heardByRomeo()).hasSize(SOME + 1);
        assertThat(received(owner)).isEqualTo(before);
        assertThat(received(other)).isGreaterThan(SOME);
        assertThat(sent(other)).isZero();
    }

    /// The owner, over which both directions go, is killed while both speak. What it had of
    /// Juliet's is lost, for there are no acknowledgements.
    ///
    /// A component is connected to both gateways: it hears each message over the one or the other.
    private void theOtherTakesOver() throws Exception {
        meetAgainBy(owner, other);
        double before = received(other);
        TestClient mercutio = couple.arrives("mercutio");
        Exchange exchange = new Exchange(couple, prosody);
        try (PlayedComponent atOwner = component(owner);
                PlayedComponent atOther = component(other)) {
            await().pollInSameThread().untilAsserted(() -> {
                speaksToRooms(mercutio, "hello");
                assertThat(atOwner.hears() && atOther.hears()).isTrue();
            });
            List<String> said = new ArrayList<>(speaksToRooms(mercutio, "before"));
            exchange.speak(SOME);
            owner.kill();
            exchange.speak(SOME);
            said.addAll(speaksToRooms(mercutio, "after"));
            Set<String> missed = new HashSet<>(said);
            missed.removeAll(atOwner.heard(said));
            assertThat(missed).hasSizeGreaterThanOrEqualTo(SOME);
            assertThat(atOther.heard(missed)).containsAll(missed);
        }
        exchange.findEachOther();
        exchange.speak(SOME);
        exchange.end();
        exchange.nothingOfRomeosIsLost();
        assertThat(sent(other)).isGreaterThan(SOME);
        assertThat(received(other)).isGreaterThan(before + SOME);
        assertThat(exchange.heardByRomeo()).doesNotHaveDuplicates();
    }

    private static PlayedComponent component(ServerProcess gateway) throws GeneralSecurityException {
        int port = gateway.port("s2s-gateway.components.port");
        return new PlayedComponent(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), COMPONENT, SECRET);
    }

    /// To as many rooms, so that both connections have their share.
    private static List<String> speaksToRooms(TestClient speaker, String when) {
        List<String> ids =
                IntStream.range(0, SOME).mapToObj(i -> when + "-" + i).toList();
        ids.forEach(id -> speaker.sends(
                "<message type='chat' id='" + id + "' to='" + id + "@" + COMPONENT + "'><body/></message>"));
        return ids;
    }

    /// All streams are new ones, and Prosody's go to the first of these as long as it is there.
    private void meetAgainBy(ServerProcess preferred, ServerProcess next) {
        prosody.kill();
        publish(preferred, next);
        prosody.restart();
        couple.julietReturns();
        new Exchange(couple, prosody).findEachOther();
    }
}
