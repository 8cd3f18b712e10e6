package im.stanzabus.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import im.stanzabus.cluster.testing.Requirement;
import im.stanzabus.testkit.TestServer;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A program in `src/test/clients` that is told what to do, and tells what happens to it, a line of JSON each.
/// To be used by one thread.
final class ForeignClient implements AutoCloseable {
    private static final Path PROGRAMS = Path.of("src", "test", "clients").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 20;

    private final Process process;
    private final Path errors;
    private final BufferedWriter commands;
    private final BlockingQueue<JsonObject> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<JsonObject> events = new LinkedBlockingQueue<>();
    private final List<JsonObject> passedOver = new ArrayList<>();

    private ForeignClient(ProcessBuilder program, Path folder) throws IOException {
        errors = folder.resolve("client-errors");
        program.environment().put("PASSWORD", TestServer.PASSWORD);
        process = program.redirectError(errors.toFile()).start();
        commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofVirtual().start(this::listen);
    }

    /// Debian's package python3-slixmpp, which the system's own Python has.
    static ForeignClient slixmpp(String jid, Line line, Path certificate, Path folder) throws IOException {
        Requirement.of(
                Files.exists(Path.of("/usr/lib/python3/dist-packages/slixmpp/__init__.py")),
                "slixmpp is not here: apt-get install python3-slixmpp",
                Assumptions::abort);
        return new ForeignClient(
                new ProcessBuilder(
                        "/usr/bin/python3",
                        PROGRAMS.resolve("slixmpp/client.py").toString(),
                        jid,
                        "127.0.0.1",
                        Integer.toString(line.port()),
                        certificate.toString()),
                folder);
    }

    /// The package @xmpp/client of npm.
    static ForeignClient xmppJs(String jid, Line line, Path certificate, Path folder) throws IOException {
        Path home = PROGRAMS.resolve("xmppjs");
        Requirement.of(
                Files.exists(home.resolve("node_modules/@xmpp/client/package.json")),
                "xmpp.js is not here: npm ci --prefix infra/server/src/test/clients/xmppjs",
                Assumptions::abort);
        ProcessBuilder program = new ProcessBuilder(
                "node", home.resolve("client.js").toString(), jid, "127.0.0.1", Integer.toString(line.port()));
        program.environment().put("NODE_EXTRA_CA_CERTS", certificate.toString());
        return new ForeignClient(program, folder);
    }

    /// A component made of slixmpp that echoes messages.
    static ForeignClient slixmppComponent(String domain, int port, String secret, Path folder) throws IOException {
        Requirement.of(
                Files.exists(Path.of("/usr/lib/python3/dist-packages/slixmpp/__init__.py")),
                "slixmpp is not here: apt-get install python3-slixmpp",
                Assumptions::abort);
        return component(
                new ProcessBuilder(
                        "/usr/bin/python3",
                        PROGRAMS.resolve("slixmpp/component.py").toString(),
                        domain,
                        "127.0.0.1",
                        Integer.toString(port)),
                secret,
                folder);
    }

    /// The package @xmpp/component of npm, as a component that echoes messages.
    static ForeignClient xmppJsComponent(String domain, int port, String secret, Path folder) throws IOException {
        Path home = PROGRAMS.resolve("xmppjs-component");
        Requirement.of(
                Files.exists(home.resolve("node_modules/@xmpp/component/package.json")),
                "xmpp.js is not here: npm ci --prefix infra/server/src/test/clients/xmppjs-component",
                Assumptions::abort);
        return component(
                new ProcessBuilder(
                        "node", home.resolve("component.js").toString(), domain, "127.0.0.1", Integer.toString(port)),
                secret,
                folder);
    }

    private static ForeignClient component(ProcessBuilder program, String secret, Path folder) throws IOException {
        program.environment().put("SECRET", secret);
        return new ForeignClient(program, folder);
    }

    private void listen() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            out.lines().map(JsonObject::new).forEach(event -> (isMessage(event) ? messages : events).add(event));
        } catch (IOException | UncheckedIOException _) {
            // It has ended; a test that still waits for something says so.
        }
    }

    private static boolean isMessage(JsonObject event) {
        return event.getString("event").equals("message");
    }

    private void order(JsonObject command) throws IOException {
        commands.write(command.encode());
        commands.newLine();
        commands.flush();
    }

    void sends(String to, String body) throws IOException {
        order(JsonObject.of("do", "send", "to", to, "body", body));
    }

    /// The next messages that it got: `stanza-id body` each.
    List<String> messages(int count) throws Exception {
        List<String> next = new ArrayList<>();
        while (next.size() < count) {
            JsonObject message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(message).as("a message after %s", next).isNotNull();
            assertThat(message.getString("id")).as("stanza-id of %s", message).isNotEmpty();
            next.add(message.getString("id") + ' ' + message.getString("body"));
        }
        return next;
    }

    /// The next event of a kind that is no message; others before it are passed over, unless they are failures.
    JsonObject awaits(String kind) throws Exception {
        while (true) {
            JsonObject event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no '" + kind + "' of the client, but " + passedOver + "; its errors: "
                        + Files.readString(errors));
            }
            if (event.getString("event").equals(kind)) {
                return event;
            }
            assertThat(event.getString("event"))
                    .as("before '%s': %s", kind, event)
                    .isNotIn("sm-failed", "refused", "archive-failed");
            passedOver.add(event);
        }
    }

    /// What it told while other events were awaited, and what it has told since.
    List<JsonObject> passedOver() {
        List<JsonObject> all = new ArrayList<>(passedOver);
        all.addAll(events);
        return all;
    }

    /// The conversation with somebody as the archive has it, asked for in pages: `id body` each, and the
    /// number of pages at the end.
    List<String> archive(String with, int page) throws Exception {
        order(JsonObject.of("do", "archive", "with", with, "page", page));
        List<String> entries = new ArrayList<>();
        while (true) {
            JsonObject event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(event).as("an entry of the archive or its end").isNotNull();
            switch (event.getString("event")) {
                case "archived" -> entries.add(event.getString("id") + ' ' + event.getString("body"));
                case "archive-end" -> {
                    entries.add(event.getInteger("pages") + " pages");
                    return entries;
                }
                default -> fail("while the archive was read: %s", event);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (commands) {
            process.destroy();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
