package im.stanzabus.testkit.process;

import im.stanzabus.testkit.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server, or a part of one, that runs in a process of its own, so that it can be killed. To be
/// used by one thread.
public final class ServerProcess implements TestServer, AutoCloseable {
    private static final Pattern PORTS = Pattern.compile("([0-9]+) \\(([a-z0-9.-]+)\\)");

    private final Path folder;
    private final String host;
    private final Process process;
    private final Map<String, Integer> ports = new HashMap<>();
    private URI http = URI.create("http://127.0.0.1/");

    /// Starts the whole server and waits until it is ready.
    public ServerProcess(Path folder) throws IOException {
        this(Command.in(folder));
    }

    /// Starts services and waits until they are ready.
    ///
    /// @param services their names; none for all
    public ServerProcess(Command command, String... services) throws IOException {
        folder = command.folder().resolve(command.environment().getOrDefault("STANZABUS_DATA", "stanzabus-data"));
        host = command.environment().getOrDefault("STANZABUS_HOSTS_0_DOMAIN", "localhost");
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(List.of(services));
        Path err = Files.createTempFile(command.folder(), "server", ".err");
        process = command.process(arguments.toArray(String[]::new))
                .redirectError(err.toFile())
                .start();
        awaitReadiness(process.inputReader(StandardCharsets.UTF_8), err);
    }

    /// Reads what the server says of itself until it is ready; the rest of its output is left to the pipe.
    private void awaitReadiness(BufferedReader out, Path err) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            String text = line.strip();
            if (text.startsWith("ports ")) {
                Matcher matcher = PORTS.matcher(text);
                while (matcher.find()) {
                    ports.put(matcher.group(2), Integer.parseInt(matcher.group(1)));
                }
            } else if (text.startsWith("health ")) {
                http = URI.create(text.substring("health ".length()).strip());
            } else if (text.startsWith("stop ")) {
                return;
            }
        }
        throw new IOException("the server did not start: " + Files.readString(err));
    }

    @Override
    public String host() {
        return host;
    }

    /// A port that it listens on.
    ///
    /// @param key that configures it, such as `s2s-gateway.port`
    /// @throws IllegalArgumentException if nothing listens under that key
    public int port(String key) {
        Integer port = ports.get(key);
        if (port == null) {
            throw new IllegalArgumentException("nothing listens under " + key + "; there are " + ports);
        }
        return port;
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port("c2s-gateway.port"));
    }

    @Override
    public InetSocketAddress tlsAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port("c2s-gateway.direct-tls.port"));
    }

    /// One of its metrics, now.
    ///
    /// @param series as `/metrics` has it, with labels if it has any
    /// @throws IllegalArgumentException if there is none
    public double metric(String series) {
        String start = series + ' ';
        return request(HttpRequest.newBuilder(http.resolve("/metrics")).build())
                .body()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no metric " + series));
    }

    @Override
    public void createUser(String local, String domain) {
        String body = "{\"jid\": \"%s@%s\", \"password\": \"%s\"}".formatted(local, domain, PASSWORD);
        try {
            String token = Files.readString(folder.resolve("admin-token")).strip();
            int status = request(HttpRequest.newBuilder(http.resolve("/admin/users"))
                            .header("authorization", "Bearer " + token)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build())
                    .statusCode();
            if (status != 201) {
                throw new IllegalStateException("no account: status " + status);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> request(HttpRequest request) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Kills the process at once and waits until it is gone.
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the process survived");
        }
    }

    /// Ends the process in good order, or kills it if it does not end.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
