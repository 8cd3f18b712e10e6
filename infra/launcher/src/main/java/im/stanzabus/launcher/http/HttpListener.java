package im.stanzabus.launcher.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The process's HTTP listener: `/health/live`, `/health/ready`, `/metrics` for anybody who can reach it,
/// `/admin/` for who has the token. Answers only requests that name it by an IP address, `localhost` or a
/// configured name, so that no web page can reach it through a name that resolves to this machine (DNS
/// rebinding).
public final class HttpListener {
    private static final Pattern IP_ADDRESS =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[?[0-9a-fA-F:.]*:[0-9a-fA-F:.]*]?");
    private static final int IDLE_SECONDS = 30;

    private final Set<String> names = new HashSet<>(List.of("localhost"));
    private final Health health;
    private final Supplier<String> metrics;
    private final HttpServer server;
    private final String host;
    private volatile @Nullable AdminApi admin;

    /// @param host to listen on
    /// @param names further host names by which it may be called
    /// @param metrics gives the metrics in Prometheus's text format
    public HttpListener(Vertx vertx, String host, List<String> names, Health health, Supplier<String> metrics) {
        this.host = host;
        this.names.add(host.toLowerCase(Locale.ROOT));
        names.forEach(name -> this.names.add(name.toLowerCase(Locale.ROOT)));
        this.health = health;
        this.metrics = metrics;
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setIdleTimeout(IDLE_SECONDS)
                        .setHttp2ClearTextEnabled(false)
                        .setHandle100ContinueAutomatically(false))
                .requestHandler(this::handle);
    }

    /// Starts to listen; the port is known then.
    public Future<Integer> listen(int port) {
        return server.listen(port, host).map(HttpServer::actualPort);
    }

    /// From now on administration is possible.
    public void open(AdminApi api) {
        admin = api;
    }

    public Future<Void> close() {
        return server.close();
    }

    private void handle(HttpServerRequest request) {
        if (!isCalledByAllowedName(request)) {
            answer(request, 421, new JsonObject().put("error", "this host name is not served here; see http.names"));
            return;
        }
        String path = request.path() == null ? "" : request.path();
        AdminApi api = admin;
        if (path.startsWith("/admin/") && api != null) {
            api.handle(request, path);
        } else if (!path.equals("/metrics") && !path.startsWith("/health/")) {
            answer(request, 404, new JsonObject().put("error", "there is nothing here"));
        } else if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            request.response().putHeader("allow", "GET, HEAD");
            answer(request, 405, new JsonObject().put("error", "only GET and HEAD are possible here"));
        } else {
            read(request, path);
        }
    }

    private void read(HttpServerRequest request, String path) {
        switch (path) {
            case "/health/live" -> answer(request, 200, new JsonObject().put("live", true));
            case "/health/ready" ->
                health.readiness().onSuccess(report -> answer(request, report.getBoolean("ready") ? 200 : 503, report));
            case "/metrics" -> end(request, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.get());
            default -> answer(request, 404, new JsonObject().put("error", "there is nothing here"));
        }
    }

    private boolean isCalledByAllowedName(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        if (authority == null || authority.host() == null) {
            return false;
        }
        String host = authority.host().toLowerCase(Locale.ROOT);
        return names.contains(host) || IP_ADDRESS.matcher(host).matches();
    }

    static void answer(HttpServerRequest request, int status, JsonObject body) {
        end(request, status, "application/json; charset=utf-8", body.encode() + "\n");
    }

    private static void end(HttpServerRequest request, int status, String type, String body) {
        if (request.response().ended() || request.response().closed()) {
            return;
        }
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", type)
                .putHeader("cache-control", "no-store")
                .putHeader("x-content-type-options", "nosniff")
                .end(body);
    }
}
