package im.stanzabus.storage.testing;

import im.stanzabus.storage.Database;
import im.stanzabus.storage.DatabaseConfig;
import im.stanzabus.storage.DatabaseUnavailable;
import im.stanzabus.storage.EmbeddedPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// For tests only: one embedded PostgreSQL per JVM, without durability, stopped when the JVM ends. Its files stay in
/// the module's `target` folder, so that only the first run after a clean build has to make them.
public final class TestDatabase {
    private static final String TEMPLATE = "test_template";
    private static final int FOLDERS = 4;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static @Nullable DatabaseConfig running;
    private static @Nullable CompletionStage<Void> template;

    private TestDatabase() {}

    /// An empty database of its own with the current schema. The caller closes it.
    public static Future<Database> fresh(Vertx vertx) {
        return freshConfig(vertx).compose(config -> Database.open(vertx, config));
    }

    /// How to reach an empty database of its own with the current schema, for tests that start a whole process.
    public static Future<DatabaseConfig> freshConfig(Vertx vertx) {
        return template(vertx).compose(_ -> create(vertx, " TEMPLATE " + TEMPLATE));
    }

    /// How to reach a database that nobody has touched, without any table.
    public static Future<DatabaseConfig> bare(Vertx vertx) {
        return create(vertx, "");
    }

    private static Future<DatabaseConfig> create(Vertx vertx, String options) {
        return blocking(vertx, () -> {
            DatabaseConfig config = server().withName("test_" + COUNT.incrementAndGet());
            admin("CREATE DATABASE " + config.name() + options);
            return config;
        });
    }

    /// Kept as a stage and not as a Vert.x future: the Vert.x that made it may be closed when the next test asks.
    private static synchronized Future<Void> template(Vertx vertx) {
        CompletionStage<Void> stage = template;
        if (stage == null) {
            stage = blocking(vertx, () -> {
                        admin("CREATE DATABASE " + TEMPLATE);
                        return server().withName(TEMPLATE);
                    })
                    .compose(config -> Database.open(vertx, config))
                    .compose(Database::close)
                    .toCompletionStage();
            template = stage;
        }
        return Future.fromCompletionStage(stage, vertx.getOrCreateContext());
    }

    private static Future<DatabaseConfig> blocking(Vertx vertx, Callable<DatabaseConfig> work) {
        return vertx.executeBlocking(work).map(result -> Objects.requireNonNull(result));
    }

    private static synchronized DatabaseConfig server() throws Exception {
        DatabaseConfig config = running;
        if (config == null) {
            EmbeddedPostgres server = start();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "test-postgres-stop"));
            config = server.config();
            running = config;
            admin("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET synchronous_commit = off");
            admin("ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()");
            dropLeftovers();
        }
        return config;
    }

    /// Several test runs of one module at a time get a folder each.
    private static EmbeddedPostgres start() throws Exception {
        Path parent = Files.createDirectories(Path.of("target", "test-postgres"));
        for (int i = 0; ; i++) {
            try {
                return EmbeddedPostgres.start(parent.resolve(Integer.toString(i)), 0);
            } catch (DatabaseUnavailable e) {
                if (i == FOLDERS - 1) {
                    throw e;
                }
            }
        }
    }

    private static void dropLeftovers() throws Exception {
        List<String> names = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%' ORDER BY datname")) {
            while (rows.next()) {
                names.add("DROP DATABASE " + rows.getString(1));
            }
        }
        admin(names.toArray(String[]::new));
    }

    private static void admin(String... commands) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    private static Connection connect() throws Exception {
        DatabaseConfig server = server();
        return DriverManager.getConnection(
                "jdbc:postgresql://" + server.host() + ':' + server.port() + '/' + server.name(),
                server.user(),
                server.password());
    }
}
