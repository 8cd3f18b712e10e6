package im.stanzabus.drill.cluster;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One process of the cluster, which can be started again with the same folder and ports after it ended however it
/// did. Its methods block.
public final class ServerProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long STOP_SECONDS = 60;

    private final String name;
    private final Layout.Kind kind;
    private final Path folder;
    private final Map<Build, List<String>> commands;
    private final URI http;
    private final HttpClient client;
    private Build build;
    private @Nullable Process process;
    private boolean over;

    /// @param commands the command line of each build
    /// @param build what it runs at first
    ServerProcess(
            String name,
            Layout.Kind kind,
            Path folder,
            Map<Build, List<String>> commands,
            Build build,
            URI http,
            HttpClient client) {
        this.name = name;
        this.kind = kind;
        this.folder = folder;
        this.commands = Map.copyOf(commands);
        this.build = build;
        this.http = http;
        this.client = client;
    }

    /// Such as `session-service-2`.
    public String name() {
        return name;
    }

    public Layout.Kind kind() {
        return kind;
    }

    /// What it runs, or will run when it is started.
    public synchronized Build build() {
        return build;
    }

    /// What it runs from its next start on.
    public synchronized void use(Build next) {
        build = next;
    }

    URI http() {
        return http;
    }

    Path folder() {
        return folder;
    }

    /// Starts it unless it runs; does not wait for readiness.
    public synchronized void start() throws IOException {
        if (over) {
            throw new IOException("the drill is over");
        }
        if (!isAlive()) {
            process = new ProcessBuilder(command())
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("output.log").toFile()))
                    .start();
        }
    }

    private List<String> command() throws IOException {
        List<String> command = commands.get(build);
        if (command == null) {
            throw new IOException("there is no " + build + " build");
        }
        return command;
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /// Whether it says that it is ready and misses nothing, the database included; a frozen one says nothing.
    public boolean isReady() {
        HttpRequest request = HttpRequest.newBuilder(http.resolve("/health/ready"))
                .timeout(PATIENCE)
                .build();
        try {
            return isAlive()
                    && client.send(request, HttpResponse.BodyHandlers.ofString())
                            .body()
                            .contains("\"status\":\"ready\"");
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Why the cluster is not whole in the eyes of this process: members that are missing or too many, slots
    /// without the owner they should have. Empty if it is whole.
    String misses(int members) {
        HttpRequest request = HttpRequest.newBuilder(http.resolve("/admin/status"))
                .timeout(PATIENCE)
                .header("authorization", "Bearer " + token())
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                return name + " answers " + response.statusCode();
            }
            JsonObject status = new JsonObject(response.body());
            int seen = status.getJsonArray("members").size();
            JsonObject slots = status.getJsonObject("slots");
            int misplaced = slots.getInteger("unowned") + slots.getInteger("moving");
            return seen != members
                    ? name + " sees " + seen + " of " + members + " members"
                    : misplaced > 0 ? name + " sees " + misplaced + " slots that are not where they belong" : "";
        } catch (IOException | DecodeException e) {
            return name + " tells no status: " + e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /// What its administration wants to see.
    String token() {
        try {
            return Files.readString(folder.resolve("data").resolve("admin-token"))
                    .strip();
        } catch (IOException e) {
            return "";
        }
    }

    /// `kill -9`.
    public void kill() throws IOException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            await(running);
        }
    }

    /// `SIGTERM`, and waits until it has ended in good order.
    ///
    /// @throws IOException if it does not
    public void stop() throws IOException {
        Process running = process;
        if (running != null) {
            running.destroy();
            await(running);
        }
    }

    /// `SIGSTOP`: it stops running and nobody is told.
    public void freeze() throws IOException {
        signal("-STOP");
    }

    /// `SIGCONT`.
    public void thaw() throws IOException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException {
        Process running = process;
        if (running != null && running.isAlive()) {
            Commands.run("kill", signal, Long.toString(running.pid()));
        }
    }

    private static void await(Process ending) throws IOException {
        try {
            if (!ending.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                ending.destroyForcibly();
                throw new IOException("it did not end within " + STOP_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// The last lines of what it said.
    public String lastWords() {
        try {
            List<String> lines = Files.readAllLines(folder.resolve("output.log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }

    /// Ends it for good, at once.
    synchronized void end() {
        over = true;
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
