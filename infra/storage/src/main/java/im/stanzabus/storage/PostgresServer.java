package im.stanzabus.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The server process of one data folder: creates, starts and stops it with PostgreSQL's own programs. Blocking.
final class PostgresServer {
    private static final int WAIT_SECONDS = 60;
    private static final int POLL_MILLIS = 10;

    private final PostgresBinaries binaries;
    private final Path folder;
    private final Path data;
    private final Path log;

    /// @param folder holds the data, the log and the output of the last command
    PostgresServer(PostgresBinaries binaries, Path folder) {
        this.binaries = binaries;
        this.folder = folder;
        this.data = folder.resolve("data");
        this.log = folder.resolve("postgres.log");
    }

    boolean exists() {
        return Files.exists(data.resolve("PG_VERSION"));
    }

    /// Makes an empty database with one role. The folder gets its name when all is done, so a start that was
    /// interrupted here begins anew.
    void create(String user, Path passwordFile, String database) throws IOException {
        Path unfinished = folder.resolve("data.new");
        PostgresBinaries.delete(unfinished);
        run(
                "initdb",
                null,
                List.of(
                        "-D",
                        unfinished.toString(),
                        "--username=" + user,
                        "--pwfile=" + passwordFile,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--locale=C"));
        Path statement = Files.writeString(folder.resolve("create.sql"), "CREATE DATABASE " + database + "\n");
        run("postgres", statement, List.of("--single", "-D", unfinished.toString(), "postgres"));
        Files.delete(statement);
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Starts the server and waits until it takes connections.
    void start(int port) throws IOException {
        Files.writeString(data.resolve("postgresql.conf"), settings(port));
        if (Files.exists(log)) {
            Files.move(log, folder.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        // pg_ctl gives the server a process group of its own: Ctrl-C in a terminal must reach Stanzabus only, which
        // still writes while it stops.
        Process starting = process(
                        "pg_ctl",
                        List.of(
                                "-D",
                                data.toString(),
                                "-l",
                                log.toString(),
                                "-w",
                                "-t",
                                Integer.toString(WAIT_SECONDS),
                                "start"))
                .start();
        while (!isReady()) {
            if (exited(starting) && !isReady()) {
                throw new IOException("PostgreSQL did not start: " + lastWords());
            }
        }
    }

    /// The process of the server that runs on this folder.
    Optional<ProcessHandle> process() throws IOException {
        PostmasterFile running = PostmasterFile.read(data);
        return running == null || !running.runs(data) ? Optional.empty() : ProcessHandle.of(running.pid());
    }

    /// Stops a server of this folder if one runs, also one that another process started and left behind. Open
    /// transactions are rolled back.
    void stop() throws IOException {
        PostmasterFile running = PostmasterFile.read(data);
        if (running != null && running.runs(data)) {
            try {
                stop("fast");
            } catch (IOException e) {
                if (running.runs(data)) {
                    stop("immediate");
                }
            }
            awaitEnd(running);
        }
        PostmasterFile.delete(data);
    }

    /// The server deletes its file a moment before it ends.
    private void awaitEnd(PostmasterFile running) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS / 2);
        while (running.runs(data)) {
            if (System.nanoTime() > deadline) {
                throw new IOException("PostgreSQL (process " + running.pid() + ") does not end");
            }
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL stopped", e);
        }
    }

    private void stop(String mode) throws IOException {
        run(
                "pg_ctl",
                null,
                List.of("-D", data.toString(), "-m", mode, "-w", "-t", Integer.toString(WAIT_SECONDS / 2), "stop"));
    }

    private boolean isReady() throws IOException {
        PostmasterFile running = PostmasterFile.read(data);
        return running != null && running.ready();
    }

    private static String settings(int port) {
        return """
                # Written anew at every start.
                listen_addresses = '127.0.0.1'
                port = %d
                unix_socket_directories = ''
                max_connections = 60
                shared_buffers = '64MB'
                max_wal_size = '512MB'
                fsync = on
                synchronous_commit = on
                io_method = 'sync'
                max_logical_replication_workers = 0
                log_min_messages = warning
                log_timezone = 'UTC'
                timezone = 'UTC'
                """.formatted(port);
    }

    /// What the server or the last command said, for the operator.
    private String lastWords() throws IOException {
        Path source = Files.exists(log) ? log : output();
        List<String> lines = Files.readAllLines(source);
        List<String> fatal = lines.stream()
                .filter(line -> line.contains("FATAL") || line.contains("DETAIL") || line.contains("error:"))
                .map(line -> line.replaceFirst("^.*?(FATAL|DETAIL|error):\\s*", ""))
                .toList();
        List<String> shown = fatal.isEmpty() ? lines : fatal;
        return String.join(" ", shown.subList(Math.max(0, shown.size() - 2), shown.size())) + " (see " + source + ')';
    }

    private void run(String program, @Nullable Path input, List<String> arguments) throws IOException {
        ProcessBuilder builder = process(program, arguments);
        if (input != null) {
            builder.redirectInput(input.toFile());
        }
        Process process = builder.start();
        try {
            if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(program + " did not finish within " + WAIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + program, e);
        }
        if (process.exitValue() != 0) {
            throw new IOException(program + " failed: "
                    + String.join(" ", Files.readAllLines(output())).strip());
        }
    }

    private static boolean exited(Process process) throws IOException {
        try {
            return process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL started", e);
        }
    }

    private ProcessBuilder process(String program, List<String> arguments) {
        List<String> command = new ArrayList<>(binaries.program(program));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output().toFile());
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    private Path output() {
        return folder.resolve("command.log");
    }
}
