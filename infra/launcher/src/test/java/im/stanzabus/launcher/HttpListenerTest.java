package im.stanzabus.launcher;

import static im.stanzabus.launcher.TestServers.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.Done;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpListenerTest {
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

    /// It is away for all processes at once: none of them must lose its clients for that.
    @Test
    void saysThatTheDatabaseIsAwayAndStaysReady() throws Exception {
        RunningServer server = start(options(""));
        await(server.context().database().close());

        HttpResponse<String> ready = http(server, "GET", "/health/ready", "");

        assertThat(ready.statusCode()).isEqualTo(200);
        JsonObject said = new JsonObject(ready.body());
        assertThat(said.getString("status")).isEqualTo("degraded");
        assertThat(said.getJsonObject("parts").getString("database")).isEqualTo("down");
        assertThat(http(server, "GET", "/health/live", "").statusCode()).isEqualTo(200);
    }

    @Test
    void isLiveAndNotReadyWhileItStops() throws Exception {
        Promise<Void> mayStop = Promise.promise();
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
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port("http.port"))) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
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
        assertThat(raw(
                        server,
                        "DELETE /admin/users/%zz HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + token()[1]
                                + "\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(http(server, "GET", "/admin/else", "", token()).statusCode()).isEqualTo(404);
    }

    /// The auth-service of these tests.
    private static final class FakeServiceRequests {
        static List<AuthRequest> record() {
            return new CopyOnWriteArrayList<>();
        }

        static Future<? extends BusMessage> answer(List<AuthRequest> asked, AuthRequest request) {
            asked.add(request);
            if (request instanceof AuthRequest.ListAccounts) {
                return Future.succeededFuture(new AuthRequest.Accounts(List.of(Jid.of("romeo@localhost"))));
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
