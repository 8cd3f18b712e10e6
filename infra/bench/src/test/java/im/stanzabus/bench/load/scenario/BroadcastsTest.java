package im.stanzabus.bench.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bench.load.client.Accounts;
import im.stanzabus.bench.load.client.Auth;
import im.stanzabus.bench.load.client.Client;
import im.stanzabus.bench.load.client.Crowd;
import im.stanzabus.bench.load.client.Mishaps;
import im.stanzabus.bench.load.client.Stamp;
import im.stanzabus.bench.load.client.Target;
import im.stanzabus.bench.load.wire.Loop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two hubs with two contacts each, who are not connected: what arrives is made up.
class BroadcastsTest {
    private static final int RUN = 7;

    private Loop loop;
    private List<Client> clients;
    private Broadcasts broadcasts;

    @BeforeEach
    void begin() throws IOException {
        loop = new Loop();
        Target target = new Target(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)),
                "x",
                false,
                Auth.AUTO,
                "r",
                List.of());
        clients = new Crowd(loop, target, new Accounts("u%d", "p", 0, "x"), 6, new Mishaps()).clients();
        broadcasts = new Broadcasts(new Hubs(clients, 2), RUN);
    }

    @AfterEach
    void end() throws IOException {
        loop.close();
    }

    private void arrives(int client, int number, int hub) {
        broadcasts.delivered(clients.get(client), new Stamp(RUN, System.nanoTime(), number, hub));
    }

    @Test
    void aChangeThatHasArrivedEverywhereMakesAnotherOneBegin() {
        broadcasts.begin(1);
        arrives(0, 0, 0);
        arrives(1, 0, 0);
        assertThat(broadcasts.losses()).isEqualTo(new Losses(1, 0, 0));
        arrives(2, 0, 0);
        assertThat(broadcasts.losses()).isEqualTo(new Losses(2, 0, 0));

        broadcasts.end();
        arrives(4, 1, 1);
        arrives(5, 1, 1);

        assertThat(broadcasts.losses().areNone()).isTrue();
    }

    @Test
    void aCopyDoesNotStandForWhatIsLost() {
        broadcasts.begin(1);
        arrives(1, 0, 0);
        arrives(1, 0, 0);

        assertThat(broadcasts.losses()).isEqualTo(new Losses(1, 1, 0));
    }

    @Test
    void theContactsOfOneHubDoNotSeeTheOther() {
        broadcasts.begin(2);
        arrives(4, 0, 0);
        arrives(3, 0, 0);

        assertThat(broadcasts.losses()).isEqualTo(new Losses(4, 0, 2));
    }

    @Test
    void whatIsLeftFromBeforeDoesNotCount() {
        broadcasts.begin(1);
        broadcasts.delivered(clients.get(1), new Stamp(RUN + 1, 0, 0, 0));

        assertThat(broadcasts.losses()).isEqualTo(new Losses(2, 0, 0));
    }
}
