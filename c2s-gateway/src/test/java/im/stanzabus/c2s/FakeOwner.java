package im.stanzabus.c2s;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotOwners;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The owner of all accounts: binds what is wished ("taken" is refused, "slow" is not answered), confirms every stanza
/// at once unless told otherwise, and shows the test what it is told.
final class FakeOwner {
    private final Bus bus;
    private final BlockingQueue<SessionEvent> events = new LinkedBlockingQueue<>();
    private final Map<String, ConnectionId> connections = new HashMap<>();
    private volatile ConnectionId lastBound;
    volatile boolean confirming = true;

    FakeOwner(Bus bus, SlotOwners owners) {
        this.bus = bus;
        for (int i = 0; i < owners.partitionCount(); i++) {
            bus.consume(
                    Addresses.sessions(new NodeId("test"), i),
                    SessionEvent.Batch.class,
                    batch -> batch.events().forEach(this::receive));
        }
    }

    private void receive(SessionEvent event) {
        if (event instanceof SessionEvent.Bind bind) {
            bind(bind);
        } else if (event instanceof SessionEvent.FromClient stanza && confirming) {
            send(new ConnectionEvent.Handled(stanza.connection(), stanza.number()));
        }
        events.add(event);
    }

    private void bind(SessionEvent.Bind bind) {
        String resource = bind.resource() == null ? "given" : bind.resource();
        lastBound = bind.connection();
        switch (resource) {
            case "slow" -> {}
            case "taken" ->
                send(new ConnectionEvent.BindRefused(
                        bind.connection(), StanzaError.of(StanzaError.Condition.CONFLICT)));
            default -> send(new ConnectionEvent.Bound(bind.connection(), full(bind.account(), resource)));
        }
    }

    static Jid full(Jid account, String resource) {
        try {
            return account.withResource(resource);
        } catch (JidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /// Remembers the connection that was bound last under the client's address.
    void connected(TestClient client, String address) {
        client.jid = Jid.of(address);
        connections.put(address, lastBound);
    }

    ConnectionId connection(TestClient client) {
        return connections.get(client.jid.toString());
    }

    ConnectionId lastBound() {
        return lastBound;
    }

    void send(ConnectionEvent... batch) {
        bus.send(batch[0].connection().gateway(), new ConnectionEvent.Batch(List.of(batch)));
    }

    /// Hands chat messages with these bodies to the client, numbered from `first`, in one bus message.
    void deliver(TestClient client, long first, boolean confirm, String... bodies) {
        List<ConnectionEvent> batch = new ArrayList<>();
        for (int i = 0; i < bodies.length; i++) {
            batch.add(new ConnectionEvent.Deliver(
                    connection(client), first + i, confirm, message(client.jid, bodies[i])));
        }
        bus.send(connection(client).gateway(), new ConnectionEvent.Batch(batch));
    }

    static Stanza message(Jid to, String body) {
        return Stanza.message(
                StanzaType.CHAT, Jid.of("juliet@alpha.test/balcony"), to, Element.text("body", "jabber:client", body));
    }

    /// The next event of the type, others skipped.
    <E extends SessionEvent> E next(Class<E> type) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            SessionEvent event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new AssertionError("the owner was not told of a " + type.getSimpleName());
            }
            if (type.isInstance(event)) {
                return type.cast(event);
            }
        }
    }

    /// What came so far and was not asked for.
    List<SessionEvent> rest() {
        List<SessionEvent> rest = new ArrayList<>();
        events.drainTo(rest);
        return rest;
    }
}
