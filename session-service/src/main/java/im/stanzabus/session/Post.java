package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.Outbox;
import im.stanzabus.bus.Rendezvous;
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
import org.jspecify.annotations.Nullable;

/// The ways out of a partition: to clients' connections and to whoever a stanza is addressed to. Everything
/// of one turn of the event loop goes out together, in order per destination. Confined to the partition's
/// context.
final class Post {
    private final Bus bus;
    private final Router router;
    private final Outgoing outgoing;
    private final Outbox<ConnectionEvent> connections;
    private final Outbox<Stanza> services;
    private final Consumer<Stanza> hosts;

    /// @param address of this partition
    /// @param hosts answers stanzas that are addressed to a virtual host
    Post(Bus bus, Context context, String address, Router router, Outgoing outgoing, Consumer<Stanza> hosts) {
        this.bus = bus;
        this.router = router;
        this.outgoing = outgoing;
        this.hosts = hosts;
        connections = new Outbox<>(bus, context, events -> new ConnectionEvent.Batch(address, events));
        services = new Outbox<>(bus, context, Routed::new);
    }

    /// Hands a stanza to a resource.
    void deliver(Resource resource, Stanza stanza) {
        unlogged(resource, stanza, 0, 0, false, null);
    }

    /// Hands a stanza that is not in the log to a resource.
    ///
    /// @param id in the account's sequence; 0 for none
    /// @param received when the server took it in, in milliseconds of the clock; 0 if nobody will ask
    /// @param receipt true to hear that the gateway has it
    /// @param origin where it came in: only the gateway can tell the next owner that it need not come again
    /// @return false if nothing can reach the client any more
    boolean unlogged(
            Resource resource, Stanza stanza, long id, long received, boolean receipt, @Nullable Origin origin) {
        return hand(resource, id, false, 0, stanza, 0, received, receipt, origin);
    }

    /// Hands a received entry of the account's log to a resource, or a copy that stands for it.
    ///
    /// @param confirm true to hear soon that the client has it
    void logged(Resource resource, Stanza message, long id, boolean confirm) {
        long since = resource.account.log.handed(id, resource.outbound);
        hand(resource, id, confirm, id, message, since, 0, false, null);
    }

    /// Hands over what another gateway was handed of the same stream.
    void follow(Resource resource, ConnectionEvent.Deliver held) {
        long logId = held.logId();
        hand(
                resource,
                logId,
                held.confirm(),
                logId,
                held.stanza(),
                held.logSince(),
                held.received(),
                false,
                held.origin());
    }

    /// @param id in the account's sequence; the others as in {@link ConnectionEvent.Deliver}
    private boolean hand(
            Resource resource,
            long id,
            boolean confirm,
            long logId,
            Stanza stanza,
            long logSince,
            long received,
            boolean receipt,
            @Nullable Origin origin) {
        if (resource.isGone()) {
            return false;
        }
        ConnectionEvent.Deliver deliver = new ConnectionEvent.Deliver(
                resource.connection(),
                resource.outbound.last() + 1,
                confirm,
                logId,
                stanza,
                logSince,
                received,
                receipt,
                origin,
                resource.outbound.announced());
        resource.outbound.add(deliver, id);
        resource.queued();
        tell(deliver);
        return true;
    }

    void tell(ConnectionEvent event) {
        connections.add(event.connection().gateway(), event);
    }

    /// Sends everything of this turn now.
    void flush() {
        connections.flush();
        services.flush();
        outgoing.flush();
    }

    /// Sends a stanza of a client. Its number is not done before the owner of the receiver has taken it
    /// over, if it is one that must not be lost.
    void forward(Stanza stanza, Resource client, SessionEvent.FromClient from) {
        Jid to = receiver(stanza);
        if (isTracked(stanza) && router.route(to) instanceof Route.Account(int slot)) {
            client.progress.more(from.number());
            outgoing.send(slot, stanza, to, client, from.number(), from.retry());
        } else {
            route(stanza);
        }
    }

    /// Sends presence on behalf of an account that follows from a stanza.
    void follow(Stanza stanza, Account account, Cause cause) {
        Origin origin = cause.origin();
        Jid to = receiver(stanza);
        if (origin != null && cause.tracked() && router.route(to) instanceof Route.Account(int slot)) {
            cause.more().run();
            outgoing.send(slot, stanza, to, account, origin, cause.retry(), cause.done());
        } else {
            route(stanza, origin);
        }
    }

    private static boolean isTracked(Stanza stanza) {
        return switch (stanza.kind()) {
            case MESSAGE -> stanza.type() == StanzaType.CHAT || stanza.type() == StanzaType.NORMAL;
            case IQ -> stanza.isRequest();
            case PRESENCE -> stanza.type().isSubscription();
        };
    }

    /// Sends a stanza to its `to`; one that cannot be sent comes back to its sender as an error.
    void route(Stanza stanza) {
        route(stanza, null);
    }

    /// As above, for a stanza that follows from another.
    ///
    /// @param cause where that one came in: if both are sent again, the receiver's roster recognises this one
    void route(Stanza stanza, @Nullable Origin cause) {
        Jid to = receiver(stanza);
        switch (router.route(to)) {
            case Route.Account(int slot) -> outgoing.send(slot, stanza, cause);
            case Route.Service(String name) -> service(name, to, stanza);
            case Route.Host _ -> hosts.accept(stanza);
            case Route.Unreachable _ -> bounce(stanza, StanzaError.of(StanzaError.Condition.REMOTE_SERVER_NOT_FOUND));
        }
    }

    /// Of several instances, one is chosen by the receiver, so that order is kept.
    private void service(String name, Jid to, Stanza stanza) {
        String instance =
                Rendezvous.choose(to.bare().hashCode(), bus.membership().view().serving(name));
        if (instance == null) {
            bounce(stanza, StanzaError.of(StanzaError.Condition.REMOTE_SERVER_NOT_FOUND));
        } else {
            services.add(instance, stanza);
        }
    }

    private static Jid receiver(Stanza stanza) {
        Jid to = stanza.to();
        if (to == null) {
            throw new IllegalArgumentException("a routed stanza has a receiver");
        }
        return to;
    }

    /// Tells whoever waits for it that a stanza was taken over.
    void accept(SessionEvent.Inbound inbound) {
        outgoing.accept(inbound);
    }

    /// True if the gateway of a connection is on the bus.
    boolean isReachable(ConnectionId connection) {
        return bus.membership().view().has(Addresses.nodeOf(connection.gateway()));
    }

    /// True if there is no other process.
    boolean isAlone() {
        return bus.membership().view().members().size() == 1;
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
