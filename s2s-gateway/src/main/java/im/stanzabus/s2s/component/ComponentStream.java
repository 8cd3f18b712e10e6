package im.stanzabus.s2s.component;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.delivery.Intake;
import im.stanzabus.s2s.handover.ReceivedStanzas;
import im.stanzabus.s2s.policy.PeerLimits;
import im.stanzabus.s2s.policy.StreamTimeouts;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stream.StreamHeader;
import im.stanzabus.stream.StreamInput;
import im.stanzabus.stream.StreamOutput;
import im.stanzabus.stream.StreamSocket;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One stream with a component, whoever began it (XEP-0114): header, handshake, stanzas both ways,
/// and the end. There are no acknowledgements: what the operating system has taken counts as
/// delivered. Confined to its event loop.
abstract class ComponentStream implements StreamInput.Owner, StreamOutput.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(ComponentStream.class);
    private static final String END = "</stream:stream>";

    private static final int LONGEST_LINE = 200;

    final ComponentGateway gateway;
    final StreamSocket socket;
    final StreamInput in;
    final StreamOutput out;
    private final String contentNamespace;
    private final String key;
    private final StanzaPieces stanzas;
    private final ReceivedStanzas received;
    private final long since;
    private long lastWritten;
    private long lastTaken;
    private @Nullable Component component;
    private boolean headerSent;
    private boolean ended;
    private boolean gone;

    ComponentStream(ComponentGateway gateway, NetSocket netSocket, String contentNamespace) {
        this.gateway = gateway;
        this.contentNamespace = contentNamespace;
        socket = new StreamSocket(netSocket, gateway.context());
        in = new StreamInput(this, socket, gateway.clock(), contentNamespace, gateway.limits());
        out = new StreamOutput(this, socket, gateway.flusher());
        stanzas = new StanzaPieces(out, this::flush);
        key = gateway.newStreamId();
        PeerLimits limits = gateway.parts().limits();
        received = new ReceivedStanzas(limits.unconfirmedStanzas(), limits.unconfirmedBytes());
        since = gateway.clock().now();
        lastWritten = since;
        lastTaken = since;
    }

    // ---- what the two kinds of streams do differently ----

    abstract void opened(StreamEvent.Opened header);

    abstract void nonza(Element element);

    /// The stream is over.
    ///
    /// @param reason one line for the log
    abstract void over(String reason);

    /// For the log: who is at the other end.
    abstract String peer();

    // ---- begin ----

    /// Unlike that of any other stream, and not to be guessed.
    String key() {
        return key;
    }

    /// Begins to read.
    void begin() {
        socket.handlers(in::received, this::disconnected);
    }

    void header(StreamHeader header) {
        headerSent = true;
        out.raw(header.withoutVersion().text());
    }

    /// Whether a service of the bus has the component's domain; then the stream ends.
    boolean isTaken(Component named) {
        boolean taken = named.isAnothers();
        if (taken) {
            warn("a service has its domain");
            fail(StreamError.of(Condition.CONFLICT, "a service has this domain"));
        }
        return taken;
    }

    /// The handshake is right: stanzas may go both ways.
    void authenticated(Component named) {
        component = named;
        in.authenticated();
        named.joined(this);
    }

    boolean isAuthenticated() {
        return component != null;
    }

    // ---- what comes ----

    @Override
    public void read(int bytes) {
        gateway.parts().metrics().read(bytes);
    }

    @Override
    public void received(StreamEvent event) {
        switch (event) {
            case StreamEvent.Opened opened -> opened(opened);
            case StreamEvent.Nonza nonza -> element(nonza.element());
            case Stanza stanza -> stanza(stanza);
            case StreamEvent.BadStanza bad -> bad(bad);
            case StreamEvent.Closed _ -> end("closed by the component", true);
        }
    }

    private void element(Element element) {
        if (element.is("error", Namespaces.STREAMS)) {
            end("the component says " + describe(StreamError.parse(element)), true);
        } else {
            nonza(element);
        }
    }

    private void stanza(Stanza stanza) {
        Jid from = stanza.from();
        Jid to = stanza.to();
        StreamError error = check(from, to);
        if (error != null) {
            fail(error);
            return;
        }
        Origin origin = received.next(stanza.payload().bytes().length);
        gateway.deliver(stanza, origin, () -> delivered(origin));
        if (received.isFull()) {
            in.hold(StreamInput.WINDOW);
        }
    }

    /// What is wrong with a stanza's addresses. XEP-0114 section 3: both must be there, and `from`
    /// must be the component's or one at its domain. A route of the configuration may lead to it from
    /// other domains, as which it answers then.
    private @Nullable StreamError check(@Nullable Jid from, @Nullable Jid to) {
        if (component == null) {
            return StreamError.of(Condition.NOT_AUTHORIZED, "stanzas come after the handshake");
        }
        if (from == null || to == null) {
            return StreamError.of(Condition.IMPROPER_ADDRESSING, "stanzas of components have 'from' and 'to'");
        }
        return component.isFor(from)
                ? null
                : StreamError.of(Condition.INVALID_FROM, "this is the stream of " + component.domain());
    }

    /// Who has sent it is told, if that can be read; by the component's domain, if it was to go to what
    /// is no address (RFC 6120 section 8.3.3.8).
    private void bad(StreamEvent.BadStanza bad) {
        Jid from = bad.from();
        boolean nowhere = component != null && bad.to() == null && bad.rawTo() != null;
        Jid to = nowhere && from != null ? from.domainJid() : bad.to();
        StreamError error = check(from, to);
        if (error != null) {
            fail(error);
        } else if (from != null && to != null) {
            gateway.reject(from, to, bad);
        }
    }

    private void delivered(Origin origin) {
        received.done(origin);
        if (!ended && !received.isFull()) {
            in.release(StreamInput.WINDOW);
        }
    }

    /// An element that the stream does not know.
    void unsupported(Element element) {
        fail(StreamError.of(Condition.UNSUPPORTED_STANZA_TYPE, "what is " + element.name() + "?"));
    }

    // ---- what goes ----

    /// Sends a stanza when the component has read what was sent before; it must be authenticated.
    void send(Intake.Taken stanza) {
        stanzas.add(stanza);
    }

    @Override
    public void flush() {
        stanzas.flushed();
        int bytes = out.flush();
        if (bytes > 0) {
            lastWritten = gateway.clock().now();
            gateway.parts().metrics().wrote(bytes);
        }
    }

    @Override
    public void sent(long delivery) {
        lastTaken = gateway.clock().now();
        Component named = component;
        if (named != null) {
            stanzas.taken(delivery, stanza -> named.taken(this, stanza));
        }
        if (ended && out.isEmpty()) {
            socket.closeOutput();
        }
    }

    // ---- end ----

    @Override
    public void fail(StreamError error) {
        if (!ended) {
            gateway.parts().metrics().streamError(error.condition());
            if (!headerSent) {
                header(new StreamHeader(contentNamespace, false, key, null, null, false));
            }
            out.element(error.toElement());
            end(describe(error), false);
        }
    }

    @Override
    public void failed(RuntimeException mistake) {
        LOG.error("stream with {} failed", peer(), mistake);
        fail(StreamError.of(Condition.INTERNAL_SERVER_ERROR));
    }

    private void end(String reason, boolean byPeer) {
        if (ended) {
            return;
        }
        if (headerSent) {
            out.raw(END);
        }
        finish(reason);
        gateway.clock().after(Math.max(1, gateway.parts().timeouts().close().toMillis()), socket::close);
        if (byPeer && out.isEmpty()) {
            socket.close();
        }
    }

    /// The connection is of no use any more.
    void lose(String reason) {
        finish(reason);
        socket.close();
    }

    private void finish(String reason) {
        if (!ended) {
            ended = true;
            in.end();
            stanzas.end();
            String line = line(reason);
            if (component != null) {
                LOG.info("stream with {} ended: {}", peer(), line);
                component.left(this);
            } else {
                LOG.debug("stream with {} ended: {}", peer(), line);
            }
            over(line);
        }
    }

    /// What a peer says, or had to do with, for the log.
    private static String line(String reason) {
        String cut = reason.length() > LONGEST_LINE ? reason.substring(0, LONGEST_LINE) : reason;
        return cut.replaceAll("\\p{Cntrl}", " ");
    }

    /// Somebody is refused, which is said once a minute for each address.
    void warn(String reason) {
        if (gateway.isNews(socket.address())) {
            LOG.warn("{} is refused: {}", peer(), reason);
        }
    }

    /// Nothing more is written now: what the operating system has not taken goes elsewhere.
    private void disconnected() {
        finish("connection lost");
        if (!gone) {
            gone = true;
            if (component != null) {
                component.takeBack(this, stanzas.takeBack());
            }
            gateway.disconnected(this);
        }
    }

    // ---- time ----

    /// Called every second or so.
    void sweep(long now) {
        StreamTimeouts timeouts = gateway.parts().timeouts();
        if (out.isEmpty()) {
            lastTaken = now;
        }
        if (ended) {
            return;
        }
        if (component == null && now - since > timeouts.authentication().toMillis()) {
            fail(StreamError.of(Condition.CONNECTION_TIMEOUT, "the handshake took too long"));
        } else if (now - lastTaken > timeouts.answer().toMillis()) {
            lose("the component does not read");
        } else if (component != null
                && !timeouts.keepAlive().isZero()
                && now - lastWritten > timeouts.keepAlive().toMillis()) {
            lastWritten = now;
            out.raw(" "); // RFC 6120 section 4.6.1
        }
    }

    private static String describe(StreamError error) {
        String condition = error.condition().wire();
        return error.text() == null ? condition : condition + ": " + error.text();
    }
}
