package im.stanzabus.s2s;

import im.stanzabus.bus.Origin;
import im.stanzabus.s2s.dialback.DomainPair;
import im.stanzabus.s2s.handover.ReceivedStanzas;
import im.stanzabus.s2s.policy.PeerLimits;
import im.stanzabus.s2s.policy.PeerProof;
import im.stanzabus.s2s.policy.PublicKeyPin;
import im.stanzabus.s2s.policy.Standing;
import im.stanzabus.s2s.policy.StreamTimeouts;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stream.SmElements;
import im.stanzabus.stream.StreamHeader;
import im.stanzabus.stream.StreamInput;
import im.stanzabus.stream.StreamOutput;
import im.stanzabus.stream.StreamSocket;
import im.stanzabus.stream.tls.PeerCertificate;
import im.stanzabus.stream.tls.TlsHandlers;
import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One stream between servers, whoever began it (RFC 6120 section 4): header, stanzas with their
/// acknowledgements (XEP-0198), and the end. Stanzas may go both ways (XEP-0288). Confined to its
/// event loop.
abstract class ServerStream implements StreamInput.Owner, StreamOutput.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(ServerStream.class);
    private static final String END = "</stream:stream>";

    final ServerGateway gateway;
    final StreamSocket socket;
    final StreamInput in;
    final StreamOutput out;
    final SentStanzas sent;
    final ReceivedStanzas received;
    final long since;
    private long lastUsed;
    private long lastWritten;
    private long lastTaken;
    private long pending;
    private @Nullable PeerCertificate certificate;
    private boolean secure;
    private boolean headerSent;
    private boolean ended;
    private boolean gone;

    ServerStream(ServerGateway gateway, NetSocket netSocket) {
        this.gateway = gateway;
        socket = new StreamSocket(netSocket, gateway.context());
        in = new StreamInput(this, socket, gateway.clock(), Namespaces.SERVER, gateway.limits());
        out = new StreamOutput(this, socket, gateway.flusher());
        sent = new SentStanzas(new SentStanzas.Writer() {
            @Override
            public void delivery(Stanza stanza, long number) {
                out.delivery(stanza, number);
            }

            @Override
            public void raw(String ascii) {
                out.raw(ascii);
            }
        });
        PeerLimits limits = gateway.config().limits();
        received = new ReceivedStanzas(limits.unconfirmedStanzas(), limits.unconfirmedBytes());
        since = gateway.clock().now();
        lastUsed = since;
        lastWritten = since;
        lastTaken = since;
    }

    // ---- what the two kinds of streams do differently ----

    abstract void opened(StreamEvent.Opened header);

    abstract void nonza(Element element);

    /// Whether the peer may send stanzas for a pair.
    abstract boolean mayReceive(DomainPair pair);

    /// The stream is over. What was written and may not have arrived is for whoever can send it
    /// again.
    ///
    /// @param reason one line for the log
    abstract void over(@Nullable StreamError error, String reason, List<QueuedStanza> lost);

    /// For the log: who is at the other end.
    abstract String peer();

    // ---- begin ----

    /// Begins to read.
    void begin() {
        socket.handlers(in::received, this::disconnected);
    }

    /// Goes on under TLS.
    Future<Void> handshake(TlsHandlers side) {
        in.hold(StreamInput.HANDSHAKE);
        return secured(socket.startTls(side));
    }

    /// Writes the last bytes in plain text, and goes on under TLS as the server.
    void handshake(TlsHandlers side, byte[] proceed) {
        in.hold(StreamInput.HANDSHAKE);
        secured(socket.upgradeToTls(side, proceed));
    }

    private Future<Void> secured(Future<Void> handshake) {
        return handshake
                .onSuccess(_ -> {
                    if (ended) {
                        return;
                    }
                    SSLSession session = socket.tlsSession();
                    secure = true;
                    certificate = session == null ? null : gateway.tls().judge().presented(session);
                    in.release(StreamInput.HANDSHAKE);
                })
                .onFailure(failure -> lose("TLS handshake failed: " + failure.getMessage()));
    }

    boolean isSecure() {
        return secure;
    }

    /// What the stream shows of the peer, if it claims to be a domain.
    PeerProof proof(String domain) {
        PeerCertificate presented = certificate;
        return presented == null
                ? new PeerProof(secure, false, null)
                : new PeerProof(secure, presented.isFor(domain), new PublicKeyPin(presented.keyDigest()));
    }

    /// Why the peer is not spoken with as a domain, for logs and errors.
    String why(Standing standing, String domain) {
        return switch (standing) {
            case BLOCKED -> domain + " is blocked here";
            case TLS_MISSING -> "there is no TLS";
            case PROOF_MISSING, PROVEN, MAY_DIAL_BACK -> {
                String refusal = certificate == null ? null : certificate.refusal(domain);
                yield certificate == null
                        ? "there is no certificate"
                        : refusal == null
                                ? "the key is none of those that are pinned"
                                : "the certificate does not pass: " + refusal;
            }
        };
    }

    void header(StreamHeader header) {
        headerSent = true;
        out.raw(header.text());
    }

    /// A new stream follows on the connection (RFC 6120 sections 5.4.3.3 and 6.4.6).
    void restart() {
        in.restart();
        headerSent = false;
    }

    // ---- what comes ----

    @Override
    public void read(int bytes) {
        gateway.metrics().read(bytes);
    }

    @Override
    public void received(StreamEvent event) {
        switch (event) {
            case StreamEvent.Opened opened -> opened(opened);
            case StreamEvent.Nonza nonza -> element(nonza.element());
            case Stanza stanza -> stanza(stanza);
            case StreamEvent.BadStanza bad -> bad(bad);
            case StreamEvent.Closed _ -> closedByPeer();
        }
    }

    private void element(Element element) {
        if (element.is("r", SmElements.NAMESPACE)) {
            if (received.isManaged()) {
                out.raw(received.ack());
            }
        } else if (element.is("a", SmElements.NAMESPACE)) {
            int before = sent.size();
            if (!sent.acknowledged(element)) {
                fail(StreamError.of(Condition.UNDEFINED_CONDITION, "an acknowledgement of what was not sent"));
            } else if (sent.size() < before && sent.isToBeAsked()) {
                gateway.flusher().wake(this); // what followed the question is asked about in turn
            }
        } else if (element.is("error", Namespaces.STREAMS)) {
            end(StreamError.parse(element), "the other server says " + describe(element), true);
        } else {
            nonza(element);
        }
    }

    private void stanza(Stanza stanza) {
        Jid from = stanza.from();
        Jid to = stanza.to();
        if (from == null || to == null) {
            fail(StreamError.of(Condition.IMPROPER_ADDRESSING, "stanzas between servers have 'from' and 'to'"));
            return;
        }
        DomainPair pair = new DomainPair(from.domain(), to.domain());
        if (!mayReceive(pair)) {
            fail(StreamError.of(Condition.INVALID_FROM, "not authorized for " + pair));
            return;
        }
        lastUsed = gateway.clock().now();
        Origin origin = received.next(stanza.payload().bytes().length);
        gateway.deliver(this, stanza, origin);
        if (received.isFull()) {
            in.hold(StreamInput.WINDOW);
        }
    }

    /// RFC 6120 section 8.2.3: who has sent it is told. Without addresses it is the stream's fault
    /// (sections 8.1.1.2 and 8.1.2.2).
    private void bad(StreamEvent.BadStanza bad) {
        Jid from = bad.from();
        Jid to = bad.to();
        if (from == null || to == null || !mayReceive(new DomainPair(from.domain(), to.domain()))) {
            fail(StreamError.of(Condition.IMPROPER_ADDRESSING, "a stanza that cannot be read"));
            return;
        }
        Origin origin = received.next(0);
        gateway.reject(from, to, bad);
        delivered(origin);
    }

    /// A stanza that came in is in other hands.
    void delivered(Origin origin) {
        if (ended) {
            return;
        }
        if (received.done(origin)) {
            gateway.flusher().wake(this);
        }
        if (!received.isFull()) {
            in.release(StreamInput.WINDOW);
        }
    }

    /// An element that the stream does not know.
    void unsupported(Element element) {
        fail(StreamError.of(Condition.UNSUPPORTED_STANZA_TYPE, "what is " + element.name() + "?"));
    }

    // ---- what goes ----

    /// Sends a stanza; its pair must be authorized.
    void send(QueuedStanza stanza) {
        lastUsed = gateway.clock().now();
        sent.send(stanza);
    }

    @Override
    public void flush() {
        if (ended && out.isEmpty()) {
            return;
        }
        long now = gateway.clock().now();
        if (!ended) {
            if (received.isUntold()) {
                out.raw(received.ack());
            }
            sent.beforeFlush(now);
        }
        int bytes = out.flush();
        if (bytes > 0) {
            lastWritten = now;
            gateway.metrics().wrote(bytes);
        }
        if (!ended && out.waiting() > gateway.config().limits().outgoingBytes()) {
            lose("the other server does not read");
        }
    }

    @Override
    public void sent(long delivery) {
        lastTaken = gateway.clock().now();
        if (delivery != 0) {
            sent.taken(delivery);
        }
        if (ended && out.isEmpty()) {
            socket.closeOutput();
        }
    }

    // ---- end ----

    boolean isEnded() {
        return ended;
    }

    @Override
    public void fail(StreamError error) {
        if (!ended) {
            gateway.metrics().streamError(error.condition());
            if (!headerSent) {
                header(new StreamHeader(Namespaces.SERVER, true, null, null, null, true));
            }
            out.element(error.toElement());
            end(error, describe(error), false);
        }
    }

    @Override
    public void failed(RuntimeException mistake) {
        LOG.error("stream with {} failed", peer(), mistake);
        fail(StreamError.of(Condition.INTERNAL_SERVER_ERROR));
    }

    /// Ends the stream in good order.
    void close(String reason) {
        end(null, reason, false);
    }

    private void closedByPeer() {
        end(null, "closed by the other server", true);
    }

    private void end(@Nullable StreamError error, String reason, boolean byPeer) {
        if (ended) {
            return;
        }
        if (headerSent) {
            if (received.isUntold()) {
                out.raw(received.ack());
            }
            out.raw(END);
        }
        finish(error, reason);
        gateway.clock().after(Math.max(1, gateway.config().timeouts().close().toMillis()), socket::close);
        if (byPeer && out.isEmpty()) {
            socket.close();
        }
    }

    /// The connection is of no use any more.
    void lose(String reason) {
        try {
            finish(null, reason);
        } finally {
            socket.close();
        }
    }

    private void finish(@Nullable StreamError error, String reason) {
        if (!ended) {
            ended = true;
            in.end();
            LOG.debug("stream with {} ended: {}", peer(), reason);
            over(error, reason, sent.lost());
        }
    }

    private void disconnected() {
        try {
            finish(null, "connection lost");
        } finally {
            if (!gone) {
                gone = true;
                gateway.disconnected(this);
            }
        }
    }

    // ---- time ----

    /// Called every second or so.
    void sweep(long now) {
        StreamTimeouts timeouts = gateway.config().timeouts();
        long asked = sent.askedSince();
        if (sent.isToBeAsked()) {
            gateway.flusher().wake(this);
        }
        if (!ended && isStalled(now, timeouts.answer())) {
            lose("the other server does not read");
        } else if (asked >= 0
                && in.isReading()
                && now - Math.max(asked, in.lastRead()) > timeouts.answer().toMillis()) {
            lose("the other server does not acknowledge");
        } else if (isOver(timeouts.idle(), now - lastUsed) && sent.isEmpty() && received.isIdle() && isIdle()) {
            close("idle");
        } else if (!ended && isOver(timeouts.keepAlive(), now - Math.max(in.lastRead(), lastWritten))) {
            if (!sent.ask(now)) {
                out.raw(" "); // RFC 6120 section 4.6.1: TCP notices when nobody is there
            }
        }
    }

    /// Whether the operating system has long taken nothing of what waits. A frozen peer would otherwise
    /// keep for ever what was sent to it, and who floods and does not read would stay.
    private boolean isStalled(long now, Duration limit) {
        long before = pending;
        pending = socket.pending();
        if (out.isEmpty() || pending < before) {
            lastTaken = now;
        }
        return now - lastTaken > limit.toMillis();
    }

    private static boolean isOver(Duration limit, long millis) {
        return !limit.isZero() && millis > limit.toMillis();
    }

    /// Whether nothing but stanzas is under way.
    abstract boolean isIdle();

    // ---- text ----

    /// The domain in an address that must be one; null if it is none.
    static @Nullable String domain(@Nullable String address) {
        try {
            Jid jid = address == null ? null : Jid.parse(address);
            return jid == null || jid.hasLocal() || jid.isFull() ? null : jid.domain();
        } catch (JidSyntaxException e) {
            return null;
        }
    }

    private static String describe(Element error) {
        return describe(StreamError.parse(error));
    }

    private static String describe(StreamError error) {
        String condition = error.condition().wire();
        return error.text() == null ? condition : condition + ": " + error.text();
    }
}
