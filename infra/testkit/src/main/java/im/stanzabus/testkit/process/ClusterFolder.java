package im.stanzabus.testkit.process;

import im.stanzabus.storage.DatabaseConfig;
import im.stanzabus.storage.testing.TestDatabase;
import im.stanzabus.testkit.EmbeddedServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A cluster of real processes on this machine, on a database of its own. Each process has a name,
/// which is that of its data folder too. Services are on the class path of the test, unless the
/// {@link Command} of a process says something else. To be used by one thread.
public final class ClusterFolder implements AutoCloseable {
    private final Path folder;
    private final int seed;
    private final DatabaseConfig database;
    private final List<ServerProcess> processes = new ArrayList<>();

    /// @param folder where the configuration and everything else goes
    /// @param seed the only port at which others are looked for
    /// @param deadAfter of `cluster.dead-after`
    public ClusterFolder(Path folder, int seed, String deadAfter) throws IOException {
        this(folder, seed, deadAfter, database(TestDatabase::bare));
    }

    private ClusterFolder(Path folder, int seed, String deadAfter, DatabaseConfig database) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.seed = seed;
        this.database = database;
        Files.writeString(folder.resolve("stanzabus.yaml"), """
                http: {port: 0}
                c2s-gateway: {host: 127.0.0.1, port: 0, direct-tls: {port: 0}}
                s2s-gateway: {host: 127.0.0.1, port: 0, direct-tls: {port: 0}}
                auth-service: {iterations: 4096}
                database: {host: %s, port: %d, name: %s, user: %s, password: '%s', pool-size: 4}
                cluster: {join: seeds, seeds: ['127.0.0.1:%d'], port: 0, dead-after: %s, join-timeout: 3 s}
                """.formatted(
                        database.host(),
                        database.port(),
                        database.name(),
                        database.user(),
                        database.password(),
                        seed,
                        deadAfter));
    }

    /// On a copy of the same database as all others that are made so.
    public static ClusterFolder onCopy(Path folder, int seed) throws IOException {
        return new ClusterFolder(folder, seed, "5 s", database(TestDatabase::freshConfig));
    }

    private static DatabaseConfig database(Function<Vertx, Future<DatabaseConfig>> made) {
        Vertx vertx = Vertx.vertx();
        try {
            return EmbeddedServer.await(made.apply(vertx));
        } finally {
            EmbeddedServer.await(vertx.close());
        }
    }

    /// A port that nobody listens on at the moment.
    public static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /// A connection to the database, for a test that wants to hold something up.
    public Connection sql() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.name(),
                database.user(),
                database.password());
    }

    /// The command as it concerns one process.
    public Command command(String name) {
        return Command.in(folder).with(Map.of("STANZABUS_DATA", name, "STANZABUS_CLUSTER_NODE", name));
    }

    /// The process that others find, or that finds them if it is not the first.
    public Command seed(String name) {
        return command(name).with(Map.of("STANZABUS_CLUSTER_PORT", Integer.toString(seed)));
    }

    /// Starts some services and waits until they are ready.
    ///
    /// @param services their names; none for all
    public ServerProcess start(Command command, String... services) throws IOException {
        ServerProcess process = new ServerProcess(command, services);
        processes.add(process);
        return process;
    }

    @Override
    public void close() {
        for (ServerProcess process : processes.reversed()) {
            process.close();
        }
    }
}
