package im.stanzabus.session;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.Outbox;
import im.stanzabus.bus.Route;
import im.stanzabus.bus.Routed;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Context;
import java.util.function.Consumer;

/// The ways out of a partition: to clients' connections and to whoever a stanza is addressed to. Everything
/// of one turn
/// of the event loop goes out together, in order per destination. Confined to the partition's context.
final class Post {
    private final Router router;
    private final Outbox<ConnectionEvent> connections;
    private final Outbox<SessionEvent> owners;
    private final Outbox<Stanza> services;
    private final Consumer<Stanza> hosts;

    /// @param hosts answers stanzas that are addressed to a virtual host
    Post(Bus bus, Context context, Router router, Consumer<Stanza> hosts) {
        this.router = router;
        this.hosts = hosts;
        connections = new Outbox<>(bus, context, ConnectionEvent.Batch::new);
        owners = new Outbox<>(bus, context, SessionEvent.Batch::new);
        services = new Outbox<>(bus, context, Routed::new);
    }

    /// Hands a stanza to a resource.
    void deliver(Resource resource, Stanza stanza) {
        tell(new ConnectionEvent.Deliver(resource.connection, resource.nextDelivery(), false, stanza));
    }

    /// Hands a stanza to a resource and asks for the confirmation that the client has it.
    ///
    /// @return the number that the confirmation will name
    long deliverConfirmed(Resource resource, Stanza stanza) {
        long number = resource.nextDelivery();
        tell(new ConnectionEvent.Deliver(resource.connection, number, true, stanza));
        return number;
    }

    void tell(ConnectionEvent event) {
        connections.add(event.connection().gateway(), event);
    }

    /// Sends a stanza to its `to`; one that cannot be sent comes back to its sender as an error.
    void route(Stanza stanza) {
        Jid to = stanza.to();
        if (to == null) {
            throw new IllegalArgumentException("a routed stanza has a receiver");
        }
        switch (router.route(to)) {
            case Route.Account(String address) -> owners.add(address, new SessionEvent.Inbound(stanza));
            case Route.Service(String address) -> services.add(address, stanza);
            case Route.Host _ -> hosts.accept(stanza);
            case Route.Unreachable _ -> bounce(stanza, StanzaError.of(StanzaError.Condition.REMOTE_SERVER_NOT_FOUND));
        }
    }

    /// True for an address of one of our virtual hosts.
    boolean isLocal(Jid address) {
        return router.isHost(address.domain());
    }

    /// Answers a stanza with an error, unless no error may be sent for it: errors, results, presence that is
    /// not a request (RFC 6120 section 8.3.1, RFC 6121 section 8.5).
    void bounce(Stanza stanza, StanzaError error) {
        StanzaType type = stanza.type();
        if (type == StanzaType.ERROR || type == StanzaType.RESULT || stanza.from() == null) {
            return;
        }
        if (stanza.isPresence() && type != StanzaType.SUBSCRIBE && type != StanzaType.AVAILABLE) {
            return;
        }
        route(stanza.error(error));
    }

    void bounce(Stanza stanza, StanzaError.Condition condition) {
        bounce(stanza, StanzaError.of(condition));
    }
}
