package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stream.StreamHeader;
import im.stanzabus.stream.StreamInput;
import im.stanzabus.stream.StreamOutput;
import im.stanzabus.stream.StreamSocket;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection: its stream from the first header to the last tag, in a {@link StreamState}.
///
/// A stream header goes out before anything else on each stream (RFC 6120 section 4.9.1.2). How it ends
/// is told in {@link Ending}.
///
/// Confined to its event loop.
final class Connection implements StreamInput.Owner, StreamOutput.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final StreamError OVERFLOW =
            StreamError.of(StreamError.Condition.RESOURCE_CONSTRAINT, "too much waits for this client");
    private static final byte[] PROCEED =
            ("<proceed xmlns='" + Namespaces.TLS + "'/>").getBytes(StandardCharsets.US_ASCII);

    private final Gateway gateway;
    private final ConnectionId id;
    private final StreamSocket socket;
    private final StreamInput in;
    private final StreamOutput out;
    private final Ending ending;
    private final String address;
    private StreamState state;
    private String host;
    private String streamId = "";
    private @Nullable String lang;
    private boolean headerSent;
    private boolean secure;

    Connection(Gateway gateway, ConnectionId id, StreamSocket socket, String address) {
        this.gateway = gateway;
        this.id = id;
        this.socket = socket;
        this.address = address;
        this.host = gateway.defaultHost();
        this.in = new StreamInput(this, socket, gateway.clock(), Namespaces.CLIENT, gateway.inputLimits());
        this.out = new StreamOutput(this, socket, gateway.flusher());
        this.ending = new Ending(this, gateway);
        this.state = new Opening(this, null, gateway.now());
    }

    /// Begins to read. With TLS first where the port is for that.
    void start(boolean directTls) {
        socket.handlers(in::received, ending::disconnected);
        if (directTls) {
            handshake(socket.startTls(gateway.tls()::direct));
        }
    }

    @Override
    public void read(int bytes) {
        gateway.metrics().read(bytes);
    }

    @Override
    public void received(StreamEvent event) {
        switch (event) {
            case Stanza stanza -> state.stanza(stanza);
            case StreamEvent.Nonza nonza -> state.nonza(nonza.element());
            case StreamEvent.BadStanza bad -> state.badStanza(bad);
            case StreamEvent.Opened opened -> {
                if (state instanceof Opening opening) {
                    opening.opened(opened);
                } else {
                    fail(StreamError.Condition.BAD_FORMAT, "a stream inside a stream");
                }
            }
            case StreamEvent.Closed _ -> ending.closedByClient();
        }
    }

    /// Goes on under TLS (RFC 6120 section 5.4.3.3). What the client sent behind its request is not part of
    /// the stream that begins now, whoever put it there.
    ///
    /// @param since when the connection began
    void upgradeToTls(long since) {
        out.flush();
        in.discardUnread();
        handshake(socket.upgradeToTls(gateway.tls()::upgrade, PROCEED));
        restart(null, since);
    }

    private void handshake(Future<Void> handshake) {
        in.hold(StreamInput.HANDSHAKE);
        handshake.onComplete(
                _ -> {
                    secure = true;
                    in.release(StreamInput.HANDSHAKE);
                },
                failure -> {
                    LOG.debug("{} TLS handshake with {} failed: {}", id, address, failure.getMessage());
                    socket.close();
                });
    }

    /// The client has logged in, and a new stream follows (RFC 6120 section 6.4.6).
    ///
    /// @param since when the connection began
    void authenticated(Jid account, long since) {
        in.authenticated();
        restart(account, since);
    }

    private void restart(@Nullable Jid account, long since) {
        in.restart();
        headerSent = false;
        state = new Opening(this, account, since);
    }

    void enter(StreamState next) {
        state = next;
    }

    /// Writes the stream header (RFC 6120 section 4.7).
    void header(String from, @Nullable Jid to) {
        host = from;
        streamId = gateway.tokens().streamId();
        headerSent = true;
        out.raw(StreamHeader.answer(Namespaces.CLIENT, streamId, from, to == null ? null : to.toString())
                .text());
    }

    /// A resource is bound, or its stream goes on here.
    void bound(Session session, String how) {
        LOG.info("{} {} from {} {}{}", streamId, session.client, address, how, secure ? "" : " without TLS");
        enter(new Bound(this, session));
    }

    void fail(StreamError.Condition condition, String text) {
        fail(StreamError.of(condition, text));
    }

    /// Ends the stream with an error (RFC 6120 section 4.9) and the session with it: the client
    /// made a mistake.
    @Override
    public void fail(StreamError error) {
        ending.error(error, null, Ending.Fate.GONE);
    }

    /// Like {@link #fail(StreamError)}.
    ///
    /// @param detail an application-specific condition
    void fail(StreamError error, Element detail) {
        ending.error(error, detail, Ending.Fate.GONE);
    }

    /// Ends the stream with an error. The client may come back for what it has enabled stream management
    /// for.
    void lose(StreamError error) {
        ending.error(error, null, Ending.Fate.LOST);
    }

    /// Ends the stream because its owner wants that, and has forgotten it already.
    void dismiss(@Nullable StreamError error) {
        ending.dismissed(error);
    }

    @Override
    public void failed(RuntimeException mistake) {
        LOG.error("{} stream {} of {} failed", id, streamId, address, mistake);
        fail(StreamError.of(StreamError.Condition.INTERNAL_SERVER_ERROR));
    }

    /// Ends the stream because the server stops, when what the client sent is handled, or after this time.
    void shutDown(long millis) {
        ending.serverStops(millis);
    }

    @Override
    public void flush() {
        if (state instanceof Bound bound) {
            bound.beforeFlush();
        }
        limitOutput();
        gateway.metrics().wrote(out.flush());
    }

    /// Ends the stream if too much waits for the client to read.
    void limitOutput() {
        if (out.waiting() > gateway.config().limits().outgoingBytes()) {
            lose(OVERFLOW);
        }
    }

    @Override
    public void sent(long delivery) {
        if (state instanceof Bound bound) {
            if (delivery != 0) {
                bound.taken(delivery);
            }
        } else if (state instanceof Closed closed) {
            if (delivery != 0) {
                closed.taken(delivery);
            }
            if (out.isEmpty()) {
                ending.written(closed);
            }
        }
    }

    /// Takes what an owner of accounts says.
    ///
    /// @return false if it is not for this connection, or not any more
    boolean owner(String owner, ConnectionEvent event) {
        try {
            return state.owner(owner, event);
        } catch (RuntimeException e) {
            failed(e);
            return true;
        }
    }

    void sweep(long now) {
        state.sweep(now);
    }

    StreamState state() {
        return state;
    }

    /// The session whose end its owner does not know; null if there is none.
    @Nullable
    Session session() {
        return switch (state) {
            case Bound bound -> bound.session();
            case Closed closed -> closed.session();
            default -> null;
        };
    }

    /// Sends an element of the negotiation.
    void send(Element element) {
        out.element(element);
    }

    /// Sends a stanza of the gateway's own.
    void send(Stanza stanza) {
        out.stanza(stanza);
    }

    Gateway gateway() {
        return gateway;
    }

    ConnectionId id() {
        return id;
    }

    StreamSocket socket() {
        return socket;
    }

    StreamInput in() {
        return in;
    }

    StreamOutput out() {
        return out;
    }

    /// The client's IP address.
    String address() {
        return address;
    }

    /// The virtual host that the client wants.
    String host() {
        return host;
    }

    /// Whether the stream of this moment has a header.
    boolean isHeaderSent() {
        return headerSent;
    }

    String streamId() {
        return streamId;
    }

    boolean isSecure() {
        return secure;
    }

    @Nullable
    SSLSession tlsSession() {
        return secure ? socket.tlsSession() : null;
    }

    /// The language of what the client sends (RFC 6120 section 4.7.4).
    @Nullable
    String lang() {
        return lang;
    }

    void lang(@Nullable String language) {
        lang = language;
    }
}
