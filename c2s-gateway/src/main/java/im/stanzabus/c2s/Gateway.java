package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Outbox;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.c2s.tls.ClientCertificates;
import im.stanzabus.c2s.tls.TlsContexts;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamError;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.NetSocket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// The connections of one event loop, and what they share. Confined to its context, like everything in it.
final class Gateway {
    private static final StreamError SHUTDOWN = StreamError.of(StreamError.Condition.SYSTEM_SHUTDOWN);
    private static final int STREAM_ID_BYTES = 15;

    private final Context context;
    private final String address;
    private final GatewayParts parts;
    private final Outbox<SessionEvent> outbox;
    private final Flusher flusher;
    private final AuthClient auth;
    private final ServerCaps caps;
    private final StreamFeatures features;
    private final Leftovers leftovers;
    private final SecureRandom random = new SecureRandom();
    private final Map<Long, Connection> connections = new HashMap<>();
    private @Nullable Promise<Void> stopped;
    private long lastNumber;

    /// @param address the bus address under which owners know these connections
    Gateway(Context context, String address, GatewayParts parts) {
        this.context = context;
        this.address = address;
        this.parts = parts;
        this.outbox = new Outbox<>(parts.bus(), context, SessionEvent.Batch::new);
        this.flusher = new Flusher(context, parts.metrics());
        this.auth = new AuthClient(parts.bus());
        this.caps = new ServerCaps(parts.bus());
        this.features = new StreamFeatures(parts.config());
        this.leftovers = new Leftovers(this);
    }

    /// Takes a new connection, or drops it at once where there are too many (XEP-0205 section 4.1).
    void accept(NetSocket netSocket, boolean directTls) {
        ClientSocket socket = new ClientSocket(netSocket, context);
        String from = socket.address();
        if (stopped != null || !parts.admission().admit(from)) {
            parts.metrics().connectionRefused();
            socket.close();
            return;
        }
        parts.metrics().connected();
        long number = ++lastNumber;
        Connection connection = new Connection(this, new ConnectionId(address, number), socket, from);
        connections.put(number, connection);
        connection.start(directTls);
    }

    /// Takes what owners of accounts say.
    void receive(ConnectionEvent.Batch batch) {
        for (ConnectionEvent event : batch.events()) {
            Connection connection = connections.get(event.connection().number());
            if (connection != null) {
                connection.receive(event);
            } else if (event instanceof ConnectionEvent.Bound bound) {
                unwanted(bound);
            } else if (event instanceof ConnectionEvent.Deliver deliver) {
                tooLate(deliver);
            }
        }
        leftovers.giveBack();
    }

    /// The client went away while its resource was being bound.
    void unwanted(ConnectionEvent.Bound bound) {
        tell(new SessionEvent.Gone(bound.connection(), bound.client(), List.of()));
    }

    /// Something came for a connection whose end its owner knows.
    void tooLate(ConnectionEvent.Deliver deliver) {
        leftovers.receive(deliver);
    }

    /// The stream of a bound client is over.
    ///
    /// @param undelivered stanzas that the client may not have got
    void ended(ConnectionId id, Jid client, List<Stanza> undelivered) {
        parts.metrics().unbound();
        parts.metrics().returned(undelivered.size());
        leftovers.remember(id, client);
        tell(new SessionEvent.Gone(id, client, undelivered));
    }

    /// A connection is gone.
    void disconnected(Connection connection) {
        connections.remove(connection.id().number());
        parts.admission().release(connection.address());
        parts.metrics().disconnected();
        if (connections.isEmpty() && stopped != null) {
            outbox.flush();
            stopped.tryComplete();
        }
    }

    /// Tells the owner of the account.
    void tell(SessionEvent event) {
        outbox.add(parts.router().ownerOf(event.account()), event);
    }

    /// Finds connections that take too long.
    void sweep() {
        long now = now();
        leftovers.sweep(now);
        new ArrayList<>(connections.values()).forEach(connection -> connection.sweep(now));
    }

    void limitLogin(Connection connection, long since, long now) {
        if (now - since > config().timeouts().login().toMillis()) {
            connection.fail(StreamError.Condition.CONNECTION_TIMEOUT, "login took too long");
        }
    }

    /// Ends all streams. Completes when the connections are gone.
    Future<Void> stop() {
        Promise<Void> promise = Promise.promise();
        stopped = promise;
        if (connections.isEmpty()) {
            promise.complete();
        } else {
            new ArrayList<>(connections.values()).forEach(connection -> connection.fail(SHUTDOWN));
        }
        return promise.future();
    }

    long after(long millis, Runnable task) {
        return context.owner().setTimer(millis, _ -> task.run());
    }

    void cancel(long timer) {
        context.owner().cancelTimer(timer);
    }

    /// Milliseconds of a clock that never goes back.
    long now() {
        return System.nanoTime() / 1_000_000;
    }

    /// Unguessable (RFC 6120 section 4.7.3).
    String newStreamId() {
        byte[] bytes = new byte[STREAM_ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    /// The virtual host that an address in a stream header names; null if it is none.
    @Nullable
    String host(Jid to) {
        return !to.hasLocal() && to.isBare() && parts.router().isHost(to.domain()) ? to.domain() : null;
    }

    /// The XMPP addresses in the client's certificate; null if there is none that passes.
    @Nullable
    List<String> clientAddresses(SSLSession session) {
        ClientCertificates clients = parts.clientCertificates();
        return clients == null ? null : clients.addresses(session);
    }

    String defaultHost() {
        return parts.defaultHost();
    }

    C2sConfig config() {
        return parts.config();
    }

    TlsContexts tls() {
        return parts.tls();
    }

    C2sMetrics metrics() {
        return parts.metrics();
    }

    Flusher flusher() {
        return flusher;
    }

    AuthClient auth() {
        return auth;
    }

    ServerCaps caps() {
        return caps;
    }

    StreamFeatures features() {
        return features;
    }
}
