package im.stanzabus.server.federation;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.peer.Cable;
import im.stanzabus.testkit.peer.Couple;
import im.stanzabus.testkit.peer.Exchange;
import im.stanzabus.testkit.peer.PeerServer;
import im.stanzabus.testkit.peer.PeerSettings;
import im.stanzabus.testkit.peer.PeerSettings.Feature;
import im.stanzabus.testkit.peer.PeerSettings.Proof;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Between our server and Prosody, which both live on, the connections are lost. Both acknowledge
/// what they receive (XEP-0198).
@Timeout(120)
class DroppedLinkTest {
    private static final int CUTS = 5;
    private static final int SOME = 20;

    private static FederatedServer here;
    private static PeerServer there;

    private Cable toThere;
    private Cable toHere;
    private Couple couple;
    private Exchange exchange;

    @BeforeAll
    static void open() throws IOException {
        here = FederatedServer.start(
                "dropped",
                "retry: {first: 100 ms, longest: 300 ms}",
                "timeouts: {answer: 3 s}",
                "bidirectional: false");
        there = here.network()
                .prosody(PeerSettings.of("dropped.example", Proof.CERTIFICATE).with(Feature.ACKNOWLEDGEMENTS));
    }

    @AfterAll
    static void close() {
        here.close();
    }

    @BeforeEach
    void connect() throws IOException {
        toThere = cable(there.host(), new Cable(there.serverAddress()));
        toHere = cable(FederatedServer.HERE, new Cable(here.address("port")));
        couple = new Couple(here.server(), there);
        exchange = new Exchange(couple, there);
        exchange.findEachOther();
    }

    private static Cable cable(String domain, Cable cable) {
        here.network().withdraw(domain);
        here.network().publish(domain, cable.port());
        return cable;
    }

    @AfterEach
    void disconnect() {
        couple.close();
        toThere.close();
        toHere.close();
    }

    /// docs/reliability.md: what was not acknowledged goes again, so that Juliet may hear it once
    /// more for each cut. Prosody gives back what we have not acknowledged, and sends nothing
    /// again.
    @Test
    void cutAndCutAgain() {
        for (int cut = 0; cut < CUTS; cut++) {
            exchange.speak(SOME);
            toThere.cut();
            toHere.cut();
            exchange.speak(SOME);
            exchange.findEachOther();
        }
        exchange.end();
        exchange.nothingOfRomeosIsLost();
        exchange.nothingOfJulietsIsLost();
        List<String> heard = exchange.heardByJuliet();
        assertThat(heard).allMatch(id -> Collections.frequency(heard, id) <= 1 + CUTS);
        assertThat(exchange.heardByRomeo()).doesNotHaveDuplicates();
    }

    /// Nobody is told that the connection is of no use, save by the acknowledgements that do not
    /// come.
    @Test
    void aSilentLinkIsReplaced() {
        toThere.stall();
        for (int i = 0; i < SOME; i++) {
            Couple.send(couple.romeo(), couple.juliet(), "silent-" + i);
        }
        for (int i = 0; i < SOME; i++) {
            Couple.hears(couple.juliet(), couple.romeo(), "silent-" + i);
        }
    }
}
