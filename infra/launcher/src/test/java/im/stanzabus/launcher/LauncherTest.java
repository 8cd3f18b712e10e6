package im.stanzabus.launcher;

import static im.stanzabus.launcher.TestServers.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.launcher.config.ConfigException;
import im.stanzabus.launcher.config.ConfigFile;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
    @TempDir
    Path folder;

    private final List<String> diary = FakeService.newDiary();
    private TestServers servers;

    @BeforeEach
    void prepare() throws Exception {
        servers = new TestServers(folder);
    }

    @AfterEach
    void stop() throws Exception {
        servers.close();
    }

    private LaunchOptions options(String more, ServiceModule<?>... modules) {
        return servers.options(more, modules);
    }

    private RunningServer start(LaunchOptions options) throws Exception {
        return servers.start(options);
    }

    @Test
    void startsByStagesAndStopsTheOtherWay() throws Exception {
        RunningServer server = start(options(
                "",
                new FakeService("c2s-gateway", diary),
                new FakeService("auth-service", diary),
                new FakeService("session-service", diary)));
        assertThat(server.port("c2s-gateway.port")).isPositive();

        await(server.stop());

        assertThat(diary)
                .containsExactly(
                        "start auth-service",
                        "ready auth-service",
                        "start session-service",
                        "ready session-service",
                        "start c2s-gateway",
                        "ready c2s-gateway",
                        "stop c2s-gateway",
                        "stopped c2s-gateway",
                        "stop session-service",
                        "stopped session-service",
                        "stop auth-service",
                        "stopped auth-service");
    }

    @Test
    void servicesAreWaitedForAsLongAsTheySay() throws Exception {
        FakeService hangs = new FakeService("c2s-gateway", diary)
                .stopsAfter(Promise.promise())
                .stopsWithin(Duration.ofMillis(100));
        FakeService drains = new FakeService("session-service", diary).stopsWithin(Duration.ofMinutes(5));
        RunningServer server = start(options("", hangs, drains, new FakeService("auth-service", diary)));
        assertThat(server.stopLimit())
                .isEqualTo(Launcher.stopLimit(options("", hangs, drains, new FakeService("auth-service", diary))))
                .isGreaterThan(Duration.ofMinutes(5).plusSeconds(8));
        long begin = System.nanoTime();

        await(server.stop());

        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(100), Duration.ofSeconds(5));
        assertThat(diary).contains("stopped session-service").doesNotContain("stopped c2s-gateway");
    }

    @Test
    void startsServicesOfOneStageTogether() throws Exception {
        Promise<Void> bothAreStarting = Promise.promise();
        start(options(
                "",
                new FakeService("auth-service", diary).first(context -> bothAreStarting.future()),
                new FakeService("roster-service", diary).first(context -> {
                    bothAreStarting.complete();
                    return Future.succeededFuture();
                })));

        assertThat(diary).contains("ready auth-service", "ready roster-service");
    }

    @Test
    void aClosedServerHasNeitherGatewaysNorHttp() throws Exception {
        RunningServer server =
                start(options("", new FakeService("c2s-gateway", diary), new FakeService("auth-service", diary))
                        .closed());

        assertThat(server.ports()).containsOnlyKeys("auth-service.port");
    }

    @Test
    void tellsWhichKeyOfTheConfigurationHasATakenPort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            LaunchOptions options = options(
                    "c2s-gateway: {port: %d}".formatted(taken.getLocalPort()),
                    new FakeService("auth-service", diary),
                    new FakeService("c2s-gateway", diary));

            assertThatThrownBy(() -> start(options))
                    .hasCauseInstanceOf(StartupException.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " is in use")
                    .hasMessageContaining("set c2s-gateway.port to another port");
            assertThat(diary).contains("stopped auth-service").doesNotContain("ready c2s-gateway");
        }
        start(options("", new FakeService("auth-service", diary)));
    }

    /// A library of a service is missing: what was started before is stopped all the same.
    @Test
    void tellsThatAJarIsNotWhole() throws Exception {
        LaunchOptions options = options(
                "", new FakeService("auth-service", diary), new FakeService("session-service", diary).first(_ -> {
                            throw new NoClassDefFoundError("org/example/Missing");
                        }));

        assertThatThrownBy(() -> start(options))
                .hasCauseInstanceOf(StartupException.class)
                .hasMessageContaining("session-service did not start: its jar does not fit this version")
                .hasMessageContaining("org/example/Missing");
        assertThat(diary).contains("stopped auth-service");
        start(options("", new FakeService("auth-service", diary)));
    }

    @Test
    void tellsThatTheHttpPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String yaml = servers.yaml("").replace("{port: 0}", "{port: " + taken.getLocalPort() + "}");
            LaunchOptions options =
                    LaunchOptions.of(ConfigFile.of(yaml, folder)).withModules(List.of());

            assertThatThrownBy(() -> start(options))
                    .hasMessageContaining("port " + taken.getLocalPort() + " is in use")
                    .hasMessageContaining("http.port");
        }
    }

    @Test
    void tellsThatTheDatabaseCannotBeReached() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String yaml = servers.yaml("")
                .replace("port: " + servers.database().port() + ",", "port: " + port + ",")
                .replace("host: 127.0.0.1", "host: no-such-host.invalid");
        LaunchOptions options = LaunchOptions.of(ConfigFile.of(yaml, folder)).withModules(List.of());

        assertThatThrownBy(() -> start(options))
                .hasCauseInstanceOf(StartupException.class)
                .hasMessageContaining("no-such-host.invalid:" + port);
    }

    @Test
    void reportsTheErrorsOfAllSections() {
        LaunchOptions options = options(
                "auth-service: {port: many}\nroster-service: {prot: 1}\nhosts: [{domain: 'a@b'}, {domain: x.example}, {domain: X.example}]",
                new FakeService("auth-service", diary),
                new FakeService("roster-service", diary));

        assertThatThrownBy(() -> start(options))
                .cause()
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.errors().stream().map(Object::toString))
                                .satisfiesExactly(
                                        line -> assertThat(line)
                                                .startsWith("stanzabus.yaml:4: auth-service.port: must be a whole"),
                                        line -> assertThat(line)
                                                .isEqualTo(
                                                        "stanzabus.yaml:5: roster-service.prot: unknown key; did you mean 'port'?"),
                                        line -> assertThat(line)
                                                .startsWith("stanzabus.yaml:6: hosts[0].domain: 'a@b' is not a domain"),
                                        line -> assertThat(line)
                                                .isEqualTo(
                                                        "stanzabus.yaml:6: hosts[2].domain: 'x.example' is given twice")));
        assertThat(diary).isEmpty();
    }

    @Test
    void refusesADataFolderThatIsInUse() throws Exception {
        start(options(""));

        assertThatThrownBy(() -> start(options("")))
                .hasCauseInstanceOf(StartupException.class)
                .hasMessageContaining("is in use by another stanzabus, process "
                        + ProcessHandle.current().pid());
    }

    @Test
    void readsHostsInPreparedForm() throws Exception {
        RunningServer server = start(options("hosts: [{domain: Montague.Example, registration: true}]"));

        assertThat(server.hosts())
                .containsExactly(new VirtualHost("montague.example", false, false, true, true, Duration.ofDays(365)));
        assertThat(server.context().router().isHost("montague.example")).isTrue();
    }

    @Test
    void startsAndStopsAnEmbeddedDatabase() throws Exception {
        RunningServer server = start(LaunchOptions.of(ConfigFile.of("data: data\nhttp: {port: 0}", folder))
                .withModules(List.of()));
        await(server.context().database().query("SELECT 1").execute());
        await(server.stop());

        assertThat(folder.resolve("data/postgres")).isDirectory();
        assertThat(folder.resolve("data/server.json")).doesNotExist();
    }
}
