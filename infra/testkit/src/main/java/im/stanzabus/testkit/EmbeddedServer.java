package im.stanzabus.testkit;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.Done;
import im.stanzabus.launcher.LaunchOptions;
import im.stanzabus.launcher.Launcher;
import im.stanzabus.launcher.RunningServer;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// The whole server in this process, with a database of its own in a folder that is deleted when it is closed.
/// Ports are free ones. Safe from any thread.
public final class EmbeddedServer implements TestServer, AutoCloseable {
    private static final long START_SECONDS = 90;

    private final String yaml;
    private final Path folder;
    private volatile RunningServer running;

    /// Starts a server.
    ///
    /// @param yaml the configuration, with relative paths below a new folder
    public EmbeddedServer(String yaml) {
        this(yaml, newFolder());
    }

    /// Starts a server in a folder that may have been prepared; the folder is deleted at the end.
    public EmbeddedServer(String yaml, Path folder) {
        this.yaml = yaml;
        this.folder = folder;
        try {
            running = start();
        } catch (RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    /// A new folder for a server.
    public static Path newFolder() {
        try {
            return Files.createTempDirectory("stanzabus-test");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private RunningServer start() {
        return await(Launcher.start(LaunchOptions.of(ConfigFile.of(yaml, folder))));
    }

    /// Stops the server in good order and starts it again on the same data. The ports are other ones.
    public void restart() {
        await(running.stop());
        running = start();
    }

    public RunningServer running() {
        return running;
    }

    /// The folder that relative paths of the configuration start in.
    public Path folder() {
        return folder;
    }

    public int httpPort() {
        return running.port("http.port");
    }

    @Override
    public String host() {
        return running.hosts().getFirst().domain();
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), running.port("c2s-gateway.port"));
    }

    @Override
    public InetSocketAddress tlsAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), running.port("c2s-gateway.direct-tls.port"));
    }

    @Override
    public void createUser(String local, String domain) {
        Jid jid = Jid.of(local + "@" + domain);
        await(running.context()
                .bus()
                .request(Addresses.AUTH, new AuthRequest.CreateAccount(jid, PASSWORD), Done.class));
    }

    /// The outcome of a future, for a thread that may block.
    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e.toString(), e);
        }
    }

    @Override
    public void close() {
        try {
            await(running.stop());
        } finally {
            delete(folder);
        }
    }

    /// Deletes a folder with everything in it.
    public static void delete(Path folder) {
        List<Path> all;
        try (Stream<Path> found = Files.walk(folder)) {
            all = found.sorted(Comparator.reverseOrder()).toList();
            for (Path path : all) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot delete " + folder, e);
        }
    }
}
