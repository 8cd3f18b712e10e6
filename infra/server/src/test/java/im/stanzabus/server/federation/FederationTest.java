package im.stanzabus.server.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestCertificates.Issued;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.peer.Couple;
import im.stanzabus.testkit.peer.FederationStories;
import im.stanzabus.testkit.peer.PeerServer;
import im.stanzabus.testkit.peer.PeerSettings;
import im.stanzabus.testkit.peer.PeerSettings.Feature;
import im.stanzabus.testkit.peer.PeerSettings.Proof;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/// Our server on the open network, with real Prosody and real ejabberd. Romeo has his account
/// here, Juliet there.
@Timeout(180)
class FederationTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static FederatedServer here;

    @BeforeAll
    static void open() throws IOException {
        here = FederatedServer.start("federation");
    }

    @AfterAll
    static void close() {
        here.close();
    }

    /// All stories with one peer, of which a log tells how the two have proven themselves.
    @TestInstance(Lifecycle.PER_CLASS)
    abstract static class WithPeer extends FederationStories {
        private PeerServer peer;

        abstract PeerServer start() throws IOException;

        @BeforeAll
        void enter() throws IOException {
            peer = start();
        }

        @AfterAll
        void leave() {
            peer.close();
            here.publish();
        }

        @Override
        protected TestServer home() {
            return here.server();
        }

        @Override
        protected PeerServer away() {
            return peer;
        }

        @Override
        protected boolean acknowledged() {
            return false;
        }

        /// What the peer has written after the two had talked.
        void logged(String... lines) {
            try (Couple couple = new Couple(here.server(), peer)) {
                couple.says(couple.romeo(), couple.juliet(), "there");
                couple.says(couple.juliet(), couple.romeo(), "back");
            }
            for (String line : lines) {
                await(line).atMost(SOON).until(() -> peer.hasLogged(line)); // logs are written behind
            }
        }

        void neverLogged(String line) {
            assertThat(peer.hasLogged(line)).as(line).isFalse();
        }
    }

    private static PeerSettings dialback(String domain) {
        Issued own = here.network()
                .authority()
                .forHost(domain, "conference." + domain)
                .selfSigned()
                .issue();
        return PeerSettings.of(domain, Proof.DIALBACK).showing(own);
    }

    @Nested
    class ProsodyWithDialback extends WithPeer {
        @Override
        PeerServer start() throws IOException {
            return here.network().prosody(dialback("prosody-dialback.example"));
        }

        @Test
        @Spec(doc = "XEP-0220", section = "2")
        @Spec(doc = "XEP-0185", section = "2")
        void dialbackWasUsed() {
            logged("sent dialback key on outgoing s2s stream", "verified dialback key... it is valid");
            neverLogged("SASL EXTERNAL identity");
        }
    }

    @Nested
    class ProsodyWithCertificates extends WithPeer {
        @Override
        PeerServer start() throws IOException {
            return here.network().prosody(PeerSettings.of("prosody.example", Proof.CERTIFICATE));
        }

        @Test
        @Spec(doc = "XEP-0178", section = "3")
        void certificatesWereUsed() {
            logged(
                    "Initiating SASL EXTERNAL with " + FederatedServer.HERE,
                    "Accepting SASL EXTERNAL identity from " + FederatedServer.HERE);
        }
    }

    @Nested
    class ProsodyWithOneStream extends WithPeer {
        @Override
        PeerServer start() throws IOException {
            return here.network()
                    .prosody(PeerSettings.of("prosody-bidi.example", Proof.EITHER)
                            .with(Feature.BIDIRECTIONAL)
                            .with(Feature.ACKNOWLEDGEMENTS));
        }

        @Override
        protected boolean acknowledged() {
            return true;
        }
    }

    @Nested
    class ProsodyWithAcknowledgements extends WithPeer {
        @Override
        PeerServer start() throws IOException {
            here.publishTls();
            return here.network()
                    .prosody(PeerSettings.of("prosody-acks.example", Proof.EITHER)
                            .with(Feature.DIRECT_TLS)
                            .with(Feature.ACKNOWLEDGEMENTS));
        }

        @Override
        protected boolean acknowledged() {
            return true;
        }
    }

    @Nested
    class EjabberdWithDialback extends WithPeer {
        @Override
        PeerServer start() throws IOException {
            return here.network().ejabberd(dialback("ejabberd-dialback.example"));
        }

        @Test
        @Spec(doc = "XEP-0220", section = "2")
        @Spec(doc = "XEP-0185", section = "2")
        void dialbackWasUsed() {
            logged(
                    "Accepted inbound s2s dialback authentication " + FederatedServer.HERE,
                    "Accepted outbound s2s dialback authentication " + away().host());
            neverLogged("Accepted inbound s2s EXTERNAL authentication");
        }
    }

    @Nested
    class EjabberdWithCertificates extends WithPeer {
        @Override
        PeerServer start() throws IOException {
            here.publishTls();
            return here.network()
                    .ejabberd(PeerSettings.of("ejabberd.example", Proof.CERTIFICATE)
                            .with(Feature.DIRECT_TLS));
        }

        @Test
        @Spec(doc = "XEP-0178", section = "3")
        @Spec(doc = "XEP-0368", section = "3")
        void certificatesWereUsed() {
            logged(
                    "Accepted inbound s2s EXTERNAL authentication " + FederatedServer.HERE,
                    "Accepted outbound s2s EXTERNAL authentication " + away().host());
        }
    }
}
