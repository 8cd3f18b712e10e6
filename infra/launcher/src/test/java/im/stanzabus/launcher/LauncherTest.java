package im.stanzabus.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.Done;
import im.stanzabus.launcher.config.ConfigException;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.storage.DatabaseConfig;
import im.stanzabus.storage.EmbeddedPostgres;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
    @TempDir
    static Path databaseFolder;

    private static EmbeddedPostgres postgres;

    @TempDir
    Path folder;

    private final List<String> diary = FakeService.newDiary();
    private final List<RunningServer> servers = new ArrayList<>();

    @BeforeAll
    static void startDatabase() {
        postgres = EmbeddedPostgres.start(databaseFolder, 0);
    }

    @AfterAll
    static void stopDatabase() {
        postgres.close();
    }

    @AfterEach
    void stopServers() throws Exception {
        for (RunningServer server : servers) {
            await(server.stop());
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private String yaml(String more) {
        DatabaseConfig database = postgres.config();
        return """
                data: data
                http: {port: 0}
                database: {host: %s, port: %d, name: %s, user: %s, password: '%s', tls: off}
                %s
                """.formatted(
                        database.host(), database.port(), database.name(), database.user(), database.password(), more);
    }

    private LaunchOptions options(String more, ServiceModule<?>... modules) {
        return LaunchOptions.of(ConfigFile.of(yaml(more), folder)).withModules(List.of(modules));
    }

    private RunningServer start(LaunchOptions options) throws Exception {
        RunningServer server = await(Launcher.start(options));
        servers.add(server);
        return server;
    }

    private HttpResponse<String> http(RunningServer server, String method, String path, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port("http.port") + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private String[] token() throws Exception {
        return new String[] {
            "authorization",
            "Bearer " + Files.readString(folder.resolve("data/admin-token")).strip()
        };
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
    void startsServicesOfOneStageTogether() throws Exception {
        io.vertx.core.Promise<Void> bothAreStarting = io.vertx.core.Promise.promise();
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
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
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

    @Test
    void tellsThatTheHttpPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String yaml = yaml("").replace("{port: 0}", "{port: " + taken.getLocalPort() + "}");
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
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        String yaml = yaml("").replace("port: " + postgres.config().port() + ",", "port: " + port + ",")
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

        assertThat(server.hosts()).containsExactly(new VirtualHost("montague.example", false, false, true));
        assertThat(server.context().router().isHost("montague.example")).isTrue();
    }

    @Test
    void servesHealthAndMetrics() throws Exception {
        RunningServer server = start(options("", new FakeService("auth-service", diary)));

        assertThat(http(server, "GET", "/health/live", "").statusCode()).isEqualTo(200);
        HttpResponse<String> ready = http(server, "GET", "/health/ready", "");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(ready.body()))
                .isEqualTo(new JsonObject()
                        .put("ready", true)
                        .put("status", "ready")
                        .put("parts", new JsonObject().put("database", "up").put("auth-service", "up")));
        HttpResponse<String> metrics = http(server, "GET", "/metrics", "");
        assertThat(metrics.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(metrics.body()).contains("jvm_memory_used_bytes{");
        assertThat(http(server, "POST", "/metrics", "").statusCode()).isEqualTo(405);
        assertThat(http(server, "GET", "/nothing", "").statusCode()).isEqualTo(404);
    }

    @Test
    void isNotReadyWithoutDatabase() throws Exception {
        RunningServer server = start(options(""));
        await(server.context().database().close());

        HttpResponse<String> ready = http(server, "GET", "/health/ready", "");

        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(new JsonObject(ready.body()).getString("status")).isEqualTo("degraded");
        assertThat(http(server, "GET", "/health/live", "").statusCode()).isEqualTo(200);
    }

    @Test
    void isLiveAndNotReadyWhileItStops() throws Exception {
        io.vertx.core.Promise<Void> mayStop = io.vertx.core.Promise.promise();
        RunningServer server = start(options("", new FakeService("auth-service", diary).stopsAfter(mayStop)));
        Future<Void> stopping = server.stop();
        try {
            HttpResponse<String> ready = http(server, "GET", "/health/ready", "");
            while (ready.statusCode() == 200) {
                ready = http(server, "GET", "/health/ready", "");
            }
            assertThat(new JsonObject(ready.body()).getString("status")).isEqualTo("stopping");
            assertThat(http(server, "GET", "/health/live", "").statusCode()).isEqualTo(200);
        } finally {
            mayStop.complete();
        }
        await(stopping);
    }

    @Test
    void refusesRequestsUnderForeignNames() throws Exception {
        RunningServer server = start(options(""));

        assertThat(raw(server, "GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ");
        assertThat(raw(server, "GET /health/live HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 421 ");
        assertThat(raw(server, "GET /health/live HTTP/1.1\r\nHost: localhost:1\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(raw(server, "GET /health/live HTTP/1.1\r\nHost: [::1]\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    private static String raw(RunningServer server, String request) throws Exception {
        try (java.net.Socket socket = new java.net.Socket("127.0.0.1", server.port("http.port"))) {
            socket.getOutputStream().write(request.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            return new java.io.BufferedReader(new java.io.InputStreamReader(
                            socket.getInputStream(), java.nio.charset.StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    void letsOnlyTheAdministratorAdminister() throws Exception {
        RunningServer server = start(options(""));

        assertThat(http(server, "GET", "/admin/users?host=localhost", "").statusCode())
                .isEqualTo(401);
        assertThat(http(server, "GET", "/admin/users?host=localhost", "", "authorization", "Bearer nonsense")
                        .statusCode())
                .isEqualTo(401);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("data/admin-token"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("data"))))
                .isEqualTo("rwx------");
    }

    @Test
    void mapsUsersOntoTheBus() throws Exception {
        List<AuthRequest> asked = FakeServiceRequests.record();
        RunningServer server = start(options("", new FakeService("auth-service", diary).first(context -> {
                    context.bus()
                            .serve(
                                    Addresses.AUTH,
                                    AuthRequest.class,
                                    request -> FakeServiceRequests.answer(asked, request));
                    return Future.succeededFuture();
                })));

        assertThat(http(server, "POST", "/admin/users", "{\"jid\":\"Romeo@localhost\",\"password\":\"x\"}", token())
                        .statusCode())
                .isEqualTo(201);
        assertThat(http(server, "PUT", "/admin/users/romeo%40localhost/password", "{\"password\":\"y\"}", token())
                        .statusCode())
                .isEqualTo(204);
        HttpResponse<String> list = http(server, "GET", "/admin/users?host=localhost&limit=2", "", token());
        assertThat(new JsonObject(list.body()).getJsonArray("users")).isEqualTo(new JsonArray().add("romeo@localhost"));
        assertThat(http(server, "DELETE", "/admin/users/romeo%40localhost", "", token())
                        .statusCode())
                .isEqualTo(204);
        HttpResponse<String> missing = http(server, "DELETE", "/admin/users/nobody%40localhost", "", token());
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).contains("there is no such account");
        assertThat(asked.stream().map(request -> request.getClass().getSimpleName()))
                .containsExactly("CreateAccount", "ChangePassword", "ListAccounts", "RemoveAccount", "RemoveAccount");
        assertThat(asked.getFirst().toString()).contains("romeo@localhost");
    }

    @Test
    void refusesBadAdministrationRequests() throws Exception {
        RunningServer server = start(options(""));
        Map<String, Integer> bodies = Map.of(
                "{",
                400,
                "{}",
                400,
                "{\"jid\":\"localhost\",\"password\":\"x\"}",
                400,
                "{\"jid\":\"a b@localhost\",\"password\":\"x\"}",
                400,
                "{\"jid\":\"a@localhost\",\"password\":\"" + "x".repeat(20_000) + "\"}",
                413,
                "{\"jid\":\"a@localhost\",\"password\":\"x\"}",
                503);
        for (Map.Entry<String, Integer> body : bodies.entrySet()) {
            assertThat(http(server, "POST", "/admin/users", body.getKey(), token())
                            .statusCode())
                    .as(body.getKey())
                    .isEqualTo(body.getValue());
        }
        assertThat(http(server, "PATCH", "/admin/users", "", token()).statusCode())
                .isEqualTo(405);
        assertThat(http(server, "GET", "/admin/users?limit=0", "", token()).statusCode())
                .isEqualTo(400);
        assertThat(http(server, "GET", "/admin/else", "", token()).statusCode()).isEqualTo(404);
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

    /// The auth-service of these tests.
    private static final class FakeServiceRequests {
        static List<AuthRequest> record() {
            return new java.util.concurrent.CopyOnWriteArrayList<>();
        }

        static Future<? extends im.stanzabus.bus.BusMessage> answer(List<AuthRequest> asked, AuthRequest request) {
            asked.add(request);
            if (request instanceof AuthRequest.ListAccounts) {
                return Future.succeededFuture(
                        new AuthRequest.Accounts(List.of(im.stanzabus.stanza.Jid.of("romeo@localhost"))));
            }
            if (request instanceof AuthRequest.RemoveAccount remove
                    && "nobody".equals(remove.account().local())) {
                return Future.failedFuture(
                        new BusFailure(StanzaError.of(StanzaError.Condition.ITEM_NOT_FOUND), "no account"));
            }
            return Future.succeededFuture(Done.DONE);
        }
    }
}
