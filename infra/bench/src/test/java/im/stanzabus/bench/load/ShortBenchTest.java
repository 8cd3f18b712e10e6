package im.stanzabus.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.EmbeddedServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// A few users and moments of load on a real server. What is asserted has nothing to do with how fast it is.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ShortBenchTest {
    private static EmbeddedServer server;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() {
        server = new EmbeddedServer("""
                hosts:
                  - {domain: bench.example, registration: true, archive: false}
                  - {domain: closed.example, registration: false}
                data: data
                http: {port: 0}
                auth-service: {registration: {per-address: 1000}, throttle: {per-address: 1000}}
                c2s-gateway:
                  host: 127.0.0.1
                  port: 0
                  starttls: optional
                  direct-tls: {enabled: false}
                s2s-gateway: {host: 127.0.0.1, port: 0, direct-tls: {enabled: false}}
                """);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private int bench(String arguments) {
        List<String> all = new ArrayList<>(List.of(arguments.split(" ")));
        all.addAll(List.of(
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(server.address().getPort())));
        all.addAll(List.of("--warm-up", "0.2", "--seconds", "0.5", "--settle", "0.1", "--patience", "60"));
        CommandLine command = LoadCommand.command();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(all.toArray(String[]::new));
    }

    @Test
    void everyScenarioIsMeasured() throws Exception {
        Path json = folder.resolve("bench.json");
        long pid = ProcessHandle.current().pid();

        int code = bench("login chat presence idle --domain bench.example --register --users 6 --hubs 2 --contacts 3"
                + " --under-way 5 --rates 0,50 --logins 3 --windows 2 --cpu server=" + pid + " --json " + json
                + " --plots " + folder.resolve("plots"));

        assertThat(code).as("%s\n%s", out, err).isZero();
        assertThat(out.toString())
                .startsWith("# Bench: valid\n")
                .contains("| login, 3 under way | 6 | none, SCRAM-SHA-256 | login |", "| chat, 5 under way |")
                .contains("| chat, 50/s |", "| presence to 3 contacts | 8 |", "| 6 idle users, none, SCRAM-SHA-256 |");
        JsonArray results = new JsonObject(Files.readString(json)).getJsonArray("results");
        assertThat(results.size()).isEqualTo(5);
        for (int i = 0; i < results.size() - 1; i++) {
            JsonArray windows = results.getJsonObject(i).getJsonArray("windows");
            assertThat(windows.size()).isEqualTo(2);
            JsonObject window = windows.getJsonObject(1);
            assertThat(window.getLong("done")).isPositive();
            assertThat(window.getJsonObject("latencyMicros").getLong("count")).isEqualTo(window.getLong("done"));
        }
        assertThat(folder.resolve("plots/latency.svg")).isNotEmptyFile();
        assertThat(folder.resolve("plots/throughput.svg")).isNotEmptyFile();
    }

    @Test
    void withTlsAndOtherContactsThanBefore() {
        String common = "--domain bench.example --register --user t%d --hubs 2 --logins 2 --windows 1 --tls";

        int first = bench("presence " + common + " --contacts 2 --auth scram-sha-1");
        int second = bench("presence chat --rates 0 --users 4 " + common + " --contacts 1 --auth plain --full-jids");

        assertThat(List.of(first, second)).as("%s\n%s", out, err).containsExactly(0, 0);
        assertThat(out.toString())
                .contains("| presence to 2 contacts | 6 | TLSv1.3 TLS_", ", SCRAM-SHA-1 |")
                .contains("| presence to 1 contacts | 4 |", ", PLAIN |");
    }

    @Test
    void usersWhoDoNotExistSpoilTheRun() {
        int code = bench("chat --domain bench.example --user nobody%d --users 3 --windows 1");

        assertThat(code).isEqualTo(1);
        assertThat(out.toString())
                .startsWith("# Bench: FAILED")
                .contains("nobody0: sasl: <failure", "not-authorized", "only 0 of 3 users could log in");
    }

    @Test
    void accountsThatTheServerDoesNotMakeSpoilItToo() {
        int code = bench("idle --domain closed.example --register --users 2 --windows 1");

        assertThat(code).isEqualTo(1);
        assertThat(out.toString()).contains("registration: <iq", "only 0 of 2 accounts could be made");
    }
}
