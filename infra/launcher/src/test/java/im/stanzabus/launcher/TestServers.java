package im.stanzabus.launcher;

import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.storage.DatabaseConfig;
import im.stanzabus.storage.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Servers of one test, all with the test run's database and a data folder below the test's own folder.
public final class TestServers implements AutoCloseable {
    private final Path folder;
    private final DatabaseConfig database;
    private final List<RunningServer> servers = new ArrayList<>();

    public TestServers(Path folder) throws Exception {
        this.folder = folder;
        Vertx vertx = Vertx.vertx();
        try {
            database = await(TestDatabase.freshConfig(vertx));
        } finally {
            await(vertx.close());
        }
    }

    /// The outcome of a future.
    public static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    DatabaseConfig database() {
        return database;
    }

    /// A configuration with these lines besides what every test needs.
    public String yaml(String more) {
        return """
                data: data
                http: {port: 0}
                database: {host: %s, port: %d, name: %s, user: %s, password: '%s', tls: off}
                %s
                """.formatted(
                        database.host(), database.port(), database.name(), database.user(), database.password(), more);
    }

    LaunchOptions options(String more, ServiceModule<?>... modules) {
        return LaunchOptions.of(ConfigFile.of(yaml(more), folder)).withModules(List.of(modules));
    }

    /// One process of a cluster on the test's database, with a data folder of its own.
    ///
    /// @param name of its data folder
    /// @param port for membership
    /// @param seed the port at which others are looked for
    LaunchOptions member(String name, int port, int seed, String more, ServiceModule<?>... modules) {
        String cluster =
                "cluster: {join: seeds, seeds: ['127.0.0.1:%d'], port: %d, dead-after: 3 s, join-timeout: 3 s%s}"
                        .formatted(seed, port, more);
        return LaunchOptions.of(ConfigFile.of(yaml(cluster).replace("data: data", "data: " + name), folder))
                .withModules(List.of(modules));
    }

    public RunningServer start(LaunchOptions options) throws Exception {
        RunningServer server = await(Launcher.start(options));
        servers.add(server);
        return server;
    }

    @Override
    public void close() throws Exception {
        for (RunningServer server : servers) {
            await(server.stop());
        }
    }
}
