package im.stanzabus.testkit.peer;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.HostCertificate;
import im.stanzabus.testkit.TestCertificates;
import im.stanzabus.testkit.TestCertificates.Issued;
import im.stanzabus.testkit.peer.PeerSettings.Proof;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Certificates of hosts, judged by the peers: they let in who shows a good one, and nobody who
/// shows a wrong one. Each is shown by another domain, so that nothing is remembered of those
/// before. What Debian 12's versions cannot judge, our server must not rely on: `id-on-xmppAddr`
/// alone (Prosody takes no notice of it, ejabberd breaks off) and, with ejabberd, a certificate
/// that only servers may use.
@Timeout(240)
class PeerCertificatesTest {
    private static final String JUDGE = "escalus.verona.example";

    private TestCertificates authority;
    private OpenNetwork network;
    private int domains;

    @BeforeEach
    void enter() {
        network = new OpenNetwork(Path.of("target", "peers", "certificates"));
        authority = network.authority();
    }

    @AfterEach
    void leave() {
        network.close();
    }

    private String nextDomain() {
        domains++;
        return "house-" + domains + ".verona.example";
    }

    /// Whoever shows one of these is let in, and is let in on.
    private void areTaken(PeerServer judge, List<Function<String, HostCertificate>> good) throws IOException {
        for (Function<String, HostCertificate> each : good) {
            String domain = nextDomain();
            PeerSettings settings = PeerSettings.of(domain, Proof.CERTIFICATE)
                    .showing(each.apply(domain).issue());
            try (PeerServer prosody = network.prosody(settings);
                    Couple couple = new Couple(prosody, judge)) {
                couple.says(couple.romeo(), couple.juliet(), "there");
                couple.says(couple.juliet(), couple.romeo(), "back");
            }
        }
    }

    @Test
    void ejabberdTakesNamesAndWildcards() throws Exception {
        areTaken(
                network.ejabberd(PeerSettings.of(JUDGE, Proof.CERTIFICATE)),
                List.of(domain -> authority.forHost(domain), domain -> authority.forHost("*.verona.example")));
    }

    @Test
    void prosodyTakesServiceNamesTooAndNeedsNoUseForClients() throws Exception {
        areTaken(
                network.prosody(PeerSettings.of(JUDGE, Proof.CERTIFICATE)),
                List.of(
                        domain -> authority.forHost("*.verona.example"),
                        domain -> authority.forHost().srvName("_xmpp-server." + domain),
                        domain -> authority.forHost(domain).forServersOnly()));
    }

    private interface Start {
        PeerServer with(PeerSettings settings) throws IOException;
    }

    private void areRefused(PeerServer judge, Start other) throws IOException {
        for (String why : network.wrongCertificates(JUDGE).keySet()) {
            String domain = nextDomain();
            Issued wrong = network.wrongCertificates(domain).get(why);
            try (PeerServer peer =
                            other.with(PeerSettings.of(domain, Proof.DIALBACK).showing(wrong));
                    Couple couple = new Couple(peer, judge)) {
                String judged = couple.romeo().jid();
                String judging = couple.juliet().jid();
                assertThat(couple.isTurnedAway(couple.romeo(), judging)).as(why).startsWith("remote-server-");
                assertThat(couple.isTurnedAway(couple.juliet(), judged)).as(why).startsWith("remote-server-");
            }
        }
    }

    @Test
    void ejabberdRefusesWrongCertificates() throws Exception {
        areRefused(network.ejabberd(PeerSettings.of(JUDGE, Proof.CERTIFICATE)), network::prosody);
    }

    @Test
    void prosodyRefusesWrongCertificates() throws Exception {
        areRefused(network.prosody(PeerSettings.of(JUDGE, Proof.CERTIFICATE)), network::ejabberd);
    }
}
