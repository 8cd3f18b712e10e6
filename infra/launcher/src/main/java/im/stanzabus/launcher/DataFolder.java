package im.stanzabus.launcher;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folder with everything that one installation keeps. Used by one process at a time, which holds a
/// lock on it that ends with the process however it dies.
final class DataFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);
    private static final String LOCK = "lock";
    private static final String SERVER = "server.json";
    private static final String TOKEN = "admin-token";

    /// How the running server of a folder can be reached.
    ///
    /// @param httpPort 0 when it has no HTTP listener
    record Occupant(long pid, String httpHost, int httpPort) {}

    private final Path path;
    private final FileChannel lock;

    private DataFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /// Makes the folder if needed and locks it.
    ///
    /// @throws StartupException if it cannot be used, or another process uses it
    static DataFolder lock(Path path) {
        DataFolder folder = tryLock(path);
        if (folder != null) {
            return folder;
        }
        Occupant occupant = occupant(path);
        throw new StartupException("the data folder " + path + " is in use by another stanzabus"
                + (occupant == null ? "" : ", process " + occupant.pid)
                + "; a second process needs one of its own, see data in the configuration");
    }

    /// Like {@link #lock}, but null if another process uses it.
    static @Nullable DataFolder tryLock(Path path) {
        try {
            PrivateFile.createFolder(path);
            FileChannel channel =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (take(channel)) {
                DataFolder folder = new DataFolder(path, channel);
                folder.announce("", 0);
                return folder;
            }
            channel.close();
            return null;
        } catch (IOException e) {
            throw new StartupException("the data folder " + path + " cannot be used: " + reason(e));
        }
    }

    private static boolean take(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            LOG.debug("locked by this process", e);
            return false;
        }
    }

    Path path() {
        return path;
    }

    /// Tells other processes how to reach this one.
    void announce(String httpHost, int httpPort) throws IOException {
        JsonObject server = new JsonObject()
                .put("pid", ProcessHandle.current().pid())
                .put("host", httpHost)
                .put("port", httpPort);
        PrivateFile.write(path.resolve(SERVER), server.encode() + "\n");
    }

    /// Who uses a locked folder, as far as it can be known.
    static @Nullable Occupant occupant(Path path) {
        try {
            JsonObject server = new JsonObject(Files.readString(path.resolve(SERVER)));
            return new Occupant(server.getLong("pid", 0L), server.getString("host", ""), server.getInteger("port", 0));
        } catch (IOException | DecodeException | ClassCastException e) {
            LOG.debug("no word of who uses {}", path, e);
            return null;
        }
    }

    /// The secret that the administration interface asks for; made when there is none.
    String adminToken() throws IOException {
        Path file = path.resolve(TOKEN);
        if (!Files.exists(file)) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            PrivateFile.write(file, HexFormat.of().formatHex(random) + "\n");
        }
        String token = Files.readString(file).strip();
        if (token.length() < 32) {
            throw new StartupException(file + " is no token of this program; delete it to have a new one made");
        }
        return token;
    }

    /// The token of a running server's folder.
    static String adminTokenOf(Path path) {
        Path file = path.resolve(TOKEN);
        try {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new StartupException("cannot read " + file + ": " + reason(e)
                    + "; run this command as the user that the server runs as");
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(path.resolve(SERVER));
            lock.close();
        } catch (IOException e) {
            LOG.warn("the data folder {} was not released: {}", path, e.getMessage());
        }
    }
}
