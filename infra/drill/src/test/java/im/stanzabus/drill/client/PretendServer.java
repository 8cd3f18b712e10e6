package im.stanzabus.drill.client;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// As much of an XMPP server as the drill's clients need, on one event loop, with faults that can be chosen. It keeps
/// the contract unless it is told otherwise.
final class PretendServer {
    /// What it does wrong with every twentieth message.
    enum Sin {
        NONE,
        /// Acknowledges it and throws it away.
        FORGETS,
        /// Delivers it twice, as two messages.
        REPEATS,
        /// Delivers it twice, as the same message.
        STUTTERS,
        /// Delivers it after the next one of the same pair.
        SWAPS
    }

    private static final int EVERY = 20;

    private final NetServer server;
    private final Sin sin;
    final List<PretendStream> streams = new ArrayList<>();
    final Map<String, PretendSession> sessions = new HashMap<>();
    private final Map<String, String> held = new HashMap<>();
    private int messages;
    private int ids;

    private PretendServer(Vertx vertx, Sin sin) {
        this.sin = sin;
        server = vertx.createNetServer().connectHandler(this::connected);
    }

    static PretendServer start(Vertx vertx, Sin sin) throws Exception {
        PretendServer made = new PretendServer(vertx, sin);
        made.server
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        return made;
    }

    SocketAddress address() {
        return SocketAddress.inetSocketAddress(server.actualPort(), "127.0.0.1");
    }

    private void connected(NetSocket socket) {
        streams.add(new PretendStream(this, socket));
    }

    /// Breaks all connections; sessions can be resumed or not.
    void breakAll(boolean remember) {
        if (!remember) {
            sessions.clear();
        }
        List.copyOf(streams).forEach(PretendStream::breakOff);
    }

    String newId() {
        return "id" + ids++;
    }

    void message(String from, Element message) {
        String to = message.attribute("to");
        String body = message.child("body", "jabber:client").orElseThrow().text();
        String pair = from + ' ' + to;
        boolean sinful = ++messages % EVERY == 0;
        if (sinful && sin == Sin.FORGETS) {
            return;
        }
        if (sinful && sin == Sin.SWAPS) {
            held.put(pair, body);
            return;
        }
        String id = newId();
        deliver(from, to, body, id);
        if (sinful && sin == Sin.REPEATS) {
            deliver(from, to, body, newId());
        }
        if (sinful && sin == Sin.STUTTERS) {
            deliver(from, to, body, id);
        }
        String late = held.remove(pair);
        if (late != null) {
            deliver(from, to, late, newId());
        }
    }

    private void deliver(String from, String to, String body, String id) {
        String stanza = "<message from='" + from + "' to='" + to + "' type='chat'><body>" + body
                + "</body><stanza-id xmlns='urn:xmpp:sid:0' by='" + to + "' id='" + id + "'/></message>";
        for (PretendSession session : List.copyOf(sessions.values())) {
            if (session.jid().startsWith(to + '/')) {
                session.deliver(stanza);
            }
        }
    }
}
