package im.stanzabus.s2s.component;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Member;
import im.stanzabus.bus.Rendezvous;
import im.stanzabus.bus.Route;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.Subscription;
import im.stanzabus.bus.View;
import im.stanzabus.bus.delivery.Intake;
import im.stanzabus.s2s.policy.QueueLimits;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One component as this process serves it. While there is a stream with it, the process is one of
/// those that answer its domain; of several streams, the receiver's bare JID decides, and does so
/// anew when the chosen one has taken all that it had for him. After the last stream has gone, what
/// comes waits a while for another one, unless there is one at another process.
///
/// Invariants:
/// - What waits does so because there is no stream, or because one that has ended may still take
///   something for the same receiver.
/// - `kept` and `keptBytes` tell what waits or was given to streams and not taken.
///
/// Confined to its event loop.
final class Component {
    private static final Logger LOG = LoggerFactory.getLogger(Component.class);

    /// What a stanza takes beside its payload, about.
    private static final int OVERHEAD = 200;

    /// So long others may believe that there is a stream here, or this process that there is one at
    /// another.
    private static final long SPREAD_MILLIS = 1_000;

    private final ComponentGateway gateway;
    private final ComponentConfig config;
    private final ServiceDescriptor descriptor;

    /// Tells other processes that there is a stream here.
    private final ServiceDescriptor connected;

    private final Intake intake;
    private final Map<String, ComponentStream> streams = new LinkedHashMap<>();
    private final Map<Jid, Lane> lanes = new HashMap<>();
    private final ArrayDeque<Intake.Taken> waiting = new ArrayDeque<>();
    private List<String> keys = List.of();
    private int kept;
    private long keptBytes;
    private long absentSince;

    /// Null while this process is none of those that answer the domain.
    private @Nullable Subscription stanzas;

    /// The stream that has stanzas for a receiver which it has not taken: others follow them.
    private static final class Lane {
        private final ComponentStream stream;
        private int untaken;

        Lane(ComponentStream stream) {
            this.stream = stream;
        }
    }

    Component(ComponentGateway gateway, ComponentConfig config) {
        this.gateway = gateway;
        this.config = config;
        String version = gateway.parts().version();
        ServedDomain served = new ServedDomain(config.domain(), config.category(), config.type(), config.title());
        descriptor = ServiceDescriptor.internal(config.domain(), version, false).withDomains(List.of(served));
        connected = ServiceDescriptor.internal("connected:" + config.domain(), version, false);
        intake = new Intake(gateway::takenOver);
    }

    String domain() {
        return config.domain();
    }

    /// Whether a handshake shows that the secret is known.
    boolean isRight(String handshake, String streamId) {
        return Handshake.isRight(handshake, streamId, config.secret());
    }

    String handshake(String streamId) {
        return Handshake.of(streamId, config.secret());
    }

    /// Whether an address is the component's: at its domain, or at one that a route sends to it.
    boolean isFor(Jid address) {
        return address.domain().equals(domain())
                || gateway.parts().router().route(address).equals(new Route.Service(Addresses.domain(domain())));
    }

    /// Whether a service that is no component has announced the domain.
    boolean isAnothers() {
        return gateway.parts().services().living().stream()
                .filter(service -> !service.name().equals(descriptor.name()))
                .flatMap(service -> service.domains().stream())
                .anyMatch(served -> served.domain().equals(domain()));
    }

    // ---- streams ----

    /// There is a stream more.
    void joined(ComponentStream stream) {
        streams.put(stream.key(), stream);
        keys = List.copyOf(streams.keySet());
        LOG.info("{} is connected; streams: {}", stream.peer(), keys.size());
        if (!gateway.isClosed()) {
            serve();
            gateway.parts().services().announce(connected);
        }
        sendWaiting();
    }

    /// A stream is given nothing any more. What it has may still be taken.
    void left(ComponentStream stream) {
        streams.remove(stream.key(), stream);
        keys = List.copyOf(streams.keySet());
        if (streams.isEmpty()) {
            absentSince = gateway.clock().now();
            gateway.parts().services().withdraw(connected);
        }
    }

    /// A stream is gone. What the operating system has not taken comes before all that waits.
    void takeBack(ComponentStream stream, List<Intake.Taken> lost) {
        lanes.values().removeIf(lane -> lane.stream == stream);
        lost.reversed().forEach(waiting::addFirst);
        sendWaiting();
    }

    /// The operating system has taken a stanza for a stream.
    void taken(ComponentStream stream, Intake.Taken stanza) {
        Jid receiver = receiver(stanza);
        Lane lane = lanes.get(receiver);
        if (lane != null && --lane.untaken == 0 && streams.containsKey(stream.key())) {
            lanes.remove(receiver);
        }
        forget(stanza);
        stanza.done();
    }

    // ---- the bus ----

    private void serve() {
        if (stanzas != null) {
            return;
        }
        Subscription begun =
                gateway.parts().bus().consume(Addresses.domain(domain()), SessionEvent.Batch.class, this::receive);
        stanzas = begun;
        begun.completion().onSuccess(_ -> {
            if (stanzas == begun) {
                gateway.parts().services().announce(descriptor);
            }
        });
    }

    /// This process does not answer the domain any more. What waits goes to another process if there
    /// is one.
    Future<Void> leave() {
        Subscription ending = stanzas;
        if (ending == null) {
            return Future.succeededFuture();
        }
        stanzas = null;
        gateway.parts().services().withdraw(connected);
        gateway.parts().services().withdraw(descriptor);
        Future<Void> ended = ending.unregister();
        List<Intake.Taken> left = List.copyOf(waiting);
        waiting.clear();
        left.forEach(this::passOn);
        return ended;
    }

    /// Whoever has a stream is to have the stanzas, when it is sure that there is one.
    void viewed(View view) {
        boolean absent = streams.isEmpty() && gateway.clock().now() - absentSince >= SPREAD_MILLIS;
        if (absent && stanzas != null && isConnectedElsewhere(view)) {
            leave();
        }
    }

    private boolean isConnectedElsewhere(View view) {
        return view.members().stream()
                .filter(member -> isServing(member) && !member.leaving())
                .flatMap(member -> member.services().stream())
                .anyMatch(service -> service.name().equals(connected.name()));
    }

    private boolean isServedElsewhere(View view) {
        return view.members().stream().anyMatch(this::isServing);
    }

    private boolean isServing(Member member) {
        return !member.node().equals(gateway.parts().bus().self())
                && member.names().contains(Addresses.domain(domain()));
    }

    private void receive(SessionEvent.Batch batch) {
        for (SessionEvent event : batch.events()) {
            if (event instanceof SessionEvent.Inbound inbound) {
                intake.take(inbound, this::take);
            } else {
                LOG.warn("{} is not for a component", event.getClass().getSimpleName());
            }
        }
    }

    /// A fault with one stanza must not take the others with it.
    private void take(Intake.Taken taken) {
        gateway.parts().metrics().stanzaOut();
        QueueLimits queue = gateway.parts().config().queue();
        kept++;
        keptBytes += bytes(taken);
        if (kept > queue.stanzas() || keptBytes > queue.bytes()) {
            refuse(taken, Condition.RESOURCE_CONSTRAINT, "too much waits for the component");
            return;
        }
        try {
            send(taken);
        } catch (RuntimeException e) {
            LOG.error("a stanza for {} failed", domain(), e);
            refuse(taken, Condition.INTERNAL_SERVER_ERROR, "the stanza could not be sent");
        }
    }

    // ---- stanzas ----

    private void sendWaiting() {
        List<Intake.Taken> waited = List.copyOf(waiting);
        waiting.clear();
        waited.forEach(this::send);
    }

    private void send(Intake.Taken taken) {
        Jid receiver = receiver(taken);
        Lane lane = keys.isEmpty() ? null : lanes.computeIfAbsent(receiver, this::choose);
        if (lane != null && streams.containsKey(lane.stream.key())) {
            lane.untaken++;
            lane.stream.send(taken);
        } else if (stanzas != null || lane != null) {
            waiting.add(taken);
        } else if (gateway.isClosed() || isServedElsewhere(gateway.view())) {
            passOn(taken);
        } else {
            refuse(taken, Condition.REMOTE_SERVER_TIMEOUT, "the component is not connected");
        }
    }

    private Lane choose(Jid receiver) {
        String chosen = keys.size() == 1
                ? keys.getFirst()
                : Rendezvous.choose(receiver.toString().hashCode(), keys);
        return new Lane(Objects.requireNonNull(streams.get(chosen)));
    }

    private static Jid receiver(Intake.Taken taken) {
        Jid to = taken.stanza().to();
        if (to == null) {
            throw new IllegalArgumentException("a routed stanza has a receiver");
        }
        return to.bare();
    }

    private static int bytes(Intake.Taken taken) {
        return taken.stanza().payload().bytes().length + OVERHEAD;
    }

    private void forget(Intake.Taken taken) {
        kept--;
        keptBytes -= bytes(taken);
    }

    private void refuse(Intake.Taken taken, Condition condition, String text) {
        forget(taken);
        gateway.refuse(taken, StanzaError.of(condition, text));
    }

    /// Has another process take a stanza: whoever keeps it sends it there. What nobody keeps is sent
    /// from here.
    private void passOn(Intake.Taken taken) {
        forget(taken);
        if (taken.isTracked()) {
            taken.release();
        } else {
            gateway.sendOn(taken.stanza(), StanzaError.of(Condition.REMOTE_SERVER_TIMEOUT));
        }
    }

    // ---- time ----

    /// Called every second or so: nobody waits for ever for a component that does not come back.
    void sweep(long now) {
        viewed(gateway.view());
        long patience = gateway.parts().config().queue().time().toMillis();
        if (!streams.isEmpty() || stanzas == null || now - absentSince < patience) {
            return;
        }
        LOG.info("{} has not come back; stanzas that waited: {}", domain(), waiting.size());
        List<Intake.Taken> late = List.copyOf(waiting);
        waiting.clear();
        late.forEach(taken -> refuse(taken, Condition.REMOTE_SERVER_TIMEOUT, "the component is not connected"));
        leave();
    }

    /// Whether there is nothing that the component could take.
    boolean isIdle() {
        return streams.isEmpty() || intake.size() == 0;
    }
}
