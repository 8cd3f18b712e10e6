package im.stanzabus.drill.cluster;

import im.stanzabus.storage.DatabaseConfig;
import im.stanzabus.storage.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The cluster's PostgreSQL: the embedded one's programs and data, but started here, so that it stays dead when it is
/// killed. Its methods block.
public final class DrillDatabase implements AutoCloseable {
    private static final long START_SECONDS = 60;
    private static final long STOP_SECONDS = 20;
    private static final int POLL_MILLIS = 50;

    private final Path folder;
    private final DatabaseConfig config;
    private final List<String> hosts;
    private @Nullable Process process;
    private boolean closed;

    private DrillDatabase(Path folder, DatabaseConfig config, List<String> hosts) {
        this.folder = folder;
        this.config = config;
        this.hosts = hosts;
    }

    /// Makes an empty database in a folder and starts it.
    public static DrillDatabase create(Path folder, Network network, int port) throws IOException {
        DatabaseConfig made;
        try (EmbeddedPostgres first = EmbeddedPostgres.start(folder, port)) {
            made = first.config();
        }
        Files.writeString(
                folder.resolve("data").resolve("pg_hba.conf"),
                "host all all " + network.databaseClients() + " scram-sha-256\n",
                StandardOpenOption.APPEND);
        DrillDatabase database = new DrillDatabase(folder, made, network.databaseHosts());
        database.start();
        return database;
    }

    /// The address for the processes.
    public String host() {
        return hosts.getFirst();
    }

    public DatabaseConfig config() {
        return config;
    }

    /// Starts it and waits until it takes connections. Processes of a server that was killed may still hold its
    /// memory, so a start that fails is repeated for a while.
    public void start() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        Process running = launch();
        while (!accepts()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("PostgreSQL does not start; see " + log(folder));
            }
            pause();
            if (!running.isAlive()) {
                running = launch();
            }
        }
    }

    private synchronized Process launch() throws IOException {
        if (closed) {
            throw new IOException("the drill is over");
        }
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(
                program().toString(),
                "-D",
                folder.resolve("data").toString(),
                "-c",
                "listen_addresses=" + String.join(",", hosts),
                "-c",
                "max_connections=200"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log(folder).toFile()));
        builder.environment().put("LC_ALL", "C");
        Process started = builder.start();
        process = started;
        return started;
    }

    /// Beside the folder, so that it can be kept without the data.
    private static Path log(Path folder) {
        return folder.resolveSibling("postgresql.log");
    }

    private Path program() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.resolve("bin").resolve("postgres"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow(() -> new IOException("there is no PostgreSQL in " + folder));
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(hosts.getFirst(), config.port()), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// As `kill -9` does: no connection is ended, nothing is written.
    public synchronized void kill() throws IOException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            await(running);
        }
    }

    private static void await(Process ending) throws IOException {
        try {
            if (!ending.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                ending.destroyForcibly();
                throw new IOException("PostgreSQL does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Stops it; its data are of no further use, so it need not write anything.
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        Process running = process;
        if (running != null && running.isAlive()) {
            Commands.run("kill", "-QUIT", Long.toString(running.pid()));
            await(running);
        }
    }
}
