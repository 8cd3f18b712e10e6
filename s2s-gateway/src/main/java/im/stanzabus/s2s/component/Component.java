package im.stanzabus.s2s.component;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Rendezvous;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.Subscription;
import im.stanzabus.bus.View;
import im.stanzabus.bus.delivery.Intake;
import im.stanzabus.s2s.policy.QueueLimits;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One component as this process serves it. While there is a stream with it, the process is one of
/// those that answer its domain; of several streams, the receiver's bare JID decides. After the
/// last stream has gone, what comes waits a while for another one, unless there is one at another
/// process.
///
/// Invariant: nothing waits while there is a stream.
///
/// Confined to its event loop.
final class Component {
    private static final Logger LOG = LoggerFactory.getLogger(Component.class);

    /// What a stanza takes beside its payload, about.
    private static final int OVERHEAD = 200;

    private final ComponentGateway gateway;
    private final ComponentConfig config;
    private final ServiceDescriptor descriptor;
    private final Intake intake;
    private final Map<String, ComponentStream> streams = new LinkedHashMap<>();
    private final ArrayDeque<Intake.Taken> waiting = new ArrayDeque<>();
    private List<String> keys = List.of();
    private long waitingBytes;
    private long absentSince;

    /// Null while this process is none of those that answer the domain.
    private @Nullable Subscription stanzas;

    Component(ComponentGateway gateway, ComponentConfig config) {
        this.gateway = gateway;
        this.config = config;
        ServedDomain served = new ServedDomain(config.domain(), config.category(), config.type(), config.title());
        descriptor = new ServiceDescriptor(
                config.domain(), gateway.parts().version(), List.of(served), Map.of(), List.of(), List.of(), false);
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

    // ---- streams ----

    /// There is a stream more.
    void joined(ComponentStream stream) {
        streams.put(stream.key(), stream);
        keys = List.copyOf(streams.keySet());
        LOG.info("{} is connected; streams: {}", stream.peer(), keys.size());
        if (!gateway.isClosed()) {
            serve();
        }
        List<Intake.Taken> waited = new ArrayList<>(waiting);
        waiting.clear();
        waitingBytes = 0;
        waited.forEach(this::send);
    }

    /// A stream takes nothing any more.
    void left(ComponentStream stream) {
        streams.remove(stream.key(), stream);
        keys = List.copyOf(streams.keySet());
        if (streams.isEmpty()) {
            absentSince = gateway.clock().now();
            viewed(gateway.view());
        }
    }

    /// What was given to a stream, and the operating system has not taken.
    void takeBack(List<Intake.Taken> lost) {
        lost.forEach(this::send);
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

    /// This process does not answer the domain any more. What waits is sent again by whoever has
    /// sent it, to another process if there is one.
    Future<Void> leave() {
        Subscription ending = stanzas;
        stanzas = null;
        waiting.forEach(Intake.Taken::release);
        waiting.clear();
        waitingBytes = 0;
        if (ending == null) {
            return Future.succeededFuture();
        }
        gateway.parts().services().withdraw(descriptor);
        return ending.unregister();
    }

    /// Whoever has a stream is to have the stanzas.
    void viewed(View view) {
        if (streams.isEmpty() && stanzas != null && isServedElsewhere(view)) {
            leave();
        }
    }

    private boolean isServedElsewhere(View view) {
        String here =
                Addresses.at(Addresses.domain(domain()), gateway.parts().bus().self());
        return view.serving(Addresses.domain(domain())).stream().anyMatch(instance -> !instance.equals(here));
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
        try {
            send(taken);
        } catch (RuntimeException e) {
            LOG.error("a stanza for {} failed", domain(), e);
            refuse(taken, Condition.INTERNAL_SERVER_ERROR, "the stanza could not be sent");
        }
    }

    // ---- stanzas ----

    private void send(Intake.Taken taken) {
        int bytes = taken.stanza().payload().bytes().length + OVERHEAD;
        ComponentStream stream = choose(taken.stanza());
        QueueLimits queue = gateway.parts().config().queue();
        if (stream != null) {
            if (stream.isFull(bytes)) {
                refuse(taken, Condition.RESOURCE_CONSTRAINT, "the component does not read fast enough");
            } else {
                stream.send(taken);
            }
        } else if (gateway.isClosed() || (stanzas == null && isServedElsewhere(gateway.view()))) {
            taken.release();
        } else if (stanzas == null) {
            refuse(taken, Condition.REMOTE_SERVER_TIMEOUT, "the component is not connected");
        } else if (waiting.size() >= queue.stanzas() || waitingBytes + bytes > queue.bytes()) {
            refuse(taken, Condition.RESOURCE_CONSTRAINT, "too much waits for the component");
        } else {
            waiting.add(taken);
            waitingBytes += bytes;
        }
    }

    private @Nullable ComponentStream choose(Stanza stanza) {
        if (keys.size() <= 1) {
            return keys.isEmpty() ? null : streams.get(keys.getFirst());
        }
        Jid to = stanza.to();
        String chosen = Rendezvous.choose(to == null ? 0 : to.bare().toString().hashCode(), keys);
        return streams.get(chosen);
    }

    private void refuse(Intake.Taken taken, Condition condition, String text) {
        gateway.refuse(taken, StanzaError.of(condition, text));
    }

    // ---- time ----

    /// Called every second or so: nobody waits for ever for a component that does not come back.
    void sweep(long now) {
        long patience = gateway.parts().config().queue().time().toMillis();
        if (!streams.isEmpty() || stanzas == null || now - absentSince < patience) {
            return;
        }
        LOG.info("{} has not come back; stanzas that waited: {}", domain(), waiting.size());
        List<Intake.Taken> late = new ArrayList<>(waiting);
        waiting.clear();
        late.forEach(taken -> refuse(taken, Condition.REMOTE_SERVER_TIMEOUT, "the component is not connected"));
        leave();
    }

    /// Whether nothing waits to be taken by the component.
    boolean isIdle() {
        return intake.size() == 0;
    }
}
