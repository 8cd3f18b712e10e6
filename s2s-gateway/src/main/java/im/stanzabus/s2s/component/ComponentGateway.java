package im.stanzabus.s2s.component;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.View;
import im.stanzabus.bus.delivery.Intake;
import im.stanzabus.s2s.handover.Handover;
import im.stanzabus.s2s.policy.Destination;
import im.stanzabus.s2s.policy.PeerLimits;
import im.stanzabus.s2s.remote.Backoff;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stream.OutputFlusher;
import im.stanzabus.stream.StreamClock;
import im.stanzabus.stream.StreamInput;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The components of this process and the streams with them. Confined to its context, like
/// everything in it.
final class ComponentGateway {
    private static final Logger LOG = LoggerFactory.getLogger(ComponentGateway.class);
    private static final int STREAM_ID_BYTES = 15;
    private static final long LOOK_EVERY_MILLIS = 20;
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    private final Context context;
    private final ComponentParts parts;
    private final StreamClock clock;
    private final OutputFlusher flusher;
    private final Handover handover;
    private final NetClient client;
    private final SecureRandom random = new SecureRandom();
    private final RecentAddresses warned = new RecentAddresses();
    private final Map<String, Component> components = new LinkedHashMap<>();
    private final Set<ComponentStream> streams = new LinkedHashSet<>();
    private @Nullable Promise<Void> ended;
    private boolean stopping;
    private boolean isolated;

    /// @param address where it is said that stanzas of components were taken over
    ComponentGateway(Context context, String address, ComponentParts parts) {
        this.context = context;
        this.parts = parts;
        clock = new StreamClock(context);
        flusher = new OutputFlusher(context, _ -> {});
        handover = new Handover(parts.bus(), parts.router(), context, address);
        client = context.owner().createNetClient(parts.connecting());
        parts.config().all().forEach(component -> components.put(component.domain(), new Component(this, component)));
    }

    // ---- the bus ----

    /// Takes what others say to stanzas of components.
    void receive(SessionEvent.Batch batch) {
        for (SessionEvent event : batch.events()) {
            if (event instanceof SessionEvent.Accepted accepted) {
                handover.outgoing().accepted(accepted);
            } else {
                LOG.warn("{} is not for components", event.getClass().getSimpleName());
            }
        }
    }

    void claimed(SlotClaim claim) {
        handover.outgoing().claimed(claim);
    }

    void viewed(View view) {
        handover.outgoing().viewed(view);
        components.values().forEach(component -> component.viewed(view));
    }

    View view() {
        return parts.bus().membership().view();
    }

    /// Tells who has sent a stanza that a component has it.
    void takenOver(SessionEvent.Inbound inbound) {
        handover.outgoing().accept(inbound);
    }

    /// Hands on a stanza of a component.
    void deliver(Stanza stanza, Origin origin, Runnable done) {
        parts.metrics().stanzaIn();
        handover.deliver(stanza, origin, done);
    }

    /// Answers a stanza of a component that cannot be processed.
    void reject(Jid from, Jid to, StreamEvent.BadStanza bad) {
        handover.reject(from, to, bad);
    }

    /// Gives a stanza back to its sender. It is done when the sender has the error.
    void refuse(Intake.Taken taken, StanzaError error) {
        parts.metrics().stanzaRefused();
        handover.refuse(taken, error);
    }

    /// Sends a stanza that nobody keeps to whoever answers its receiver now.
    ///
    /// @param ifNobody is told to its sender
    void sendOn(Stanza stanza, StanzaError ifNobody) {
        Jid to = stanza.to();
        if (to != null && !handover.outgoing().send(parts.router().route(to), stanza, null)) {
            handover.giveBack(stanza, ifNobody);
        }
    }

    // ---- streams ----

    /// Takes a new connection, or drops it at once where there are too many.
    void accept(NetSocket netSocket) {
        AcceptedStream stream = new AcceptedStream(this, netSocket);
        if (isClosed() || !parts.admission().admit(stream.socket.address())) {
            parts.metrics().connectionRefused();
            stream.socket.close();
            return;
        }
        opened(stream);
        stream.open(parts.tls());
    }

    /// There is a connection more.
    void opened(ComponentStream stream) {
        parts.metrics().streams(1);
        streams.add(stream);
    }

    /// A connection is gone.
    void disconnected(ComponentStream stream) {
        if (streams.remove(stream)) {
            parts.metrics().streams(-1);
            if (stream instanceof AcceptedStream) {
                parts.admission().release(stream.socket.address());
            }
        }
        checkEnded();
    }

    /// The component of a domain if it is one that connects to us; else null.
    @Nullable
    Component accepted(String domain) {
        for (ComponentConfig component : parts.config().all()) {
            if (component.domain().equals(domain) && component.connect() == null) {
                return components.get(domain);
            }
        }
        return null;
    }

    /// Connects to the components that wait for us.
    void connect() {
        for (ComponentConfig config : parts.config().all()) {
            Destination destination = config.connect();
            Component component = components.get(config.domain());
            if (destination != null && component != null) {
                Backoff backoff = new Backoff(retry(), System::nanoTime, random);
                new ComponentLink(this, client, component, destination, backoff).connect();
            }
        }
    }

    /// A component is one of ours, and tried more often than a server somewhere.
    private Backoff.Rule retry() {
        Backoff.Rule rule = parts.retry();
        Duration most = rule.most().compareTo(LONGEST_RETRY) < 0 ? rule.most() : LONGEST_RETRY;
        return new Backoff.Rule(rule.first(), most, rule.held());
    }

    // ---- what streams ask ----

    /// Whether this was not asked for an address in the last minute.
    boolean isNews(String address) {
        return warned.isNew(address, clock.now());
    }

    /// Unguessable (RFC 6120 section 4.7.3).
    String newStreamId() {
        byte[] bytes = new byte[STREAM_ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// Whether this process serves nobody any more, or for the moment.
    boolean isClosed() {
        return stopping || isolated;
    }

    boolean isStopping() {
        return stopping;
    }

    Context context() {
        return context;
    }

    ComponentParts parts() {
        return parts;
    }

    StreamClock clock() {
        return clock;
    }

    OutputFlusher flusher() {
        return flusher;
    }

    StreamInput.Limits limits() {
        PeerLimits limits = parts.limits();
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
        handover.outgoing().sweep();
        List.copyOf(streams).forEach(stream -> stream.sweep(now));
        components.values().forEach(component -> component.sweep(now));
    }

    /// No connections are taken or opened any more.
    void closing() {
        stopping = true;
    }

    /// Has other processes answer the domains; completes when nobody sends here any more.
    Future<Void> leave() {
        return Future.join(components.values().stream().map(Component::leave).toList())
                .mapEmpty();
    }

    /// Completes when everything that came from components or is for them is done, or after this
    /// time.
    Future<Void> drain(long millis) {
        Promise<Void> promise = Promise.promise();
        awaitIdle(clock.now() + millis, promise);
        return promise.future();
    }

    private void awaitIdle(long until, Promise<Void> promise) {
        boolean idle =
                handover.outgoing().size() == 0 && components.values().stream().allMatch(Component::isIdle);
        if (idle || clock.now() >= until) {
            promise.complete();
        } else {
            clock.after(LOOK_EVERY_MILLIS, () -> awaitIdle(until, promise));
        }
    }

    /// Ends all streams; completes when the connections are gone.
    Future<Void> end() {
        Promise<Void> promise = Promise.promise();
        ended = promise;
        endStreams();
        checkEnded();
        return promise.future();
    }

    /// Nothing is sent any more.
    void close() {
        handover.outgoing().flush();
        client.close();
    }

    private void endStreams() {
        List.copyOf(streams).forEach(stream -> stream.fail(StreamError.of(StreamError.Condition.SYSTEM_SHUTDOWN)));
    }

    private void checkEnded() {
        if (ended != null && streams.isEmpty()) {
            ended.tryComplete();
        }
    }

    /// This process is cut off from the others, or not any more: streams end, for others can have
    /// them.
    void isolated(boolean cutOff) {
        isolated = cutOff;
        if (cutOff) {
            components.values().forEach(Component::leave);
            endStreams();
        }
    }
}
