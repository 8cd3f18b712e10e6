package im.stanzabus.server.federation;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.server.federation.PlayedServer.Link;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.peer.Couple;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Stanzas for a server to which there is no stream, at a server that keeps few of them and not for long.
@Timeout(60)
class LinkQueueTest {
    private static final int MOST = 10;

    /// Less than a stanza may wait, and less than a domain is left alone.
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private static final Duration LATER = Duration.ofSeconds(10);

    private static FederatedServer here;

    private Scene scene;
    private TestClient romeo;

    @BeforeAll
    static void open() throws IOException {
        here = FederatedServer.start(
                "link-queue",
                "queue: {stanzas: 10, bytes: 64 KiB, time: 4 s}",
                "retry: {first: 6 s}",
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

    private void says(String domain, int number, String words) {
        romeo.sends("<message type='chat' id='m" + number + "' to='juliet@" + domain + "'><body>" + words
                + "</body></message>");
    }

    private String comesBack(String domain, int number, Duration limit) {
        return Couple.condition(romeo.awaits(
                "<message type='error' id='m" + number + "' from='juliet@" + domain + "'>{*}</message>", limit));
    }

    @Test
    @Spec(doc = "RFC6120", section = "8.3.3.18")
    void soManyWaitAndNoMore() throws Exception {
        String domain = "mute.plain.example";
        try (PlayedServer juliets = here.plays(domain)) {
            for (int number = 1; number <= MOST + 1; number++) {
                says(domain, number, "hark");
            }
            assertThat(comesBack(domain, MOST + 1, AT_ONCE)).isEqualTo("resource-constraint");
            Link silent = juliets.accepts();
            silent.reads("<stream:stream");
            for (int number = 1; number <= MOST; number++) {
                assertThat(comesBack(domain, number, LATER)).isEqualTo("remote-server-timeout");
            }
        }
    }

    @Test
    @Spec(doc = "RFC6120", section = "8.3.3.18")
    void soManyBytesWaitAndNoMore() throws Exception {
        String domain = "heavy.plain.example";
        try (PlayedServer juliets = here.plays(domain)) {
            says(domain, 1, "x".repeat(40_000));
            says(domain, 2, "x".repeat(40_000));
            says(domain, 3, "short");
            assertThat(comesBack(domain, 2, AT_ONCE)).isEqualTo("resource-constraint");
            Link link = juliets.authorizes("");
            assertThat(link.reads("</message>")).contains("xxx");
            assertThat(link.reads("</message>")).contains("short");
        }
    }

    @Test
    @Spec(doc = "RFC6120", section = "10.1")
    void whatWaitsKeepsItsOrder() throws Exception {
        String domain = "slow.plain.example";
        try (PlayedServer juliets = here.plays(domain)) {
            for (int number = 1; number <= MOST; number++) {
                says(domain, number, "word " + number);
            }
            Link link = juliets.authorizes("");
            for (int number = 1; number <= MOST; number++) {
                assertThat(link.reads("</message>")).contains(">word " + number + "<");
            }
        }
    }

    @Test
    void whoCannotBeReachedIsLeftAloneForAWhile() throws Exception {
        String domain = "closed.plain.example";
        try (PlayedServer juliets = here.plays(domain)) {
            says(domain, 1, "one");
            juliets.accepts().close();
            assertThat(comesBack(domain, 1, AT_ONCE)).isEqualTo("remote-server-timeout");
            says(domain, 2, "two");
            assertThat(comesBack(domain, 2, AT_ONCE)).isEqualTo("remote-server-timeout");
            assertThat(juliets.isLeftAlone(AT_ONCE)).isTrue();

            Instant deadline = Instant.now().plus(LATER);
            int number = 3;
            says(domain, number, "again");
            while (juliets.isLeftAlone(Duration.ofMillis(300))) {
                assertThat(comesBack(domain, number, AT_ONCE)).isEqualTo("remote-server-timeout");
                assertThat(Instant.now()).isBefore(deadline);
                number++;
                says(domain, number, "again");
            }
        }
    }
}
