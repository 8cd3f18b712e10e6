package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Outbox;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.c2s.tls.ClientCertificates;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stream.OutputFlusher;
import im.stanzabus.stream.StreamClock;
import im.stanzabus.stream.StreamInput;
import im.stanzabus.stream.StreamSocket;
import im.stanzabus.stream.tls.TlsContexts;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// The connections of one event loop, and what they share. Confined to its context, like everything in it.
final class Gateway {
    private static final StreamError SHUTDOWN = StreamError.of(StreamError.Condition.SYSTEM_SHUTDOWN);
    private static final int MOST_DETACHED = 20_000;
    private static final int MOST_ENDED = 10_000;
    private static final long MOST_ENDED_BYTES = 64 << 20;

    private final Context context;
    private final String address;
    private final GatewayParts parts;
    private final Outbox<SessionEvent> outbox;
    private final StreamClock clock;
    private final StreamInput.Limits inputLimits;
    private final OutputFlusher flusher;
    private final AuthClient auth;
    private final ServerCaps caps;
    private final StreamFeatures features;
    private final DetachedSessions detached;
    private final EndedSessions ended;
    private final SilentOwners silent = new SilentOwners(this::tell);
    private final Claims claims = new Claims(this);
    private final Reports reports = new Reports(this);
    private final Tokens tokens = new Tokens();
    private final Map<Long, Connection> connections = new HashMap<>();
    private @Nullable Promise<Void> stopped;
    private boolean isolated;
    private long lastNumber;

    /// @param address the bus address under which owners know these connections
    Gateway(Context context, String address, GatewayParts parts) {
        this.context = context;
        this.address = address;
        this.parts = parts;
        this.outbox = new Outbox<>(parts.bus(), context, SessionEvent.Batch::new);
        this.clock = new StreamClock(context);
        this.inputLimits = parts.config().limits().input();
        this.flusher = new OutputFlusher(context, parts.metrics()::flushed);
        this.auth = new AuthClient(parts.bus());
        this.caps = new ServerCaps(parts.bus());
        this.features = new StreamFeatures(parts.config());
        this.detached = new DetachedSessions(
                MOST_DETACHED,
                parts.config().streamManagement().detachedBytes()
                        / parts.config().instances(),
                this::now,
                session -> announce(session, false),
                this::gone,
                parts.metrics()::detached);
        this.ended = new EndedSessions(MOST_ENDED, MOST_ENDED_BYTES, this::now, this::tell);
    }

    /// Takes a new connection, or drops it at once where there are too many (XEP-0205 section 4.1).
    void accept(NetSocket netSocket, boolean directTls) {
        StreamSocket socket = new StreamSocket(netSocket, context);
        String from = socket.address();
        if (stopped != null || isolated || !parts.admission().admit(from)) {
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
            if (connection == null || !connection.owner(batch.owner(), event)) {
                stray(batch.owner(), event);
            }
            if (event instanceof ConnectionEvent.Deliver deliver && deliver.receipt()) {
                receipt(batch.owner(), deliver, connection);
            } else if (event instanceof ConnectionEvent.Resumed kept) {
                kept.unconfirmed().stream()
                        .filter(ConnectionEvent.Deliver::receipt)
                        .reduce((_, last) -> last)
                        .ifPresent(last -> receipt(batch.owner(), last, connection));
            }
        }
    }

    /// The session of a stream that goes on here.
    Session resumed(ConnectionEvent.Resumed resumed, String peer, String owner) {
        return Session.resumed(resumed, peer, owner, config().limits().unconfirmedStanzas());
    }

    /// Tells the owner that its session holds a stanza. One that does not own the account any more is not told, and
    /// one whose session is over hears that.
    private void receipt(String owner, ConnectionEvent.Deliver deliver, @Nullable Connection connection) {
        Session session =
                connection == null ? detached.session(deliver.connection().number()) : connection.session();
        if (session != null && owner.equals(session.owner()) && session.delivered() >= deliver.number()) {
            tell(owner, new SessionEvent.Received(session.id, session.client, session.delivered()));
        }
    }

    /// Takes what is not for a connection that lives.
    private void stray(String owner, ConnectionEvent event) {
        if (detached.owner(owner, event)) {
            if (event instanceof ConnectionEvent.Resumed kept) {
                tell(owner, new SessionEvent.Detached(kept.connection(), kept.client()));
            }
            return;
        }
        if (ended.owner(owner, event)) {
            return;
        }
        switch (event) {
            case ConnectionEvent.Bound bound ->
                // the client went away while its resource was being bound
                tell(owner, new SessionEvent.Gone(bound.connection(), bound.client(), 0));
            case ConnectionEvent.Resumed resumed -> leftBehind(resumed(resumed, "", owner));
            default -> {}
        }
    }

    /// A stream goes on for a client that went away again, or was never here. Whoever owns the account meanwhile has
    /// heard nothing of it.
    private void leftBehind(Session session) {
        detach(session);
        String claimant = claims.claimant(session.client);
        if (claimant != null && !claimant.equals(session.owner())) {
            session.owner(claimant);
            announce(session, false);
        }
    }

    /// Takes a session manager's claim; may be called on any thread.
    void claimed(SlotClaim claim) {
        context.runOnContext(_ -> claims.claimed(claim));
    }

    /// Tells the owner of a session what it must know of it, and again what it has not handled.
    ///
    /// @param attached false if the connection is lost
    void announce(Session session, boolean attached) {
        tell(session.owner(), Announcement.of(session, attached));
        Announcement.again(session).forEach(event -> tell(session.owner(), event));
    }

    /// All that a claim asked for was told.
    void announced(String owner, long round) {
        outbox.flush();
        parts.bus().send(owner, new SessionEvent.Announced(address, round));
    }

    /// The stream of a bound client is over.
    void gone(Session session) {
        tell(session.owner(), Announcement.gone(session));
        ended.add(session);
    }

    /// The connection of a client is lost that may resume its stream.
    void detach(Session session) {
        detached.add(session);
        tell(session.owner(), new SessionEvent.Detached(session.id, session.client));
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

    /// The bus address of the account's owner; null while there is none.
    @Nullable
    String ownerOf(Jid account) {
        return parts.router().ownerOf(account);
    }

    /// Tells an owner of accounts.
    void tell(String owner, SessionEvent event) {
        outbox.add(owner, event);
    }

    /// Finds connections that take too long, and owners.
    void sweep() {
        long now = now();
        detached.sweep(now);
        ended.sweep(now);
        new ArrayList<>(connections.values()).forEach(connection -> connection.sweep(now));
        silent.sweep(now, this::sessions);
    }

    private List<Session> sessions() {
        List<Session> sessions = new ArrayList<>();
        for (Connection connection : connections.values()) {
            Session session = connection.session();
            if (session != null) {
                sessions.add(session);
            }
        }
        detached.forEach(sessions::add);
        return sessions;
    }

    void limitLogin(Connection connection, long since, long now) {
        if (now - since > config().timeouts().login().toMillis()) {
            connection.fail(StreamError.Condition.CONNECTION_TIMEOUT, "login took too long");
        }
    }

    /// Ends all streams. Completes when the connections are gone.
    ///
    /// @param millis how long that may take; 0 for at once
    Future<Void> stop(long millis) {
        Promise<Void> promise = Promise.promise();
        stopped = promise;
        if (connections.isEmpty()) {
            outbox.flush();
            promise.complete();
        } else {
            new Drain(this, List.copyOf(connections.values()), millis).tick();
        }
        return promise.future();
    }

    /// This process is cut off from the others, or not any more: clients are sent away, for others can serve them.
    void isolated(boolean cutOff) {
        isolated = cutOff;
        if (cutOff) {
            List.copyOf(connections.values()).forEach(connection -> connection.lose(SHUTDOWN));
        }
    }

    long after(long millis, Runnable task) {
        return clock.after(millis, task);
    }

    void cancel(long timer) {
        clock.cancel(timer);
    }

    /// Milliseconds of a clock that never goes back.
    long now() {
        return clock.now();
    }

    StreamClock clock() {
        return clock;
    }

    StreamInput.Limits inputLimits() {
        return inputLimits;
    }

    Tokens tokens() {
        return tokens;
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

    Collection<Connection> connections() {
        return connections.values();
    }

    DetachedSessions detached() {
        return detached;
    }

    EndedSessions ended() {
        return ended;
    }

    Reports reports() {
        return reports;
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

    OutputFlusher flusher() {
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
