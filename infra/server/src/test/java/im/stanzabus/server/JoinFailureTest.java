package im.stanzabus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import im.stanzabus.launcher.Version;
import im.stanzabus.testkit.process.ClusterFolder;
import im.stanzabus.testkit.process.Command;
import im.stanzabus.testkit.process.Command.Result;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process that may not or cannot join a cluster ends by itself, and says why in one line.
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class JoinFailureTest {
    private static final String SERVICE = "session-service";

    /// That of the configuration, and what a start takes on a busy machine.
    private static final Duration PATIENCE = Duration.ofSeconds(3 + 40);

    @TempDir
    Path folder;

    private static void isOneLine(Result result, String expected) {
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).hasLineCount(1).contains(expected);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void nobodyAnswers() throws Exception {
        int seed = ClusterFolder.freePort();
        try (ClusterFolder cluster = new ClusterFolder(folder, seed, "5 s")) {
            long begin = System.nanoTime();

            Result result = cluster.command("late").run("run", SERVICE);

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofSeconds(3), PATIENCE);
            isOneLine(
                    result,
                    "the cluster 'stanzabus' cannot be joined: none of 127.0.0.1:" + seed + " answers within 3 s, and"
                            + " this process is none of them, so it may not begin a cluster itself");
        }
    }

    @Test
    void whatListensSaysNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ClusterFolder cluster = new ClusterFolder(folder, silent.getLocalPort(), "5 s")) {
            long begin = System.nanoTime();

            Result result = cluster.command("late").run("run", SERVICE);

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PATIENCE);
            isOneLine(result, "none of 127.0.0.1:" + silent.getLocalPort() + " answers within 3 s");
        }
    }

    @Test
    void theOnesThatAreThereAreOthers() throws Exception {
        int seed = ClusterFolder.freePort();
        Path theirs = folder.resolve("theirs");
        Path ours = folder.resolve("ours");
        int protocol = Version.PROTOCOL + 1;
        Path classes = OtherProtocol.compile(protocol, folder.resolve("protocol-" + protocol));
        try (ClusterFolder there = new ClusterFolder(theirs, seed, "5 s");
                ClusterFolder here = new ClusterFolder(ours, seed, "5 s")) {
            there.start(there.seed("first"), "auth-service");
            String stranger = "at 127.0.0.1:" + seed + " there is a cluster that this process does not belong to: it"
                    + " has another database, another name than 'stanzabus', or a version that speaks another protocol"
                    + " than ";
            Command second = there.command("second");
            String inUse = "the database is in use by another Stanzabus process, first-";

            isOneLine(here.command("second").run("run", SERVICE), stranger + Version.PROTOCOL);
            isOneLine(here.command("second").with(classes).run("run", SERVICE), stranger + protocol);
            isOneLine(second.with(Map.of("STANZABUS_CLUSTER_NAME", "other")).run("run", SERVICE), inUse);
            isOneLine(
                    second.with(classes).run("run", SERVICE),
                    ", which speaks protocol " + Version.PROTOCOL + "; this version, " + Version.CURRENT
                            + ", speaks protocol " + protocol + " and cannot join");
            assertThat(there.command("first").run("status").out())
                    .startsWith("cluster stanzabus, database up\n")
                    .containsOnlyOnce("up ")
                    .contains("services     auth-service 1\n");
        }
    }

    /// Such as a backup that was restored to look at it, with the configuration as it was.
    @Test
    void theOnesThatAreThereLiveOnWhatThisDatabaseIsACopyOf() throws Exception {
        int seed = ClusterFolder.freePort();
        try (ClusterFolder there = ClusterFolder.onCopy(folder.resolve("original"), seed);
                ClusterFolder here = ClusterFolder.onCopy(folder.resolve("copy"), seed)) {
            there.start(there.seed("first"), "auth-service");

            isOneLine(
                    here.command("second").run("run", SERVICE),
                    "the cluster that was found lives on another database or does not reach it: first-");
        }
    }

    @Test
    void whoIsToldToEndWhileItWaitsEndsInGoodOrder() throws Exception {
        try (ClusterFolder cluster = new ClusterFolder(folder, ClusterFolder.freePort(), "5 s")) {
            Path said = folder.resolve("said");
            Process waiting = cluster.command("late")
                    .process("run", SERVICE)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            try {
                await().atMost(PATIENCE).until(() -> isEntered(cluster));

                waiting.destroy();

                assertThat(waiting.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                assertThat(waiting.exitValue()).isZero();
                assertThat(Files.readString(said)).doesNotContain("\tat ").doesNotContain("ERROR");
            } finally {
                waiting.destroyForcibly();
            }
        }
    }

    /// A process is on the database before it looks for others.
    private static boolean isEntered(ClusterFolder cluster) throws SQLException {
        try (Connection sql = cluster.sql();
                Statement statement = sql.createStatement();
                ResultSet table = statement.executeQuery("SELECT to_regclass('bus_node')")) {
            table.next();
            if (table.getString(1) == null) {
                return false;
            }
        }
        try (Connection sql = cluster.sql();
                Statement statement = sql.createStatement();
                ResultSet processes = statement.executeQuery("SELECT count(*) FROM bus_node")) {
            processes.next();
            return processes.getInt(1) > 0;
        }
    }
}
