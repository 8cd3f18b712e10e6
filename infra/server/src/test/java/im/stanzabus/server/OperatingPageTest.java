package im.stanzabus.server;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.XmppServerExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What operators are told to look at is there.
@ExtendWith(XmppServerExtension.class)
class OperatingPageTest {
    private static final Pattern NAMED = Pattern.compile("`(stanzabus_[a-z0-9_]+)`");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(stanzabus_[a-z0-9_]+)[{ ]");

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult result) -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Some meters are there when something has happened that they count.
    private static void live(Scene scene) {
        TestClient romeo = scene.online("romeo/orchard");
        TestClient juliet = scene.online("juliet/balcony");
        romeo.sends("<message to='${juliet}' type='chat'><body>It is the east</body></message>");
        juliet.awaits("<message from='${romeo/orchard}' type='chat'><body>It is the east</body></message>");
        romeo.asks("<iq type='get'><vCard xmlns='vcard-temp'/></iq>");
        TestStream stranger = scene.stranger();
        stranger.connection().send("<nonsense");
        stranger.connection().send("<");
        stranger.failsWith("not-well-formed");
    }

    @Test
    void everyMetricOfThePageIsServed(EmbeddedServer server, Scene scene) throws Exception {
        live(scene);
        Set<String> named = names(NAMED, Files.readString(Path.of("..", "..", "docs", "operating.md")));
        String scrape;
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI metrics = URI.create("http://127.0.0.1:" + server.httpPort() + "/metrics");
            scrape = client.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
        Set<String> served = names(SAMPLE, scrape);

        assertThat(named).hasSizeGreaterThan(15);
        assertThat(named)
                .allMatch(name -> served.contains(name) || served.contains(name + "_count"), "is one of " + served);
    }
}
