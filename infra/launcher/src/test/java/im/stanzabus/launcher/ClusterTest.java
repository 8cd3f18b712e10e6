package im.stanzabus.launcher;

import static im.stanzabus.launcher.TestServers.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.View;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(120)
class ClusterTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Purge QUESTION = new Purge(Jid.of("romeo@localhost"));

    @TempDir
    Path folder;

    private final List<String> diary = FakeService.newDiary();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private TestServers servers;
    private int port;

    @BeforeEach
    void prepare() throws Exception {
        servers = new TestServers(folder);
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void stop() throws Exception {
        servers.close();
    }

    private static List<String> nodes(RunningServer server) {
        View view = server.context().bus().membership().view();
        return view.members().stream().map(member -> member.node().name()).toList();
    }

    /// A service that answers at `log`.
    private FakeService answering() {
        return new FakeService("offline-service", diary)
                .first(context -> context.bus()
                        .serve(Addresses.LOG, Purge.class, _ -> Future.succeededFuture(Done.DONE))
                        .completion());
    }

    private RunningServer first() throws Exception {
        return servers.start(servers.member("first", port, port, "", answering()));
    }

    private RunningServer second() throws Exception {
        return servers.start(servers.member("second", 0, port, "", new FakeService("c2s-gateway", diary)));
    }

    @Test
    void processesWithDifferentServicesFormOneServer() throws Exception {
        RunningServer first = first();
        RunningServer second = second();
        Bus bus = second.context().bus();

        assertThat(nodes(second))
                .hasSize(2)
                .contains(first.context().bus().self().name());
        assertThat(await(bus.request(Addresses.LOG, QUESTION, Done.class))).isEqualTo(Done.DONE);
        assertThat(first.services()).containsExactly("offline-service");
        assertThat(first.cluster()).isEqualTo("stanzabus");

        await(first.stop());
        await().atMost(SOON).untilAsserted(() -> assertThat(nodes(second)).hasSize(1));
        assertThat(bus.membership().view().serving(Addresses.LOG)).isEmpty();
    }

    /// Otherwise what one of them sends to an account is for another server in the eyes of the other.
    @Test
    void whoHasOtherHostsIsToldOfAtBothSides() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(SameRouting.class);
        AppenderBase<ILoggingEvent> log = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                warnings.add(event.getFormattedMessage());
            }
        };
        log.start();
        logger.addAppender(log);
        try {
            RunningServer first = first();
            RunningServer second = second();
            assertThat(warnings).isEmpty();
            RunningServer third = servers.start(
                    servers.member("third", 0, port, "}\nhosts: [{domain: montague.example}]\nlog: {format: text"));

            await().atMost(SOON).untilAsserted(() -> assertThat(warnings).hasSize(4));
            String others = " has other hosts or routes than this process";
            for (RunningServer server : List.of(first, second)) {
                assertThat(warnings).haveExactly(1, says(server.context().bus().self() + others));
            }
            assertThat(warnings).haveExactly(2, says(third.context().bus().self() + others));
        } finally {
            logger.detachAppender(log);
        }
    }

    private static Condition<String> says(String text) {
        return new Condition<>(line -> line.startsWith(text), text);
    }

    @Test
    void processesHaveTheSameSecrets() throws Exception {
        ServiceContext first = first().context();
        ServiceContext second = second().context();

        assertThat(second.secret("dialback"))
                .hasSize(32)
                .isEqualTo(first.secret("dialback"))
                .isNotEqualTo(first.secret("something else"));
    }

    @Test
    void whoStopsSaysSoBeforeItsServicesEnd() throws Exception {
        RunningServer second =
                servers.start(servers.member("second", port, port, "", new FakeService("c2s-gateway", diary)));
        io.vertx.core.Promise<Void> mayStop = io.vertx.core.Promise.promise();
        RunningServer first =
                servers.start(servers.member("first", 0, port, "", answering().stopsAfter(mayStop)));
        Bus bus = second.context().bus();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(bus.membership().view().serving(Addresses.LOG))
                        .hasSize(1));

        Future<Void> stopping = first.stop();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                second.context().bus().membership().view().serving(Addresses.LOG))
                        .isEmpty());
        assertThat(nodes(second)).hasSize(2);
        mayStop.complete();
        await(stopping);
        await().atMost(SOON).untilAsserted(() -> assertThat(nodes(second)).hasSize(1));
    }

    @Test
    void oneProcessTellsAboutAll() throws Exception {
        RunningServer first = first();
        first.context().metrics().gauge("stanzabus.log.pending", 3);
        RunningServer second = second();
        await(second.context()
                .leases()
                .claim(Addresses.at("sm.0", second.context().bus().self()), Set.of(1, 2)));

        JsonObject status = status(first, "first");

        assertThat(status.getString("cluster")).isEqualTo("stanzabus");
        assertThat(status.getBoolean("database")).isTrue();
        assertThat(status.getJsonArray("members").stream().map(member -> ((JsonObject) member).getString("node")))
                .containsExactlyElementsOf(nodes(first));
        assertThat(status.getJsonObject("services").getMap()).isEqualTo(Map.of("c2s-gateway", 1, "offline-service", 1));
        assertThat(status.getJsonObject("totals").getMap())
                .containsEntry("stanzabus.log.pending", 3)
                .containsEntry("stanzabus.cluster.members", 4)
                .containsEntry("stanzabus.cluster.isolated", 0);
        // The two slots' holder does not serve that name: they are nobody's.
        assertThat(status.getJsonObject("slots").getInteger("unowned")).isEqualTo(1024);
        second.context().bus().membership().offer("sm.0");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                status(first, "first").getJsonObject("slots").getMap())
                        .containsEntry("unowned", 1022)
                        .containsEntry("moving", 0));
    }

    private JsonObject status(RunningServer server, String data) throws Exception {
        String token = Files.readString(folder.resolve(data + "/admin-token")).strip();
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.httpAddress() + "/admin/status"))
                .header("authorization", "Bearer " + token)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return new JsonObject(response.body());
        }
    }

    private void assertRefused(LaunchOptions options, String message) {
        assertThatThrownBy(() -> servers.start(options))
                .hasCauseInstanceOf(StartupException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aProcessThatDoesNotGoTogetherWithTheClusterSaysWhy() throws Exception {
        first();

        assertRefused(
                servers.member("other", 0, port, ", name: other"),
                "of cluster 'stanzabus', and cluster.name here is 'other'");
        assertRefused(
                LaunchOptions.of(ConfigFile.of(servers.yaml(""), folder)).withModules(List.of()),
                "is in use by another Stanzabus process");
    }

    @Test
    void aBusPortThatIsTakenIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused(
                    servers.member("first", port, port, ", bus-port: " + taken.getLocalPort()),
                    "cluster.bus-port " + taken.getLocalPort() + " at cluster.host 127.0.0.1 cannot be listened on");
        }
    }

    @Test
    void aProcessWithoutItsClusterSaysSo() {
        assertRefused(servers.member("lonely", 0, port, ""), "none of 127.0.0.1:" + port + " answers within 3 s");
    }

    @Test
    void someServicesAloneNeedACluster() {
        LaunchOptions options =
                servers.options("", new FakeService("c2s-gateway", diary), new FakeService("auth-service", diary));

        assertRefused(options.withServices(Set.of("c2s-gateway")), "set cluster.join");
        assertThat(diary).isEmpty();
    }

    @Test
    void startsOnlyTheServicesThatAreNamed() throws Exception {
        LaunchOptions options = servers.member(
                "first", port, port, "", new FakeService("c2s-gateway", diary), new FakeService("auth-service", diary));

        RunningServer server = servers.start(options.withServices(Set.of("auth-service")));

        assertThat(server.services()).containsExactly("auth-service");
        assertThat(diary).containsExactly("start auth-service", "ready auth-service");
    }

    @Test
    void stopsInTimeWithoutDatabaseAndWithoutTheOthers() throws Exception {
        RunningServer first = first();
        RunningServer second = second();
        await(second.context().database().close());
        await(first.context().database().close());
        Future<Void> one = first.stop();
        Future<Void> other = second.stop();

        await().atMost(Duration.ofSeconds(30)).until(() -> one.isComplete() && other.isComplete());
    }
}
