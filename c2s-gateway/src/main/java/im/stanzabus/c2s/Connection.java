package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stanza.xml.StreamParser;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection: drives bytes through the parser into the {@link StreamState}, one element after
/// the other, and stops while there is a reason to.
///
/// Invariants:
/// - Nothing is taken from the parser while a hold is set, and none but {@link #HANDSHAKE} lets the socket
/// be read.
/// - A stream header goes out before anything else on each stream (RFC 6120 section 4.9.1.2).
/// - After the state became {@link Closed} nothing is written any more.
///
/// Confined to its event loop.
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /// An answer is awaited that decides what the next element means.
    static final int WAITING = 1;

    /// Too many stanzas are on their way to the owner of the account.
    static final int WINDOW = 2;

    /// The client sends faster than it may.
    static final int RATE = 4;

    /// The TLS handshake runs: what is read already belongs to the stream after it.
    static final int HANDSHAKE = 8;

    private final Gateway gateway;
    private final ConnectionId id;
    private final ClientSocket socket;
    private final StreamParser parser;
    private final Outbound out;
    private final String address;
    private final @Nullable Throttle throttle;
    private StreamState state;
    private String host;
    private String streamId = "";
    private @Nullable String lang;
    private long lastRead;
    private int unauthenticatedBytes;
    private int holds;
    private boolean reading = true;
    private boolean pulling;
    private boolean headerSent;
    private boolean secure;

    Connection(Gateway gateway, ConnectionId id, ClientSocket socket, String address) {
        this.gateway = gateway;
        this.id = id;
        this.socket = socket;
        this.address = address;
        this.host = gateway.defaultHost();
        C2sConfig.Limits limits = gateway.config().limits();
        this.parser = new StreamParser(limits.beforeLogin(), Namespaces.CLIENT);
        this.out = new Outbound(this, gateway.flusher());
        this.throttle = limits.bytesPerSecond() == 0 ? null : new Throttle(limits.bytesPerSecond());
        this.lastRead = gateway.now();
        this.state = new Opening(this, null, lastRead);
    }

    /// Begins to read. With TLS first where the port is for that.
    void start(boolean directTls) {
        socket.handlers(this::received, this::disconnected);
        if (directTls) {
            handshake(socket.startTls(gateway.tls()));
        }
    }

    private void received(byte[] bytes) {
        lastRead = gateway.now();
        gateway.metrics().read(bytes.length);
        if (state instanceof Closed) {
            return;
        }
        if (unauthenticatedBytes >= 0) {
            unauthenticatedBytes += bytes.length;
            if (unauthenticatedBytes > gateway.config().limits().bytesBeforeLogin()) {
                fail(StreamError.Condition.POLICY_VIOLATION, "too many bytes before login");
                return;
            }
        }
        parser.feed(bytes);
        if (throttle != null && throttle.exceeded(bytes.length)) {
            hold(RATE);
            gateway.after(throttle.pauseMillis(), () -> release(RATE));
        }
        pull();
    }

    private void pull() {
        if (pulling) {
            return;
        }
        pulling = true;
        try {
            while (holds == 0 && !(state instanceof Closed)) {
                StreamEvent event = parser.next();
                if (event == null) {
                    break;
                }
                handle(event);
            }
        } catch (StreamErrorException e) {
            fail(e.error());
        } finally {
            pulling = false;
        }
    }

    private void handle(StreamEvent event) {
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

    /// Stops taking elements until the reason is released.
    void hold(int reason) {
        holds |= reason;
        applyReading();
    }

    void release(int reason) {
        if ((holds & reason) != 0) {
            holds &= ~reason;
            applyReading();
            pull();
        }
    }

    private void applyReading() {
        boolean wanted = (holds & ~HANDSHAKE) == 0 || state instanceof Closed;
        if (wanted != reading) {
            reading = wanted;
            lastRead = gateway.now();
            socket.reading(wanted);
        }
    }

    /// Takes no further element until the answer is there and dealt with.
    <T> void await(Future<T> answer, Consumer<T> then, Consumer<Throwable> failed) {
        hold(WAITING);
        answer.onComplete(result -> {
            if (!(state instanceof Closed)) {
                holds &= ~WAITING;
                if (result.succeeded()) {
                    then.accept(result.result());
                } else {
                    failed.accept(result.cause());
                }
                applyReading();
                pull();
            }
        });
    }

    /// Goes on under TLS (RFC 6120 section 5.4.3.3). What the client sent behind its request is not part of
    /// the stream that begins now, whoever put it there.
    void upgradeToTls() {
        out.flush();
        parser.discardUnread();
        String proceed = "<proceed xmlns='" + Namespaces.TLS + "'/>";
        handshake(socket.upgradeToTls(gateway.tls(), proceed.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        restart(null);
    }

    private void handshake(Future<Void> handshake) {
        hold(HANDSHAKE);
        handshake.onComplete(
                _ -> {
                    secure = true;
                    release(HANDSHAKE);
                },
                failure -> {
                    LOG.debug("{} TLS handshake with {} failed: {}", id, address, failure.getMessage());
                    socket.close();
                });
    }

    /// A new stream follows on the same connection.
    ///
    /// @param account who has logged in
    void restart(@Nullable Jid account) {
        parser.restart();
        headerSent = false;
        if (account != null) {
            unauthenticatedBytes = -1;
            parser.limits(gateway.config().limits().afterLogin());
        }
        state = new Opening(this, account, openedAt());
    }

    private long openedAt() {
        return switch (state) {
            case Opening opening -> opening.since();
            case Securing securing -> securing.since();
            case Authenticating authenticating -> authenticating.since();
            case Binding _, Bound _, Closed _ -> throw new IllegalStateException("no new stream after login");
        };
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
        close(
                error.text() == null
                        ? error.condition().wire()
                        : error.condition().wire() + ": " + error.text(),
                true);
    }

    private void close(String reason, boolean lingering) {
        if (state instanceof Closed) {
            return;
        }
        out.raw("</stream:stream>");
        long timer = gateway.after(gateway.config().timeouts().close().toMillis(), socket::close);
        state = new Closed(client(), reason, lingering, timer);
        applyReading();
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
            if (closed.lingering) {
                socket.closeOutput();
            } else {
                socket.close();
            }
        }
    }

    private void disconnected() {
        StreamState last = state;
        if (last instanceof Closed closed) {
            gateway.cancel(closed.timer);
        }
        Jid client = last instanceof Closed closed ? closed.client : client();
        List<Stanza> undelivered = out.undelivered();
        String reason = "connection lost";
        if (last instanceof Closed closed) {
            undelivered.addAll(closed.late);
            reason = closed.reason;
        }
        state = new Closed(null, reason, false, 0);
        gateway.gone(this, client, undelivered);
        if (client != null) {
            LOG.info("{} {} from {} ended: {}", streamId, client, address, reason);
        } else {
            LOG.debug("{} from {} ended before login: {}", streamId, address, reason);
        }
    }

    void receive(ConnectionEvent event) {
        switch (event) {
            case ConnectionEvent.Deliver deliver -> deliver(deliver);
            case ConnectionEvent.Handled handled -> {
                if (state instanceof Bound bound) {
                    bound.handled(handled.number());
                }
            }
            case ConnectionEvent.Bound answer -> {
                if (state instanceof Binding binding && binding.isWaiting()) {
                    binding.bound(answer.client());
                    LOG.info(
                            "{} {} from {} logged in{}",
                            streamId,
                            answer.client(),
                            address,
                            secure ? "" : " in plain text");
                } else {
                    gateway.unwanted(answer);
                }
            }
            case ConnectionEvent.BindRefused refused -> {
                if (state instanceof Binding binding && binding.isWaiting()) {
                    binding.refused(refused.error());
                }
            }
            case ConnectionEvent.Disconnect disconnect -> fail(disconnect.error());
        }
    }

    private void deliver(ConnectionEvent.Deliver deliver) {
        if (state instanceof Bound bound) {
            bound.deliver(deliver);
        } else if (state instanceof Closed closed && !deliver.confirm()) {
            closed.late.add(deliver.stanza());
        }
    }

    void sweep(long now) {
        state.sweep(now);
    }

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

    /// False while we do not read what the client sends.
    boolean isReading() {
        return reading;
    }

    /// When the last byte came or could come again, on the gateway's clock.
    long lastRead() {
        return lastRead;
    }
}
