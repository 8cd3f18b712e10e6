package im.stanzabus.cluster;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.ResourceState;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.View;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A gateway as the contract wants it: numbers stanzas, keeps them until they are handled, and sends them
/// again to each new owner.
final class SimulatedGateway {
    static final String NAME = Addresses.gateway(0);
    private static final long SWEEP_MILLIS = 1_000;
    private static final long PATIENCE_MILLIS = 5_000;

    /// A client's connection, and the client's own book of what was acknowledged.
    static final class Connection {
        final ConnectionId id;
        final Jid client;
        final long stream;
        final Deque<SessionEvent.FromClient> unconfirmed = new ArrayDeque<>();
        final Map<Long, Jid> receivers = new HashMap<>();
        long number;
        long handled;
        long waitsSince;

        @Nullable
        String owner;

        Connection(ConnectionId id, Jid client, long stream) {
            this.id = id;
            this.client = client;
            this.stream = stream;
        }
    }

    final Node node;
    final List<Connection> connections = new ArrayList<>();
    private final String address;
    private final Set<Rule> rules;

    SimulatedGateway(Node node, Set<Rule> rules) {
        this.node = node;
        this.rules = rules;
        address = Addresses.at(NAME, node.id);
        Consumer<Runnable> context = node.context();
        node.serve(NAME, message -> take((ConnectionEvent.Batch) message));
        node.table.listen(claim -> context.accept(() -> claimed(claim)));
        node.membership.listen(view -> context.accept(() -> viewed(view)));
        node.every(SWEEP_MILLIS, this::sweep);
    }

    void connect(Jid client) {
        Connection connection = new Connection(
                new ConnectionId(address, connections.size() + 1L), client, node.world.random.nextLong());
        connections.add(connection);
        String owner = node.table.ownerOf(client);
        if (owner != null) {
            announce(connection, owner);
        }
    }

    /// The client of a connection sends a message.
    void write(Connection connection, Jid to) {
        long number = ++connection.number;
        connection.receivers.put(number, to);
        Stanza stanza = Stanza.message(StanzaType.CHAT, connection.client, to);
        SessionEvent.FromClient event =
                new SessionEvent.FromClient(connection.id, connection.client, number, false, stanza);
        if (connection.unconfirmed.isEmpty()) {
            connection.waitsSince = node.world.now();
        }
        connection.unconfirmed.add(event);
        if (connection.owner != null) {
            node.send(connection.owner, event);
        }
    }

    private void claimed(SlotClaim claim) {
        for (Connection connection : connections) {
            boolean concerned = claim.epochs().containsKey(SlotTable.slot(connection.client));
            if (concerned && (claim.round() != 0 || !claim.owner().equals(connection.owner))) {
                announce(connection, claim.owner());
            }
        }
        if (claim.round() != 0) {
            node.send(claim.owner(), new SessionEvent.Announced(address, claim.round()));
        }
    }

    private void announce(Connection connection, String owner) {
        connection.owner = owner;
        node.send(
                owner,
                new SessionEvent.Announce(
                        connection.id,
                        connection.client,
                        ResourceState.NEW,
                        null,
                        true,
                        "",
                        connection.stream,
                        connection.handled,
                        0,
                        0,
                        List.of(),
                        0));
        if (rules.contains(Rule.GATEWAY_SENDS_AGAIN)) {
            for (SessionEvent.FromClient event : connection.unconfirmed) {
                node.send(owner, again(event));
            }
        }
    }

    private static SessionEvent again(SessionEvent.FromClient event) {
        return new SessionEvent.FromClient(event.connection(), event.client(), event.number(), true, event.stanza());
    }

    /// The last stanza is enough: the owner has it, or finds that something is missing.
    private void sweep() {
        long now = node.world.now();
        for (Connection connection : connections) {
            boolean late = !connection.unconfirmed.isEmpty() && now - connection.waitsSince > PATIENCE_MILLIS;
            if (late && connection.owner != null && rules.contains(Rule.SILENT_OWNER_IS_ASKED)) {
                connection.waitsSince = now;
                node.send(connection.owner, again(connection.unconfirmed.getLast()));
            }
        }
    }

    private void viewed(View view) {
        for (Connection connection : connections) {
            String owner = connection.owner;
            if (owner != null && rules.contains(Rule.LOST_OWNER_IS_FORGOTTEN) && !view.has(Addresses.nodeOf(owner))) {
                connection.owner = null;
            }
        }
    }

    private void take(ConnectionEvent.Batch batch) {
        for (ConnectionEvent event : batch.events()) {
            Connection connection = connections.get((int) event.connection().number() - 1);
            if (event instanceof ConnectionEvent.Handled handled
                    && batch.owner().equals(connection.owner)) {
                if (handled.number() > connection.handled) {
                    connection.handled = handled.number();
                    connection.waitsSince = node.world.now();
                }
                connection.unconfirmed.removeIf(kept -> kept.number() <= handled.number());
            }
        }
    }
}
