package im.stanzabus.server.federation;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.server.federation.PlayedServer.Link;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestCertificates.Issued;
import im.stanzabus.testkit.TestClient;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A domain has two servers. The first takes connections, but no stream comes about on them; the second is as it
/// should be.
@Timeout(60)
class NextTargetTest {
    private static FederatedServer here;

    private Scene scene;
    private TestClient romeo;

    @BeforeAll
    static void open() throws IOException {
        here = FederatedServer.start(
                "next-target", "policies: [{domain: '*.strict.example', authentication: certificate}]");
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

    private interface Failure {
        void happens(PlayedServer server, Link link) throws IOException;
    }

    private void secondIsTried(String domain, PlayedServer first, Failure failure) throws Exception {
        Issued good = here.network().authority().forDomain(domain);
        try (first;
                PlayedServer second = PlayedServer.tls(domain, good)) {
            String service = "_xmpps-server._tcp." + domain;
            here.network().dns().service(service, 1, 0, first.port(), "localhost");
            here.network().dns().service(service, 2, 0, second.port(), "localhost");
            romeo.sends("<message type='chat' id='m' to='juliet@" + domain + "'><body>hark</body></message>");
            Link link = first.accepts();
            failure.happens(first, link);
            assertThat(second.authorizes("").reads("</message>")).contains("hark");
        }
    }

    @Test
    @Spec(doc = "XEP-0368", section = "3")
    void aServerThatClosesAtOnce() throws Exception {
        String domain = "closes.strict.example";
        secondIsTried(domain, PlayedServer.plain(domain), (_, link) -> link.close());
    }

    @Test
    void aServerThatDoesNotSpeakTls() throws Exception {
        String domain = "plain.strict.example";
        secondIsTried(domain, PlayedServer.plain(domain), (_, link) -> link.writes("<stream:stream>"));
    }

    @Test
    @Spec(doc = "RFC9525", section = "6.3")
    void aServerWithTheCertificateOfAnother() throws Exception {
        String domain = "other.strict.example";
        Issued wrong = here.network().authority().forDomain("another.example");
        secondIsTried(domain, PlayedServer.tls(domain, wrong), (server, link) -> {
            server.greets(link, "");
            link.reads("</stream:stream>");
        });
    }
}
