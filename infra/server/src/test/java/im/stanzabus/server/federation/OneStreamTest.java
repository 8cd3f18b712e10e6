package im.stanzabus.server.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.peer.Couple;
import im.stanzabus.testkit.peer.PeerServer;
import im.stanzabus.testkit.peer.PeerSettings;
import im.stanzabus.testkit.peer.PeerSettings.Feature;
import im.stanzabus.testkit.peer.PeerSettings.Proof;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One stream carries both directions, whoever has begun it (XEP-0288).
@Timeout(120)
class OneStreamTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static FederatedServer here;

    @BeforeAll
    static void open() throws IOException {
        here = FederatedServer.start("one-stream", "instances: 1");
    }

    @AfterAll
    static void close() {
        here.close();
    }

    private static PeerServer prosody(String domain) throws IOException {
        PeerServer prosody = here.network()
                .prosody(PeerSettings.of(domain, Proof.CERTIFICATE).with(Feature.BIDIRECTIONAL));
        streamsBecome(0, 0);
        return prosody;
    }

    private static void streamsBecome(int incoming, int outgoing) {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(here.streams("incoming")).isEqualTo(incoming);
            assertThat(here.streams("outgoing")).isEqualTo(outgoing);
        });
    }

    private static void logged(PeerServer peer, String line) {
        await(line).atMost(SOON).until(() -> peer.hasLogged(line)); // logs are written behind
    }

    private static void neverLogged(PeerServer peer, String line) {
        assertThat(peer.hasLogged(line)).as(line).isFalse();
    }

    @Test
    @Spec(doc = "XEP-0288", section = "2")
    void oursCarriesBothDirections() throws IOException {
        try (PeerServer prosody = prosody("asked.example");
                Couple couple = new Couple(here.server(), prosody)) {
            couple.says(couple.romeo(), couple.juliet(), "there");
            couple.says(couple.juliet(), couple.romeo(), "back");
            logged(prosody, "Requested bidirectional stream");
            logged(prosody, "Incoming s2s connection " + FederatedServer.HERE + "->asked.example complete");
            neverLogged(prosody, "Outgoing s2s connection");
            streamsBecome(0, 1);
        }
    }

    @Test
    @Spec(doc = "XEP-0288", section = "2")
    void theirsCarriesBothDirections() throws IOException {
        try (PeerServer prosody = prosody("asking.example");
                Couple couple = new Couple(here.server(), prosody)) {
            couple.says(couple.juliet(), couple.romeo(), "here");
            couple.says(couple.romeo(), couple.juliet(), "back");
            logged(prosody, "Requesting bidirectional stream");
            logged(prosody, "Outgoing s2s connection asking.example->" + FederatedServer.HERE + " complete");
            neverLogged(prosody, "Incoming s2s connection " + FederatedServer.HERE);
            streamsBecome(1, 0);
        }
    }
}
