package im.stanzabus.s2s.component;

import im.stanzabus.s2s.policy.Destination;
import im.stanzabus.s2s.remote.Backoff;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way to a component that waits for us: there is a stream, or one is tried again after a
/// while. Confined to its event loop.
final class ComponentLink {
    private static final Logger LOG = LoggerFactory.getLogger(ComponentLink.class);

    /// How often is looked whether this process may connect again.
    private static final long LOOK_EVERY_MILLIS = 1_000;

    private final ComponentGateway gateway;
    private final NetClient client;
    private final Component component;
    private final Destination destination;
    private final Backoff backoff;

    ComponentLink(
            ComponentGateway gateway, NetClient client, Component component, Destination destination, Backoff backoff) {
        this.gateway = gateway;
        this.client = client;
        this.component = component;
        this.destination = destination;
        this.backoff = backoff;
    }

    /// Connects, unless this process serves nobody at the moment.
    void connect() {
        if (gateway.isStopping()) {
            return;
        }
        if (gateway.isClosed()) {
            gateway.clock().after(LOOK_EVERY_MILLIS, this::connect); // the component has not failed
            return;
        }
        client.connect(destination.port(), destination.host())
                .onSuccess(this::connected)
                .onFailure(failure -> down(String.valueOf(failure.getMessage())));
    }

    private void connected(NetSocket netSocket) {
        OpenedStream stream = new OpenedStream(gateway, this, component, netSocket);
        if (gateway.isClosed()) {
            stream.socket.close();
            connect();
        } else {
            gateway.opened(stream);
            stream.open();
        }
    }

    /// A stream works.
    void up() {
        backoff.up();
    }

    /// There is no stream any more, or none has come about.
    void down(String reason) {
        if (!gateway.isStopping()) {
            long wait = Math.max(1, backoff.down().toMillis());
            LOG.info("no stream with {} at {} for the next {} ms: {}", component.domain(), this, wait, reason);
            gateway.clock().after(wait, this::connect);
        }
    }

    @Override
    public String toString() {
        return destination.host() + ":" + destination.port();
    }
}
