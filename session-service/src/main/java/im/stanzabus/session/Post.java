package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.Outbox;
import im.stanzabus.bus.Route;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.delivery.Outgoing;
import im.stanzabus.bus.delivery.Parcel;
import im.stanzabus.processor.loading.ProcessorChain;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Context;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The ways out of a partition: to clients' connections and to whoever a stanza is addressed to.
/// Everything of one turn of the event loop goes out together, in order per destination. Confined
/// to the partition's context.
final class Post {
    private final Bus bus;
    private final Router router;
    private final Outgoing<Account> outgoing;
    private final Outbox<ConnectionEvent> connections;
    private final Consumer<Stanza> hosts;
    private final ProcessorChain processors;

    /// @param address of this partition
    /// @param hosts answers stanzas that are addressed to a virtual host
    /// @param processors filter what clients get
    Post(
            Bus bus,
            Context context,
            String address,
            Router router,
            Outgoing<Account> outgoing,
            Consumer<Stanza> hosts,
            ProcessorChain processors) {
        this.processors = processors;
        this.bus = bus;
        this.router = router;
        this.outgoing = outgoing;
        this.hosts = hosts;
        connections = new Outbox<>(bus, context, events -> new ConnectionEvent.Batch(address, events));
    }

    /// Hands a stanza to a resource.
    void deliver(Resource resource, Stanza stanza) {
        unlogged(resource, stanza, 0, 0, false, null);
    }

    /// Hands a stanza that is not in the log to a resource.
    ///
    /// @param id in the account's sequence; 0 for none
    /// @param received when the server took it in, in milliseconds of the clock; 0 if nobody will
    ///     ask
    /// @param receipt true to hear that the gateway has it
    /// @param origin where it came in: only the gateway can tell the next owner that it need not
    ///     come again
    /// @return false if nothing can reach the client any more
    boolean unlogged(
            Resource resource, Stanza stanza, long id, long received, boolean receipt, @Nullable Origin origin) {
        Stanza passed = filtered(resource, stanza);
        return passed != null && hand(resource, id, false, 0, passed, 0, received, receipt, origin);
    }

    private @Nullable Stanza filtered(Resource resource, Stanza stanza) {
        return processors.isOutgoing() ? processors.outgoing(stanza, resource.account::view, resource.jid) : stanza;
    }

    /// Hands a received entry of the account's log to a resource, or a copy that stands for it.
    ///
    /// @param confirm true to hear soon that the client has it
    /// @return false if a processor does not let the client have it, which is as if the client had
    ///     confirmed it
    boolean logged(Resource resource, Stanza message, long id, boolean confirm) {
        long since = resource.account.log.handed(id, resource.outbound);
        Stanza passed = filtered(resource, message);
        if (passed == null) {
            resource.account.log.confirmed(id);
            return false;
        }
        hand(resource, id, confirm, id, passed, since, 0, false, null);
        return true;
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
        outgoing.flush();
    }

    /// Sends a stanza of a client. Its number is not done before the receiver has taken it over, if
    /// it is one that must not be lost.
    void forward(Stanza stanza, Resource client, SessionEvent.FromClient from) {
        if (isTracked(stanza)) {
            Origin origin = new Origin(client.stream, from.number());
            client.progress.more(from.number());
            track(stanza, client.account, client.jid, origin, from.retry(), () -> client.done(from.number()));
        } else {
            route(stanza);
        }
    }

    /// Sends what follows from a stanza on behalf of an account.
    void follow(Stanza stanza, Account account, Cause cause) {
        Origin origin = cause.origin();
        if (origin != null && cause.tracked()) {
            cause.more().run();
            track(stanza, account, account.jid(), origin, cause.retry(), cause.done());
        } else {
            route(stanza, origin);
        }
    }

    /// @param done told when the receiver has taken it over, or the sender was told that there is
    ///     none
    private void track(Stanza stanza, Account account, Jid sender, Origin origin, boolean retry, Runnable done) {
        Route route = router.route(receiver(stanza));
        Tracked tracked = new Tracked(this, account, stanza, done);
        if (route instanceof Route.Host
                || !outgoing.send(route, new Parcel<>(stanza, origin, sender, account, tracked), retry)) {
            tracked.replaced();
            route(stanza, origin);
            done.run();
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
    /// @param cause where that one came in: if both are sent again, the receiver's roster
    ///     recognises this one
    void route(Stanza stanza, @Nullable Origin cause) {
        Route route = router.route(receiver(stanza));
        if (route instanceof Route.Host) {
            hosts.accept(stanza);
        } else if (!outgoing.send(route, stanza, cause)) {
            bounce(stanza, StanzaError.Condition.REMOTE_SERVER_NOT_FOUND);
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

    /// Answers a stanza with an error, unless no error may be sent for it: errors, results,
    /// presence that is not a request (RFC 6120 section 8.3.1, RFC 6121 section 8.5).
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
