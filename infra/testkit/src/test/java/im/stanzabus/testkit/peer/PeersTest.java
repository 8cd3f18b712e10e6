package im.stanzabus.testkit.peer;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.peer.PeerSettings.Feature;
import im.stanzabus.testkit.peer.PeerSettings.Proof;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/// The stories that our own federation is tested with, told of the peers: what they do with each
/// other is what may be expected of us. Their logs show that they prove their domains as they
/// were set up to.
class PeersTest {
    private static final String MONTAGUE = "montague.example";
    private static final String CAPULET = "capulet.example";

    /// Two peers, for all stories of a class.
    @TestInstance(Lifecycle.PER_CLASS)
    abstract static class Pair extends FederationStories {
        private OpenNetwork network;
        private PeerServer home;
        private PeerServer away;

        abstract PeerServer home(OpenNetwork open) throws IOException;

        abstract PeerServer away(OpenNetwork open) throws IOException;

        @BeforeAll
        void start() throws IOException {
            network = new OpenNetwork(Path.of("target", "peers", getClass().getSimpleName()));
            home = home(network);
            away = away(network);
        }

        @AfterAll
        void stop() {
            network.close();
        }

        @Override
        protected TestServer home() {
            return home;
        }

        @Override
        protected PeerServer away() {
            return away;
        }

        @Override
        protected boolean acknowledged() {
            return false;
        }

        void chat() {
            try (Couple couple = new Couple(home, away)) {
                couple.says(couple.romeo(), couple.juliet(), "there");
                couple.says(couple.juliet(), couple.romeo(), "back");
            }
        }

        /// Both have written this, each its own.
        void logged(String atHome, String there) {
            assertThat(home.hasLogged(atHome)).as(atHome).isTrue();
            assertThat(away.hasLogged(there)).as(there).isTrue();
        }

        void neverLogged(String atHome, String there) {
            assertThat(home.hasLogged(atHome)).as(atHome).isFalse();
            assertThat(away.hasLogged(there)).as(there).isFalse();
        }
    }

    @Nested
    class DialbackAlone extends Pair {
        @Override
        PeerServer home(OpenNetwork open) throws IOException {
            return open.prosody(PeerSettings.of(MONTAGUE, Proof.DIALBACK));
        }

        @Override
        PeerServer away(OpenNetwork open) throws IOException {
            return open.ejabberd(PeerSettings.of(CAPULET, Proof.DIALBACK));
        }

        @Test
        void noCertificateIsTrusted() {
            chat();
            logged("sent dialback key", "Accepted inbound s2s dialback authentication " + MONTAGUE);
            logged("verified dialback key... it is valid", "Accepted outbound s2s dialback authentication " + CAPULET);
            neverLogged("Accepting SASL EXTERNAL", "Accepted inbound s2s EXTERNAL");
        }
    }

    @Nested
    class CertificatesAlone extends Pair {
        @Override
        PeerServer home(OpenNetwork open) throws IOException {
            return open.prosody(PeerSettings.of(MONTAGUE, Proof.CERTIFICATE));
        }

        @Override
        PeerServer away(OpenNetwork open) throws IOException {
            return open.ejabberd(PeerSettings.of(CAPULET, Proof.CERTIFICATE).with(Feature.DIRECT_TLS));
        }

        @Test
        void nothingElseIsTrusted() {
            chat();
            logged(
                    "Accepting SASL EXTERNAL identity from " + CAPULET,
                    "Accepted inbound s2s EXTERNAL authentication " + MONTAGUE);
            logged(
                    "Initiating SASL EXTERNAL with " + CAPULET,
                    "Accepted outbound s2s EXTERNAL authentication " + CAPULET);
            neverLogged("dialback key", "s2s dialback authentication");
        }
    }

    @Nested
    class OneStreamForBothWays extends Pair {
        @Override
        PeerServer home(OpenNetwork open) throws IOException {
            return open.prosody(settings(MONTAGUE));
        }

        @Override
        PeerServer away(OpenNetwork open) throws IOException {
            return open.prosody(settings(CAPULET));
        }

        private static PeerSettings settings(String domain) {
            return PeerSettings.of(domain, Proof.EITHER)
                    .with(Feature.BIDIRECTIONAL)
                    .with(Feature.ACKNOWLEDGEMENTS);
        }

        @Override
        protected boolean acknowledged() {
            return true;
        }

        @Test
        void theStreamIsBidirectional() {
            chat();
            logged("Requesting bidirectional stream", "Requested bidirectional stream");
        }
    }
}
