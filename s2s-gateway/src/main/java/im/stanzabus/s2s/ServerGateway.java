package im.stanzabus.s2s;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.Route;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.View;
import im.stanzabus.bus.delivery.Intake;
import im.stanzabus.bus.delivery.Outgoing;
import im.stanzabus.s2s.dialback.AuthoritativeDialback;
import im.stanzabus.s2s.dialback.Dialback;
import im.stanzabus.s2s.dialback.DialbackKey;
import im.stanzabus.s2s.dialback.DomainPair;
import im.stanzabus.s2s.dialback.Verification;
import im.stanzabus.s2s.dns.Dns;
import im.stanzabus.s2s.handover.Handover;
import im.stanzabus.s2s.policy.DomainPolicy;
import im.stanzabus.s2s.policy.PeerLimits;
import im.stanzabus.s2s.remote.Backoff;
import im.stanzabus.s2s.remote.Connector;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stream.OutputFlusher;
import im.stanzabus.stream.StreamClock;
import im.stanzabus.stream.StreamInput;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.NetSocket;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The streams of one event loop to and from other servers, and the remote domains that it owns.
/// Confined to its context, like everything in it.
final class ServerGateway {
    private static final Logger LOG = LoggerFactory.getLogger(ServerGateway.class);
    private static final int STREAM_ID_BYTES = 15;
    private static final long LOOK_EVERY_MILLIS = 20;

    private final Context context;
    private final S2sParts parts;
    private final StreamClock clock;
    private final OutputFlusher flusher;
    private final Connector connector;
    private final Dns dns;
    private final Handover handover;
    private final Outgoing<Handover> outgoing;
    private final Intake intake;
    private final AuthoritativeDialback authority;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, RemoteDomain> remotes = new HashMap<>();
    private final Map<DomainPair, IncomingStream> twoWay = new HashMap<>();
    private final Set<IncomingStream> incoming = new LinkedHashSet<>();
    private final Set<OutgoingStream> opened = new HashSet<>();
    private final Map<DomainPair, Integer> streamsByPair = new HashMap<>();
    private @Nullable Promise<Void> stopped;
    private boolean isolated;

    /// @param address of this instance on the bus
    ServerGateway(Context context, String address, S2sParts parts, Dns dns, Connector connector) {
        this.context = context;
        this.parts = parts;
        this.dns = dns;
        this.connector = connector;
        clock = new StreamClock(context);
        flusher = new OutputFlusher(context, _ -> {});
        handover = new Handover(parts.bus(), parts.router(), context, address);
        outgoing = handover.outgoing();
        intake = new Intake(outgoing::accept);
        authority = new AuthoritativeDialback(parts.key(), this::isHosted);
    }

    // ---- the bus ----

    /// Takes what others have for remote domains, and what they say to stanzas from there.
    void receive(SessionEvent.Batch batch) {
        for (SessionEvent event : batch.events()) {
            switch (event) {
                case SessionEvent.Accepted accepted -> outgoing.accepted(accepted);
                case SessionEvent.Inbound inbound -> intake.take(inbound, this::take);
                default ->
                    LOG.warn(
                            "{} is not for a gateway of servers",
                            event.getClass().getSimpleName());
            }
        }
    }

    void claimed(SlotClaim claim) {
        outgoing.claimed(claim);
    }

    void viewed(View view) {
        outgoing.viewed(view);
    }

    /// A fault with one stanza must not take the others with it.
    private void take(Intake.Taken taken) {
        try {
            send(taken);
        } catch (RuntimeException e) {
            LOG.error("a stanza for another server failed", e);
            refuse(taken, StanzaError.of(Condition.INTERNAL_SERVER_ERROR));
        }
    }

    private void send(Intake.Taken taken) {
        Jid to = taken.stanza().to();
        if (to != null && config().components().has(to.domain())) {
            refuse(taken, StanzaError.of(Condition.REMOTE_SERVER_TIMEOUT, "the component is not connected"));
            return;
        }
        if (to == null || isHosted(to.domain())) {
            refuse(taken, StanzaError.of(Condition.REMOTE_SERVER_NOT_FOUND));
            return;
        }
        parts.metrics().stanzaOut();
        remote(to.domain()).send(localDomain(taken.stanza()), taken);
    }

    /// The domain of ours that a stanza comes from.
    static String localDomain(Stanza stanza) {
        Jid from = stanza.from();
        if (from == null) {
            throw new IllegalArgumentException("a stanza for another server has a sender");
        }
        return from.domain();
    }

    private RemoteDomain remote(String domain) {
        return remotes.computeIfAbsent(
                domain,
                name -> new RemoteDomain(
                        this,
                        name,
                        new Backoff(config().retry(), System::nanoTime, random),
                        isolated || stopped != null));
    }

    /// Hands on a stanza that came in, and tells its stream when it is in other hands.
    void deliver(ServerStream stream, Stanza stanza, Origin origin) {
        parts.metrics().stanzaIn();
        Jid to = stanza.to();
        if (to != null && parts.router().route(to) instanceof Route.Remote) {
            // the service or the component that had this domain has gone
            boolean component = config().components().has(to.domain());
            handover.giveBack(
                    stanza,
                    StanzaError.of(component ? Condition.REMOTE_SERVER_TIMEOUT : Condition.SERVICE_UNAVAILABLE));
            stream.delivered(origin);
        } else {
            handover.deliver(stanza, origin, () -> stream.delivered(origin));
        }
    }

    /// Answers a stanza that came in and cannot be processed.
    void reject(Jid from, Jid to, StreamEvent.BadStanza bad) {
        handover.reject(from, to, bad);
    }

    /// Gives a stanza back to its sender. It is done when the sender has the error.
    void refuse(Intake.Taken taken, StanzaError error) {
        parts.metrics().stanzaRefused();
        handover.refuse(taken, error);
    }

    // ---- streams ----

    /// Takes a new connection, or drops it at once where there are too many.
    void accept(NetSocket netSocket, boolean directTls) {
        IncomingStream stream = new IncomingStream(this, netSocket);
        if (stopped != null || isolated || !parts.admission().admit(stream.socket.address())) {
            parts.metrics().connectionRefused();
            stream.socket.close();
            return;
        }
        parts.metrics().incoming(1);
        incoming.add(stream);
        stream.open(directTls);
    }

    /// A connection of ours.
    void opened(OutgoingStream stream) {
        parts.metrics().outgoing(1);
        opened.add(stream);
    }

    /// A connection is gone.
    void disconnected(ServerStream stream) {
        if (stream instanceof IncomingStream ours && incoming.remove(ours)) {
            parts.admission().release(stream.socket.address());
            parts.metrics().incoming(-1);
        } else if (stream instanceof OutgoingStream ours && opened.remove(ours)) {
            parts.metrics().outgoing(-1);
        }
        checkStopped();
    }

    /// A pair may be used on a stream that another server began.
    void authorized(IncomingStream stream, DomainPair pair, boolean bidirectional) {
        LOG.info("{} may send to {} over a stream from {}", pair.sender(), pair.target(), stream.socket.address());
        int streams = streamsByPair.merge(pair, 1, Integer::sum);
        if (streams > config().limits().streamsPerPair()) {
            stream.fail(StreamError.of(
                    StreamError.Condition.RESOURCE_CONSTRAINT,
                    "too many streams from " + pair.sender() + " to " + pair.target()));
        } else if (bidirectional && twoWay.putIfAbsent(pair.reversed(), stream) == null) {
            remote(pair.sender()).authorized(stream, pair.reversed());
        }
    }

    /// A stream from another server that may carry our stanzas, too; null if there is none.
    @Nullable
    IncomingStream twoWay(DomainPair pair) {
        return twoWay.get(pair);
    }

    /// A stream that another server began is over.
    ///
    /// @param pairs those that were authorized
    void ended(IncomingStream stream, Set<DomainPair> pairs, List<QueuedStanza> lost) {
        for (DomainPair pair : pairs) {
            twoWay.remove(pair.reversed(), stream);
            streamsByPair.computeIfPresent(pair, (_, count) -> count <= 1 ? null : count - 1);
        }
        pairs.stream().map(DomainPair::sender).distinct().forEach(domain -> {
            List<QueuedStanza> its = lost.stream()
                    .filter(stanza -> domain.equals(remoteDomain(stanza)))
                    .toList();
            RemoteDomain remote = its.isEmpty() ? remotes.get(domain) : remote(domain);
            if (remote != null) {
                remote.ended(stream, its);
            }
        });
    }

    private static @Nullable String remoteDomain(QueuedStanza stanza) {
        Jid to = stanza.taken().stanza().to();
        return to == null ? null : to.domain();
    }

    /// Asks the server of a pair's sender whether it has made a key.
    void verify(Dialback.VerificationRequest request, Consumer<Verification> then) {
        remote(request.pair().sender()).verify(request, then);
    }

    // ---- what streams ask ----

    /// Whether a domain is served here. That of a component is, connected or not.
    boolean isHosted(String domain) {
        if (parts.router().isHost(domain) || config().components().has(domain)) {
            return true;
        }
        try {
            return parts.router().route(Jid.parse(domain)) instanceof Route.Service;
        } catch (JidSyntaxException e) {
            return false;
        }
    }

    DomainPolicy policy(String domain) {
        return config().policies().of(domain);
    }

    /// Unguessable (RFC 6120 section 4.7.3).
    String newStreamId() {
        byte[] bytes = new byte[STREAM_ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    void log(String format, Object... arguments) {
        LOG.debug(format, arguments);
    }

    AuthoritativeDialback authority() {
        return authority;
    }

    DialbackKey dialbackKey() {
        return parts.key();
    }

    ServerTls tls() {
        return parts.tls();
    }

    Connector connector() {
        return connector;
    }

    Context context() {
        return context;
    }

    StreamClock clock() {
        return clock;
    }

    OutputFlusher flusher() {
        return flusher;
    }

    S2sConfig config() {
        return parts.config();
    }

    S2sMetrics metrics() {
        return parts.metrics();
    }

    String defaultHost() {
        return parts.defaultHost();
    }

    StreamInput.Limits limits() {
        PeerLimits limits = config().limits();
        return new StreamInput.Limits(
                limits.beforeAuthentication(),
                limits.bytesBeforeAuthentication(),
                limits.afterAuthentication(),
                limits.bytesPerSecond());
    }

    // ---- time and end ----

    /// Called every second.
    void sweep() {
        long now = clock.now();
        outgoing.sweep();
        List.copyOf(remotes.values()).forEach(remote -> remote.sweep(now));
        remotes.values().removeIf(RemoteDomain::isForgettable);
        List.copyOf(incoming).forEach(stream -> stream.sweep(now));
    }

    /// Completes when everything that was taken for remote domains is done, or after this time.
    Future<Void> drain(long millis) {
        Promise<Void> promise = Promise.promise();
        awaitEmpty(clock.now() + millis, promise);
        return promise.future();
    }

    private void awaitEmpty(long until, Promise<Void> promise) {
        if ((intake.size() == 0 && outgoing.size() == 0) || clock.now() >= until) {
            promise.complete();
        } else {
            clock.after(LOOK_EVERY_MILLIS, () -> awaitEmpty(until, promise));
        }
    }

    /// Ends all streams; completes when the connections are gone.
    Future<Void> stop() {
        Promise<Void> promise = Promise.promise();
        stopped = promise;
        endStreams();
        checkStopped();
        return promise.future().onComplete(_ -> {
            outgoing.flush();
            connector.close();
            dns.close();
        });
    }

    private void endStreams() {
        List.copyOf(remotes.values()).forEach(RemoteDomain::close);
        List.copyOf(incoming).forEach(stream -> stream.fail(StreamError.of(StreamError.Condition.SYSTEM_SHUTDOWN)));
    }

    private void checkStopped() {
        if (stopped != null && incoming.isEmpty() && opened.isEmpty()) {
            stopped.tryComplete();
        }
    }

    /// This process is cut off from the others, or not any more: streams end, for others can have
    /// them.
    void isolated(boolean cutOff) {
        isolated = cutOff;
        if (cutOff) {
            endStreams();
        } else {
            remotes.values().forEach(RemoteDomain::reopen);
        }
    }
}
