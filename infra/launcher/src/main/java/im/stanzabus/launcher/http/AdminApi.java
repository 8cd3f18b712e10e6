package im.stanzabus.launcher.http;

import im.stanzabus.bus.api.Done;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Administration over HTTP, for the command line of the same machine: a bearer token (RFC 6750) stands for
/// the administrator. Accounts are a resource each under `/admin/users`:
///
/// | request | body | answer |
/// |---|---|---|
/// | `GET /admin/users?host=&after=&limit=` | | `{"users": ["romeo@localhost", …]}` |
/// | `POST /admin/users` | `{"jid": "…", "password": "…"}` | 201 |
/// | `PUT /admin/users/<jid>/password` | `{"password": "…"}` | 204 |
/// | `DELETE /admin/users/<jid>` | | 204 |
///
/// | request | answer |
/// |---|---|
/// | `GET /admin/status` | the cluster as this process sees it, and what each member tells: {@link ClusterStatus} |
///
/// Errors are answered as `{"error": "…"}`. Runs on the listener's event loop.
public final class AdminApi {
    private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);
    private static final String USERS = "/admin/users";
    private static final String STATUS = "/admin/status";
    private static final int MAX_BODY = 16 * 1024;

    private final Accounts accounts;
    private final ClusterStatus status;
    private final byte[] token;

    public AdminApi(Accounts accounts, ClusterStatus status, String token) {
        this.accounts = accounts;
        this.status = status;
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    void handle(HttpServerRequest request, String path) {
        if (!isAuthorised(request.getHeader("authorization"))) {
            request.response().putHeader("www-authenticate", "Bearer");
            HttpListener.answer(request, 401, error("the token is missing or wrong"));
            return;
        }
        body(request).compose(body -> dispatch(request, path, body)).onFailure(failure -> refuse(request, failure));
    }

    private boolean isAuthorised(@Nullable String header) {
        String prefix = "Bearer ";
        return header != null
                && header.regionMatches(true, 0, prefix, 0, prefix.length())
                && MessageDigest.isEqual(
                        header.substring(prefix.length()).strip().getBytes(StandardCharsets.UTF_8), token);
    }

    private static Future<Buffer> body(HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        Promise<Buffer> whole = Promise.promise();
        request.handler(part -> {
            if (body.length() + part.length() > MAX_BODY) {
                request.response().putHeader("connection", "close");
                whole.tryFail(new Refused(413, "the body is longer than " + MAX_BODY + " bytes"));
                request.handler(rest -> {});
            } else {
                body.appendBuffer(part);
            }
        });
        request.exceptionHandler(whole::tryFail);
        request.endHandler(end -> whole.tryComplete(body));
        return whole.future();
    }

    private Future<Void> dispatch(HttpServerRequest request, String path, Buffer body) {
        HttpMethod method = request.method();
        if (path.equals(USERS)) {
            if (method.equals(HttpMethod.GET)) {
                return list(request);
            }
            if (method.equals(HttpMethod.POST)) {
                JsonObject user = json(body);
                return done(request, 201, accounts.add(Accounts.jid(field(user, "jid")), field(user, "password")));
            }
            throw new Refused(405, "only GET and POST are possible here");
        }
        if (path.equals(STATUS) && method.equals(HttpMethod.GET)) {
            return status.report().map(report -> {
                HttpListener.answer(request, 200, report);
                return null;
            });
        }
        if (!path.startsWith(USERS + '/')) {
            throw new Refused(404, "there is nothing here");
        }
        String[] parts = path.substring(USERS.length() + 1).split("/", -1);
        Jid user = Accounts.jid(decoded(parts[0]));
        if (parts.length == 1 && method.equals(HttpMethod.DELETE)) {
            return done(request, 204, accounts.remove(user));
        }
        if (parts.length == 2 && parts[1].equals("password") && method.equals(HttpMethod.PUT)) {
            return done(request, 204, accounts.changePassword(user, field(json(body), "password")));
        }
        throw new Refused(404, "there is nothing here");
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refused(400, "the path is not well encoded");
        }
    }

    private Future<Void> list(HttpServerRequest request) {
        String host = request.getParam("host", "");
        String after = request.getParam("after", "");
        int limit = limit(request.getParam("limit", Integer.toString(Accounts.MAX_PAGE)));
        return accounts.list(host, after, limit).map(page -> {
            JsonArray users = new JsonArray();
            page.forEach(account -> users.add(account.toString()));
            HttpListener.answer(request, 200, new JsonObject().put("users", users));
            return null;
        });
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= Accounts.MAX_PAGE) {
                return limit;
            }
        } catch (NumberFormatException e) {
            LOG.debug("limit", e);
        }
        throw new Refused(400, "limit must be a number from 1 to " + Accounts.MAX_PAGE);
    }

    private static Future<Void> done(HttpServerRequest request, int status, Future<Done> work) {
        return work.map(done -> {
            request.response().setStatusCode(status).end();
            return null;
        });
    }

    private static JsonObject json(Buffer body) {
        try {
            return new JsonObject(body);
        } catch (DecodeException e) {
            throw new Refused(400, "the body is not a JSON object");
        }
    }

    private static String field(JsonObject object, String name) {
        if (object.getValue(name) instanceof String text) {
            return text;
        }
        throw new Refused(400, "'" + name + "' is missing");
    }

    private static void refuse(HttpServerRequest request, Throwable failure) {
        if (failure instanceof Refused refused) {
            HttpListener.answer(request, refused.status(), error(String.valueOf(refused.getMessage())));
        } else {
            LOG.error("administration request failed", failure);
            HttpListener.answer(request, 500, error("the request failed; the server's log says why"));
        }
    }

    private static JsonObject error(String message) {
        return new JsonObject().put("error", message);
    }
}
