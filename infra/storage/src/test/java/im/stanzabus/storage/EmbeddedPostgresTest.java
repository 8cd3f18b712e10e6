package im.stanzabus.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
    private static final String BINARIES = "postgresql-" + PostgresBinaries.VERSION;

    @TempDir
    Path folder;

    /// Unpacking takes seconds; it is done once.
    @BeforeEach
    void shareBinaries() throws Exception {
        Path shared = Files.createDirectories(Path.of("target", "test-binaries"));
        PostgresBinaries.in(shared);
        Files.createSymbolicLink(
                folder.resolve(BINARIES), shared.resolve(BINARIES).toAbsolutePath());
    }

    @AfterEach
    void removeLink() throws Exception {
        Files.delete(folder.resolve(BINARIES));
    }

    @Test
    void startsAgainByItselfWhenItWasKilled() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder, 0)) {
            execute(server.config(), "CREATE TABLE kept (n int)");
            long pid = Long.parseLong(Files.readAllLines(pidFile()).getFirst().strip());
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() ->
                            query(server.config(), "SELECT count(*) FROM kept").equals("0")
                                    && Long.parseLong(Files.readAllLines(pidFile())
                                                    .getFirst()
                                                    .strip())
                                            != pid);
        }
    }

    private Path pidFile() throws Exception {
        try (java.util.stream.Stream<Path> files = Files.walk(folder, 2)) {
            return files.filter(file -> file.endsWith("postmaster.pid"))
                    .findAny()
                    .orElseThrow();
        }
    }

    @Test
    void keepsDataBetweenStartsAndStartsFastWhenWarm() throws Exception {
        try (EmbeddedPostgres first = EmbeddedPostgres.start(folder, 0)) {
            execute(first.config(), "CREATE TABLE kept (n int)");
            execute(first.config(), "INSERT INTO kept VALUES (42)");
            assertThat(query(first.config(), "SHOW server_version")).startsWith(PostgresBinaries.VERSION);
            assertThat(query(first.config(), "SHOW fsync")).isEqualTo("on");
            assertThat(query(first.config(), "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(query(first.config(), "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(first.config(), "SELECT lower('ÄÖ')")).isEqualTo("äö");
        }
        Duration fastest = Duration.ofHours(1);
        for (int i = 0; i < 3; i++) {
            long begin = System.nanoTime();
            try (EmbeddedPostgres again = EmbeddedPostgres.start(folder, 0)) {
                Duration took = Duration.ofNanos(System.nanoTime() - begin);
                fastest = took.compareTo(fastest) < 0 ? took : fastest;
                assertThat(query(again.config(), "SELECT n FROM kept")).isEqualTo("42");
            }
        }
        assertThat(fastest).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void asksForThePasswordThatOnlyTheOwnerCanRead() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder, 0)) {
            Path file = folder.resolve("password");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(server.config().toString())
                    .doesNotContain(server.config().password());
            DatabaseConfig right = server.config();
            DatabaseConfig wrong = new DatabaseConfig(
                    right.host(), right.port(), right.name(), right.user(), "guess", right.tls(), right.poolSize());
            assertThatThrownBy(() -> query(wrong, "SELECT 1"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void startsAfterTheServerWasKilled() throws Exception {
        EmbeddedPostgres killed = EmbeddedPostgres.start(folder, 0);
        execute(killed.config(), "CREATE TABLE kept AS SELECT 42 AS n");
        ProcessHandle server = postmaster();
        server.destroyForcibly();
        server.onExit().join();
        killed.close();
        try (EmbeddedPostgres again = EmbeddedPostgres.start(folder, 0)) {
            assertThat(query(again.config(), "SELECT n FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void stopsTheServerThatAKilledProcessLeftRunning() throws Exception {
        Process killed = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StartAndStay.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(killed.inputReader().lines().anyMatch(line -> line.equals("started")))
                    .isTrue();
        } finally {
            killed.destroyForcibly().onExit().join();
        }
        PostmasterFile orphan = PostmasterFile.read(folder.resolve("data"));
        assertThat(orphan).isNotNull();
        assertThat(orphan.runs(folder.resolve("data"))).isTrue();
        try (EmbeddedPostgres again = EmbeddedPostgres.start(folder, 0)) {
            assertThat(orphan.runs(folder.resolve("data"))).isFalse();
            assertThat(query(again.config(), "SELECT n FROM kept")).isEqualTo("42");
        }
    }

    /// What a process that is killed later does; a program of its own.
    static final class StartAndStay {
        public static void main(String[] args) throws Exception {
            EmbeddedPostgres server = EmbeddedPostgres.start(Path.of(args[0]), 0);
            execute(server.config(), "CREATE TABLE kept AS SELECT 42 AS n");
            System.out.println("started");
            Thread.currentThread().join();
        }
    }

    @Test
    void leavesAnotherProgramWithTheOldProcessIdAlone() throws Exception {
        EmbeddedPostgres.start(folder, 0).close();
        Process bystander = new ProcessBuilder("cat").start();
        try {
            Path data = folder.resolve("data");
            Files.writeString(
                    data.resolve("postmaster.pid"),
                    bystander.pid() + "\n" + data + "\n0\n5432\n\n127.0.0.1\n\nready\n");
            try (EmbeddedPostgres again = EmbeddedPostgres.start(folder, 0)) {
                assertThat(query(again.config(), "SELECT 1")).isEqualTo("1");
            }
            assertThat(bystander.isAlive()).isTrue();
        } finally {
            bystander.destroy();
        }
    }

    @Test
    void beginsAnewAfterAFirstStartThatWasInterrupted() throws Exception {
        Files.createDirectories(folder.resolve("data.new/base"));
        Files.writeString(folder.resolve("password"), "of the interrupted start");
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder, 0)) {
            assertThat(query(server.config(), "SELECT 1")).isEqualTo("1");
            assertThat(folder.resolve("data.new")).doesNotExist();
        }
    }

    @Test
    void refusesAFolderThatIsInUse() {
        try (EmbeddedPostgres first = EmbeddedPostgres.start(folder, 0)) {
            assertThat(first.config().port()).isPositive();
            assertThatThrownBy(() -> EmbeddedPostgres.start(folder, 0))
                    .isInstanceOf(DatabaseUnavailable.class)
                    .hasMessageContaining("in use by another Stanzabus");
        }
    }

    @Test
    void saysWhyItDoesNotStart() throws Exception {
        EmbeddedPostgres.start(folder, 0).close();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(folder, taken.getLocalPort()))
                    .isInstanceOf(DatabaseUnavailable.class)
                    .hasMessageContaining("could not create any TCP/IP sockets")
                    .hasMessageNotContaining("\n")
                    .hasMessageContaining("port " + taken.getLocalPort() + " is in use by another program")
                    .hasMessageContaining("database.port");
        }
    }

    private ProcessHandle postmaster() throws Exception {
        PostmasterFile file = PostmasterFile.read(folder.resolve("data"));
        assertThat(file).isNotNull();
        return ProcessHandle.of(file.pid()).orElseThrow();
    }

    private static void execute(DatabaseConfig config, String sql) throws SQLException {
        try (Connection connection = connect(config)) {
            connection.createStatement().execute(sql);
        }
    }

    private static String query(DatabaseConfig config, String sql) throws SQLException {
        try (Connection connection = connect(config);
                ResultSet rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(DatabaseConfig config) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + config.host() + ':' + config.port() + '/' + config.name(),
                config.user(),
                config.password());
    }
}
