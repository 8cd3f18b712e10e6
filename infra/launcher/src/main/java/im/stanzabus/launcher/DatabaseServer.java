package im.stanzabus.launcher;

import im.stanzabus.storage.DatabaseConfig;
import im.stanzabus.storage.EmbeddedPostgres;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The database's server process: somebody else's, which only has to be known, or the embedded one, which
/// starts on a thread of its own beside everything else.
final class DatabaseServer {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseServer.class);

    private final CompletableFuture<DatabaseConfig> connection;
    private final @Nullable CompletableFuture<EmbeddedPostgres> embedded;

    private DatabaseServer(
            CompletableFuture<DatabaseConfig> connection, @Nullable CompletableFuture<EmbeddedPostgres> embedded) {
        this.connection = connection;
        this.embedded = embedded;
    }

    /// Returns at once; the server may still be starting then.
    static DatabaseServer start(DatabaseSettings settings, Path dataFolder) {
        return switch (settings) {
            case DatabaseSettings.External external ->
                new DatabaseServer(CompletableFuture.completedFuture(external.config()), null);
            case DatabaseSettings.Embedded configured -> {
                CompletableFuture<EmbeddedPostgres> server = new CompletableFuture<>();
                Thread.ofPlatform().name("stanzabus-postgres").start(() -> {
                    try {
                        server.complete(EmbeddedPostgres.start(dataFolder.resolve("postgres"), configured.port()));
                    } catch (RuntimeException e) {
                        server.completeExceptionally(e);
                    }
                });
                yield new DatabaseServer(server.thenApply(running -> configured.connection(running.config())), server);
            }
        };
    }

    /// How to reach it; blocks until it has started.
    DatabaseConfig connection() {
        try {
            return connection.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /// Stops the embedded server, also when it is still about to start.
    Future<Void> stop() {
        CompletableFuture<EmbeddedPostgres> own = embedded;
        if (own == null) {
            return Future.succeededFuture();
        }
        Promise<Void> stopped = Promise.promise();
        Thread.ofPlatform().name("stanzabus-postgres").start(() -> {
            try {
                own.join().close();
            } catch (CompletionException e) {
                LOG.debug("there is nothing to stop", e);
            }
            stopped.complete();
        });
        return stopped.future();
    }
}
