package im.stanzabus.launcher;

import im.stanzabus.launcher.DataFolder.Occupant;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/// Calls the HTTP listener of the server that runs. Blocks; throws {@link StartupException} for what the
/// administrator can change.
final class AdminClient implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Occupant server;
    private final String token;

    private AdminClient(Occupant server, String token) {
        this.server = server;
        this.token = token;
    }

    /// Of the process that uses a locked data folder.
    static AdminClient of(Path data) {
        Occupant occupant = DataFolder.occupant(data);
        if (occupant == null || occupant.httpPort() == 0) {
            throw new StartupException("the data folder " + data + " is in use by "
                    + (occupant == null ? "another process" : "process " + occupant.pid())
                    + ", which takes no commands yet; try again in a moment");
        }
        return new AdminClient(occupant, DataFolder.adminTokenOf(data));
    }

    /// @param path with its query, such as `/admin/users?host=localhost`
    JsonObject call(String method, String path, JsonObject body) {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .timeout(LIMIT)
                .header("authorization", "Bearer " + token)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            JsonObject answer = response.body().isEmpty() ? new JsonObject() : new JsonObject(response.body());
            if (response.statusCode() >= 300) {
                throw new StartupException(answer.getString("error", "the server answers " + response.statusCode()));
            }
            return answer;
        } catch (DecodeException e) {
            throw new StartupException("what listens at " + uri("") + " is no Stanzabus");
        } catch (IOException e) {
            throw new StartupException(
                    "the server, process " + server.pid() + ", does not answer at " + uri("") + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted");
        }
    }

    /// A listener on all addresses is called at the loopback address.
    private URI uri(String path) {
        String host = switch (server.httpHost()) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "[::1]";
            default -> server.httpHost().contains(":") ? '[' + server.httpHost() + ']' : server.httpHost();
        };
        return URI.create("http://" + host + ':' + server.httpPort() + path);
    }

    @Override
    public void close() {
        client.close();
    }
}
