package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamEvent;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection: its stream from the first header to the last tag, in a {@link StreamState}.
///
/// Invariants:
/// - A stream header goes out before anything else on each stream (RFC 6120 section 4.9.1.2).
/// - After the state became {@link Closed} nothing is written any more.
/// - The owner of a bound account is told once that the stream is over: when all is written, or the socket is gone.
///
/// Confined to its event loop.
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final long NO_TIMER = -1;
    private static final byte[] PROCEED =
            ("<proceed xmlns='" + Namespaces.TLS + "'/>").getBytes(StandardCharsets.US_ASCII);

    private final Gateway gateway;
    private final ConnectionId id;
    private final ClientSocket socket;
    private final Inbound in;
    private final Outbound out;
    private final String address;
    private StreamState state;
    private String host;
    private String streamId = "";
    private @Nullable String lang;
    private boolean headerSent;
    private boolean secure;

    Connection(Gateway gateway, ConnectionId id, ClientSocket socket, String address) {
        this.gateway = gateway;
        this.id = id;
        this.socket = socket;
        this.address = address;
        this.host = gateway.defaultHost();
        this.in = new Inbound(this, gateway);
        this.out = new Outbound(this, gateway.flusher());
        this.state = new Opening(this, null, gateway.now());
    }

    /// Begins to read. With TLS first where the port is for that.
    void start(boolean directTls) {
        socket.handlers(in::received, this::disconnected);
        if (directTls) {
            handshake(socket.startTls(gateway.tls()));
        }
    }

    /// Takes the next thing that the client sent.
    void received(StreamEvent event) {
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
            case StreamEvent.Closed _ -> close("closed by the client", false);
        }
    }

    /// Goes on under TLS (RFC 6120 section 5.4.3.3). What the client sent behind its request is not part of
    /// the stream that begins now, whoever put it there.
    ///
    /// @param since when the connection began
    void upgradeToTls(long since) {
        out.flush();
        in.discardUnread();
        handshake(socket.upgradeToTls(gateway.tls(), PROCEED));
        restart(null, since);
    }

    private void handshake(Future<Void> handshake) {
        in.hold(Inbound.HANDSHAKE);
        handshake.onComplete(
                _ -> {
                    secure = true;
                    in.release(Inbound.HANDSHAKE);
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
        streamId = gateway.newStreamId();
        headerSent = true;
        out.raw(StreamHeader.text(streamId, from, to));
    }

    void fail(StreamError.Condition condition, String text) {
        fail(StreamError.of(condition, text));
    }

    /// Ends the stream with an error (RFC 6120 section 4.9).
    void fail(StreamError error) {
        if (state instanceof Closed) {
            return;
        }
        gateway.metrics().streamError(error.condition());
        if (!headerSent) {
            header(host, null);
        }
        out.element(error.toElement());
        String condition = error.condition().wire();
        close(error.text() == null ? condition : condition + ": " + error.text(), true);
    }

    /// Ends the stream because of a mistake of ours.
    void failed(RuntimeException mistake) {
        LOG.error("{} stream {} of {} failed", id, streamId, address, mistake);
        fail(StreamError.of(StreamError.Condition.INTERNAL_SERVER_ERROR));
    }

    private void close(String reason, boolean lingering) {
        if (state instanceof Closed) {
            return;
        }
        out.raw("</stream:stream>");
        long timer = gateway.after(gateway.config().timeouts().close().toMillis(), socket::close);
        state = new Closed(client(), reason, lingering, timer);
        in.end();
    }

    private @Nullable Jid client() {
        return state instanceof Bound bound ? bound.client() : null;
    }

    /// Called at the end of a turn in which something was written.
    void flush() {
        if (state instanceof Bound bound) {
            bound.beforeFlush();
        }
        gateway.metrics().wrote(out.flush());
    }

    /// Called when the operating system has taken bytes.
    void sent() {
        if (state instanceof Closed closed && out.isEmpty()) {
            report(closed);
            if (closed.lingering) {
                socket.closeOutput();
            } else {
                socket.close();
            }
        }
    }

    private void disconnected() {
        if (!(state instanceof Closed)) {
            state = new Closed(client(), "connection lost", false, NO_TIMER);
            in.end();
        }
        if (state instanceof Closed closed) {
            gateway.cancel(closed.timer);
            report(closed);
        }
        gateway.disconnected(this);
    }

    /// Tells that the stream is over, once nothing more can be written on it.
    private void report(Closed closed) {
        if (closed.reported) {
            return;
        }
        closed.reported = true;
        Jid client = closed.client;
        if (client == null) {
            LOG.debug("{} from {} ended before login: {}", streamId, address, closed.reason);
        } else {
            LOG.info("{} {} from {} ended: {}", streamId, client, address, closed.reason);
            List<Stanza> undelivered = out.undelivered();
            undelivered.addAll(closed.late);
            gateway.ended(id, client, undelivered);
        }
    }

    /// Takes what the owner of the account says.
    void receive(ConnectionEvent event) {
        try {
            switch (event) {
                case ConnectionEvent.Deliver deliver -> deliver(deliver);
                case ConnectionEvent.Handled handled -> {
                    if (state instanceof Bound bound) {
                        bound.handled(handled.number());
                    }
                }
                case ConnectionEvent.Bound bound -> bound(bound);
                case ConnectionEvent.BindRefused refused -> {
                    if (state instanceof Binding binding && binding.isWaiting()) {
                        binding.refused(refused.error());
                    }
                }
                case ConnectionEvent.Disconnect disconnect -> fail(disconnect.error());
            }
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void deliver(ConnectionEvent.Deliver deliver) {
        if (state instanceof Bound bound) {
            bound.deliver(deliver);
        } else if (state instanceof Closed closed && closed.reported) {
            gateway.tooLate(deliver);
        } else if (state instanceof Closed closed && !deliver.confirm()) {
            closed.late.add(deliver.stanza());
        }
    }

    private void bound(ConnectionEvent.Bound answer) {
        if (state instanceof Binding binding && binding.isWaiting()) {
            LOG.info("{} {} from {} logged in{}", streamId, answer.client(), address, secure ? "" : " without TLS");
            binding.bound(answer.client());
        } else {
            gateway.unwanted(answer);
        }
    }

    void sweep(long now) {
        state.sweep(now);
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

    ClientSocket socket() {
        return socket;
    }

    Inbound in() {
        return in;
    }

    Outbound out() {
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
