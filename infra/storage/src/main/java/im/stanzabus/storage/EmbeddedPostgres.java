package im.stanzabus.storage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL server for installations that configure none: its programs, data, log and password lie in one folder.
/// It commits durably (`fsync` on), listens on the loopback address only and asks for a password that only the owner of
/// the folder can read. One process uses a folder at a time. A server that a killed process left running is stopped
/// and started anew. All methods block.
public final class EmbeddedPostgres implements AutoCloseable {
    private static final String NO_SOCKET = "could not create any TCP/IP sockets";
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final String NAME = "stanzabus";
    private static final int POOL_SIZE = 8;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long RETRY_MILLIS = 100;

    private final FileChannel lock;
    private final PostgresServer server;
    private final DatabaseConfig config;
    private volatile boolean closing;
    private @Nullable Future<Void> watch;

    private EmbeddedPostgres(FileChannel lock, PostgresServer server, DatabaseConfig config) {
        this.lock = lock;
        this.server = server;
        this.config = config;
    }

    /// A server that ends by itself, such as one that was killed, is started again on the same port.
    private EmbeddedPostgres watched() throws IOException {
        watch = server.process()
                .orElseThrow(() -> new IOException("it has ended at once"))
                .onExit()
                .thenRunAsync(
                        this::ended,
                        task -> Thread.ofPlatform()
                                .daemon()
                                .name("stanzabus-postgres")
                                .start(task));
        return this;
    }

    private synchronized void ended() {
        if (closing) {
            return;
        }
        LOG.error("embedded PostgreSQL has ended by itself; starting it again");
        try {
            server.stop();
            startOn(server, config.port());
            watched();
            LOG.info("embedded PostgreSQL runs again on port {}", config.port());
        } catch (IOException e) {
            LOG.error(
                    "embedded PostgreSQL does not start again: {}. Stop Stanzabus, see to that, and start it again",
                    e.getMessage());
        }
    }

    /// Starts the server on data in `folder`, which are made at the first start.
    ///
    /// @param port where it listens on loopback; 0 for any free one
    /// @throws DatabaseUnavailable if another process uses the folder, or PostgreSQL does not start
    public static EmbeddedPostgres start(Path folder, int port) {
        long begin = System.nanoTime();
        Path home = home(folder);
        FileChannel lock = lock(home);
        try {
            PostgresServer server = new PostgresServer(PostgresBinaries.in(home), home);
            Path passwordFile = home.resolve("password");
            if (server.exists()) {
                if (!Files.isReadable(passwordFile)) {
                    throw new IOException("its file \"password\" is missing or not readable");
                }
                server.stop();
            } else {
                writePassword(passwordFile);
                server.create(NAME, passwordFile, NAME);
            }
            int chosen = startOn(server, port);
            LOG.info(
                    "embedded PostgreSQL {} on port {}, data in {}, started in {} ms",
                    PostgresBinaries.VERSION,
                    chosen,
                    home,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
            String password = Files.readString(passwordFile).strip();
            return new EmbeddedPostgres(
                            lock,
                            server,
                            new DatabaseConfig("127.0.0.1", chosen, NAME, NAME, password, TlsMode.OFF, POOL_SIZE))
                    .watched();
        } catch (IOException e) {
            release(lock);
            String message = String.valueOf(e.getMessage());
            throw new DatabaseUnavailable("embedded PostgreSQL in " + home + ": " + message + advice(message, port));
        }
    }

    private static String advice(String message, int port) {
        if (message.contains("unshare")) {
            return "; it does not run as root here: start Stanzabus as another user, or configure a database";
        }
        return message.contains(NO_SOCKET) && port != 0
                ? "; port " + port
                        + " is in use by another program or not allowed for this user: set database.port to another one"
                : "";
    }

    /// How to reach it.
    public DatabaseConfig config() {
        return config;
    }

    /// Stops the server: connections are ended, what was committed is kept.
    @Override
    public synchronized void close() {
        closing = true;
        if (watch != null) {
            watch.cancel(false);
        }
        try {
            server.stop();
        } catch (IOException e) {
            LOG.warn("embedded PostgreSQL did not stop: {}", e.getMessage());
        } finally {
            release(lock);
        }
    }

    /// A start can fail for reasons that pass: somebody else took the free port, or processes of a server that was
    /// killed are still about to notice that.
    private static int startOn(PostgresServer server, int port) throws IOException {
        long deadline = System.nanoTime() + RETRY_NANOS;
        while (true) {
            int candidate = port == 0 ? freePort() : port;
            try {
                server.start(candidate);
                return candidate;
            } catch (IOException e) {
                String message = String.valueOf(e.getMessage());
                boolean passing = message.contains("shared memory block") || (port == 0 && message.contains(NO_SOCKET));
                if (!passing || System.nanoTime() > deadline) {
                    throw e;
                }
            }
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL started", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// With symbolic links resolved: a server that was left running is known by this path.
    private static Path home(Path folder) {
        try {
            return Files.createDirectories(folder.toAbsolutePath()).toRealPath();
        } catch (IOException e) {
            throw new DatabaseUnavailable("the data folder " + folder + " cannot be made: " + e.getMessage());
        }
    }

    /// The lock ends with this process however it dies; PostgreSQL does not inherit it.
    private static FileChannel lock(Path home) {
        try {
            FileChannel channel =
                    FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException e) {
                LOG.debug("locked by this process", e);
            }
            channel.close();
        } catch (IOException e) {
            throw new DatabaseUnavailable("the data folder " + home + " cannot be used: " + e.getMessage());
        }
        throw new DatabaseUnavailable("the database in " + home + " is in use by another Stanzabus that still runs");
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("the lock of the data folder was not released: {}", e.getMessage());
        }
    }

    private static void writePassword(Path file) throws IOException {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        Files.deleteIfExists(file);
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] mode = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Files.createFile(file, mode);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Files.write(file, password.getBytes(StandardCharsets.US_ASCII));
    }
}
