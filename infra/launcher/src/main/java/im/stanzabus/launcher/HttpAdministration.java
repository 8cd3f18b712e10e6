package im.stanzabus.launcher;

import im.stanzabus.launcher.DataFolder.Occupant;
import im.stanzabus.launcher.http.Accounts;
import im.stanzabus.stanza.Jid;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Administration of the server that runs, through its HTTP listener.
final class HttpAdministration implements Administration {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Occupant server;
    private final String token;
    private final List<String> hosts;

    HttpAdministration(Occupant server, String token, List<String> hosts) {
        this.server = server;
        this.token = token;
        this.hosts = hosts;
    }

    @Override
    public void add(Jid account, String password) {
        JsonObject body = new JsonObject().put("jid", account.toString()).put("password", password);
        call("POST", "", body);
    }

    @Override
    public void changePassword(Jid account, String password) {
        call("PUT", '/' + encode(account.toString()) + "/password", new JsonObject().put("password", password));
    }

    @Override
    public void remove(Jid account) {
        call("DELETE", '/' + encode(account.toString()), new JsonObject());
    }

    @Override
    public List<Jid> list(String host) {
        List<Jid> all = new ArrayList<>();
        JsonArray page;
        do {
            String after = all.isEmpty() ? "" : String.valueOf(all.getLast().local());
            String query = "?host=" + encode(host) + "&after=" + encode(after) + "&limit=" + Accounts.MAX_PAGE;
            page = call("GET", query, new JsonObject()).getJsonArray("users", new JsonArray());
            page.forEach(user -> all.add(Jid.of((String) user)));
        } while (page.size() == Accounts.MAX_PAGE);
        return all;
    }

    @Override
    public List<String> hosts() {
        return hosts;
    }

    private JsonObject call(String method, String path, JsonObject body) {
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
        return URI.create("http://" + host + ':' + server.httpPort() + "/admin/users" + path);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        client.close();
    }
}
