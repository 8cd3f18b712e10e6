package im.stanzabus.s2s.component;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.Subscription;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The event loop of the components of a process, with its listener. One for a process: the name
/// of a component's domain is served once there.
public final class ComponentVerticle extends VerticleBase {
    private static final long SWEEP_MILLIS = 1_000;

    private final ComponentParts parts;
    private final List<Runnable> ends = new ArrayList<>();
    private volatile @Nullable ComponentGateway gateway;
    private @Nullable NetServer server;
    private @Nullable Subscription answers;

    public ComponentVerticle(ComponentParts parts) {
        this.parts = parts;
    }

    @Override
    public Future<?> start() {
        Bus bus = parts.bus();
        ComponentGateway started = new ComponentGateway(context, Addresses.at(Addresses.COMPONENTS, bus.self()), parts);
        gateway = started;
        ends.add(parts.slots().listen(claim -> context.runOnContext(_ -> started.claimed(claim))));
        ends.add(bus.membership().listen(view -> context.runOnContext(_ -> started.viewed(view))));
        long sweeps = vertx.setPeriodic(SWEEP_MILLIS, _ -> started.sweep());
        ends.add(() -> vertx.cancelTimer(sweeps));
        Subscription accepted = bus.consume(Addresses.COMPONENTS, SessionEvent.Batch.class, started::receive);
        answers = accepted;
        Future<?> listening = parts.config().isListening() ? listen(started) : Future.succeededFuture();
        return Future.all(accepted.completion(), listening).onSuccess(_ -> started.connect());
    }

    private Future<NetServer> listen(ComponentGateway started) {
        NetServer listening = vertx.createNetServer(parts.listening());
        listening.connectHandler(started::accept);
        server = listening;
        return listening.listen();
    }

    /// The port that components connect to; 0 if there is none. To be asked when started.
    public int actualPort() {
        return server == null ? 0 : server.actualPort();
    }

    /// This process is cut off from the others, or not any more. Safe from any thread.
    public void isolated(boolean cutOff) {
        ComponentGateway started = gateway;
        if (started != null) {
            context.runOnContext(_ -> started.isolated(cutOff));
        }
    }

    /// Waits a while for what is on its way, has other processes answer the domains, and ends all
    /// streams. What has not arrived by then is sent again to others. They have been told before
    /// that this process leaves, and turn to it only where something is still on its way.
    @Override
    public Future<?> stop() {
        ComponentGateway stopping = gateway;
        Subscription accepted = answers;
        if (stopping == null || accepted == null) {
            return Future.succeededFuture();
        }
        long drain = parts.drain().toMillis() / 2;
        long patience = 2 * drain + parts.timeouts().close().toMillis() + SWEEP_MILLIS;
        Future<Void> closed =
                server == null ? Future.succeededFuture() : server.shutdown(patience, TimeUnit.MILLISECONDS);
        stopping.closing();
        return stopping.drain(drain)
                .eventually(stopping::leave)
                .eventually(stopping::end)
                .eventually(() -> stopping.drain(drain))
                .eventually(accepted::unregister)
                .onComplete(_ -> stopping.close())
                .eventually(() -> closed)
                .onComplete(_ -> ends.forEach(Runnable::run));
    }
}
