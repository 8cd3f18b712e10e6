package im.stanzabus.launcher;

import im.stanzabus.launcher.http.Accounts;
import im.stanzabus.stanza.Jid;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Administration of the server that runs, through its HTTP listener.
final class HttpAdministration implements Administration {
    private final AdminClient client;
    private final List<String> hosts;

    HttpAdministration(AdminClient client, List<String> hosts) {
        this.client = client;
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
        return client.call(method, "/admin/users" + path, body);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        client.close();
    }
}
