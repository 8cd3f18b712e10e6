package im.stanzabus.server;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.storage.DatabaseConfig;
import im.stanzabus.storage.testing.TestDatabase;
import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.process.Command;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The command as its users meet it: a process with arguments, output, signals and an exit code.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ServerProcessTest {
    private static final Pattern HEALTH = Pattern.compile(" +health +(http://\\S+)");

    private static final String OTHER_SERVERS = "s2s-gateway: {host: 127.0.0.1, port: 0, direct-tls: {port: 0}}";
    private static final String ANY_PORTS =
            "c2s-gateway: {host: 127.0.0.1, port: 0, direct-tls: {port: 0}}\n" + OTHER_SERVERS;

    /// A finished command.
    private record Result(int exitCode, String out, String err) {}

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void stopProcesses() throws Exception {
        for (Process process : processes) {
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void configure(String... lines) throws IOException {
        Files.writeString(folder.resolve("stanzabus.yaml"), "http: {port: 0}\n" + String.join("\n", lines));
    }

    /// The test run's database, for tests that do not care where data is.
    private static String testDatabase() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            DatabaseConfig database = EmbeddedServer.await(TestDatabase.freshConfig(vertx));
            return "database: {host: %s, port: %d, name: %s, user: %s, password: '%s'}"
                    .formatted(database.host(), database.port(), database.name(), database.user(), database.password());
        } finally {
            EmbeddedServer.await(vertx.close());
        }
    }

    private Process start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        ProcessBuilder builder = Command.in(folder)
                .with(environment)
                .process(arguments)
                .redirectError(folder.resolve("stderr").toFile());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private Result run(String input, String... arguments) throws Exception {
        Process process = start(arguments);
        try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
            stdin.write(input);
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, Files.readString(folder.resolve("stderr")));
    }

    /// Reads what the server says until it is ready, and returns where its health is asked.
    private static URI ready(BufferedReader out) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher health = HEALTH.matcher(line);
            if (health.matches()) {
                return URI.create(health.group(1));
            }
        }
        throw new AssertionError("the server ended before it was ready");
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static int status(URI address) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Test
    void runsUntilSigtermAndKeepsItsAccounts() throws Exception {
        configure(ANY_PORTS);
        Process server = start("run");
        assertThat(status(ready(output(server)))).isEqualTo(200);
        assertThat(run("sesame\n", "user", "add", "romeo@localhost", "--password-stdin"))
                .isEqualTo(new Result(0, "added romeo@localhost\n", ""));

        server.destroy();

        assertThat(server.waitFor()).isZero();
        assertThat(Files.readString(folder.resolve("stderr"))).isEmpty();
        assertThat(run("", "user", "list")).isEqualTo(new Result(0, "romeo@localhost\n", ""));
        assertThat(folder.resolve("stanzabus-data/certificates/localhost.crt")).exists();
    }

    @Test
    void startsAgainAfterItWasKilled() throws Exception {
        configure(ANY_PORTS);
        Process first = start("run");
        ready(output(first));
        run("sesame\n", "user", "add", "romeo@localhost", "--password-stdin");
        first.destroyForcibly().waitFor();

        Process second = start("run");
        assertThat(status(ready(output(second)))).isEqualTo(200);

        assertThat(run("", "user", "list").out()).isEqualTo("romeo@localhost\n");
    }

    @Test
    void sigtermWhileStartingIsNoFailureEither() throws Exception {
        configure(ANY_PORTS);
        Process server = start("run");
        String first = output(server).readLine();

        server.destroy();

        assertThat(first).contains("embedded PostgreSQL");
        assertThat(server.waitFor()).isZero();
        assertThat(folder.resolve("stanzabus-data/server.json")).doesNotExist();
    }

    @Test
    void oneServerAFolder() throws Exception {
        configure(ANY_PORTS, testDatabase());
        Process server = start("run");
        ready(output(server));

        Result second = run("", "run");

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err()).hasLineCount(1).contains("is in use by another stanzabus, process " + server.pid());
    }

    @Test
    void aTakenPortIsOneLineAndExitCodeOne() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            configure(
                    "c2s-gateway: {host: 127.0.0.1, port: %d, direct-tls: {enabled: false}}"
                            .formatted(taken.getLocalPort()),
                    OTHER_SERVERS,
                    testDatabase());

            assertThat(run("", "run"))
                    .extracting(Result::exitCode, Result::err)
                    .containsExactly(
                            1,
                            "port " + taken.getLocalPort()
                                    + " is in use by another program; set c2s-gateway.port to another port\n");
        }
    }

    @Test
    void aServiceThatDoesNotExistIsWrongUsage() throws Exception {
        configure(ANY_PORTS);

        Result result = run("", "run", "c2s-gatway");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("stanzabus run: there is no service 'c2s-gatway'; there are auth-service, c2s-gateway,");
    }

    @Test
    void aServiceThatIsNamedTwiceIsWrongUsage() throws Exception {
        configure(ANY_PORTS);

        Result result = run("", "run", "c2s-gateway", "auth-service", "c2s-gateway");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("stanzabus run: 'c2s-gateway' is named twice\n");
    }

    @Test
    void someServicesWithoutAClusterAreOneLineAndExitCodeOne() throws Exception {
        configure(ANY_PORTS);

        Result result = run("", "run", "c2s-gateway");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).hasLineCount(1).contains("set cluster.join");
    }

    @Test
    void partsOfOneServerRunInProcessesOfTheirOwn() throws Exception {
        int seed;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            seed = free.getLocalPort();
        }
        configure(
                ANY_PORTS,
                testDatabase(),
                "cluster: {join: seeds, seeds: ['127.0.0.1:%d'], port: 0, dead-after: 2 s}".formatted(seed));
        Map<String, String> first =
                Map.of("STANZABUS_CLUSTER_PORT", Integer.toString(seed), "STANZABUS_CLUSTER_NODE", "first");
        Map<String, String> second = Map.of("STANZABUS_DATA", "second", "STANZABUS_CLUSTER_NODE", "second");
        Process services = start(
                first,
                "run",
                "auth-service",
                "roster-service",
                "offline-service",
                "profile-service",
                "session-service");
        ready(output(services));
        Process gateway = start(second, "run", "c2s-gateway");
        assertThat(status(ready(output(gateway)))).isEqualTo(200);

        Result status = run("", "status");
        assertThat(status.exitCode()).isZero();
        assertThat(status.out())
                .startsWith("cluster stanzabus, database up\n")
                .containsPattern("first-[0-9a-f]{8} +\\S+ +up [0-9]+ s +auth-service, offline-service,")
                .containsPattern("second-[0-9a-f]{8} +\\S+ +up [0-9]+ s +c2s-gateway  \\(0 connections, 0 bound\\)")
                .contains("\nconnections  0, 0 bound\n")
                .contains("\nwaiting      log.pending 0, session.appending 0, session.unaccepted 0\n")
                .contains("0 unowned, 0 moving");

        signal(gateway, "STOP");
        awaitStatus(out -> !out.contains("second-"));
        signal(gateway, "CONT");
        awaitStatus(out -> out.contains("second-") && !out.contains("does not answer"));

        gateway.destroy();
        assertThat(gateway.waitFor()).isZero();
        assertThat(run("", "status").out()).contains("first-").doesNotContain("second-");
        services.destroy();
        assertThat(services.waitFor()).isZero();
    }

    private static void signal(Process process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /// Asks again and again; the test's time-out is the limit.
    private void awaitStatus(Predicate<String> expected) throws Exception {
        String out;
        do {
            out = run("", "status").out();
        } while (!expected.test(out));
    }

    @Test
    void writesLogLinesAsJson() throws Exception {
        configure(ANY_PORTS, testDatabase(), "log: {format: json}");
        Process server = start("run");
        BufferedReader out = output(server);

        List<String> lines = new ArrayList<>();
        do {
            lines.add(out.readLine());
        } while (!lines.getLast().contains("\"ready; "));
        server.destroy();
        assertThat(server.waitFor()).isZero();

        assertThat(lines).allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"));
        assertThat(lines.getLast()).contains("\"level\":\"INFO\"").contains("hosts localhost");
    }
}
