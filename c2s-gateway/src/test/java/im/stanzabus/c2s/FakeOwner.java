package im.stanzabus.c2s;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.ResourceState;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.Subscription;
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

/// An owner of accounts: binds what is wished ("taken" is refused, "slow" is not answered), confirms every stanza
/// at once unless told otherwise, enables stream management, lets streams be resumed, and shows the test what it is
/// told.
final class FakeOwner {
    private final Bus bus;
    private final String address;
    private final BlockingQueue<BusMessage> events = new LinkedBlockingQueue<>();
    private final Map<String, ConnectionId> connections = new HashMap<>();
    private final Map<ConnectionId, Stream> streams = new HashMap<>();
    private final Subscription subscription;
    private volatile ConnectionId lastBound;

    /// Whether stanzas of clients are handled at once.
    volatile boolean confirming = true;

    /// Whether requests for a resource, for stream management and for resumption are answered.
    volatile boolean answering = true;

    /// What is known of one stream.
    private static final class Stream {
        private final Jid client;
        private final long stream;
        private Management management;
        private long received;
        private final List<ConnectionEvent.Deliver> delivered = new ArrayList<>();

        private Stream(Jid client, long stream) {
            this.client = client;
            this.stream = stream;
        }
    }

    FakeOwner(Bus bus, String name) {
        this.bus = bus;
        this.address = Addresses.at(name, bus.self());
        subscription = bus.consume(name, BusMessage.class, message -> {
            if (message instanceof SessionEvent.Batch batch) {
                batch.events().forEach(this::receive);
            } else {
                events.add(message);
            }
        });
    }

    /// Its process is gone.
    void leave() throws Exception {
        TestGateway.result(subscription.unregister());
    }

    String address() {
        return address;
    }

    private synchronized void receive(SessionEvent event) {
        switch (event) {
            case SessionEvent.Bind bind when answering -> bind(bind);
            case SessionEvent.Enable enable when answering -> enable(enable);
            case SessionEvent.Resume resume when answering -> resume(resume);
            case SessionEvent.FromClient stanza -> received(stanza.connection(), stanza.number());
            case SessionEvent.Answered answered -> {
                Stream stream = streams.get(answered.connection());
                if (answered.answer() != null && stream != null) {
                    hand(answered.connection(), stream, false, 0, answered.answer());
                }
                received(answered.connection(), answered.number());
            }
            default -> {}
        }
        events.add(event);
    }

    private void received(ConnectionId connection, long number) {
        Stream stream = streams.get(connection);
        if (stream != null) {
            stream.received = Math.max(stream.received, number);
        }
        if (confirming) {
            send(new ConnectionEvent.Handled(connection, number));
        }
    }

    private void bind(SessionEvent.Bind bind) {
        String resource = bind.resource() == null ? "given" : bind.resource();
        lastBound = bind.connection();
        switch (resource) {
            case "slow" -> {}
            case "taken" ->
                send(new ConnectionEvent.BindRefused(
                        bind.connection(), StanzaError.of(StanzaError.Condition.CONFLICT)));
            default -> {
                Jid client = full(bind.account(), resource);
                streams.put(bind.connection(), new Stream(client, bind.stream()));
                send(new ConnectionEvent.Bound(bind.connection(), client));
            }
        }
    }

    private void enable(SessionEvent.Enable enable) {
        Stream stream = streams.get(enable.connection());
        if (stream == null) {
            return;
        }
        Management wanted = enable.management();
        stream.management =
                new Management(wanted.resumeId(), wanted.seconds(), wanted.inBase(), stream.delivered.size());
        send(new ConnectionEvent.Enabled(enable.connection(), stream.management));
    }

    private void resume(SessionEvent.Resume resume) {
        for (Map.Entry<ConnectionId, Stream> each : streams.entrySet()) {
            Stream stream = each.getValue();
            if (stream.management != null
                    && stream.management.resumeId().equals(resume.resumeId())
                    && stream.client.bare().equals(resume.account())) {
                move(resume, each.getKey(), stream);
                return;
            }
        }
        send(new ConnectionEvent.ResumeRefused(
                resume.connection(),
                StanzaError.Condition.ITEM_NOT_FOUND,
                resume.resumeId().equals("late") ? 7 : -1));
    }

    private void move(SessionEvent.Resume resume, ConnectionId from, Stream stream) {
        long delivered = stream.management.outBase() + resume.h();
        if (delivered > stream.delivered.size()) {
            send(new ConnectionEvent.ResumeRefused(
                    resume.connection(),
                    StanzaError.Condition.UNDEFINED_CONDITION,
                    stream.delivered.size() - stream.management.outBase()));
            return;
        }
        streams.remove(from);
        streams.put(resume.connection(), stream);
        connections.put(stream.client.toString(), resume.connection());
        send(new ConnectionEvent.Disconnect(from, null));
        send(new ConnectionEvent.Resumed(
                resume.connection(),
                stream.client,
                stream.management,
                ResourceState.NEW,
                stream.stream,
                stream.received,
                delivered,
                0,
                0));
        for (ConnectionEvent.Deliver missed : stream.delivered) {
            if (missed.number() > delivered) {
                send(missed.on(resume.connection()));
            }
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
    synchronized void connected(TestClient client, String jid) {
        client.jid = Jid.of(jid);
        connections.put(jid, lastBound);
    }

    /// This owner goes on where another one stopped.
    synchronized void takesOver(FakeOwner other, TestClient client) {
        ConnectionId connection = other.connection(client);
        connections.put(client.jid.toString(), connection);
        streams.put(connection, other.streams.get(connection));
    }

    synchronized ConnectionId connection(TestClient client) {
        return connections.get(client.jid.toString());
    }

    ConnectionId lastBound() {
        return lastBound;
    }

    void send(ConnectionEvent... batch) {
        bus.send(batch[0].connection().gateway(), new ConnectionEvent.Batch(address, List.of(batch)));
    }

    /// Hands chat messages with these bodies to the client in one bus message.
    synchronized void deliver(TestClient client, boolean confirm, String... bodies) {
        ConnectionId connection = connection(client);
        Stream stream = streams.get(connection);
        List<ConnectionEvent> batch = new ArrayList<>();
        for (String body : bodies) {
            ConnectionEvent.Deliver deliver = new ConnectionEvent.Deliver(
                    connection, stream.delivered.size() + 1, confirm, 0, message(client.jid, body));
            stream.delivered.add(deliver);
            batch.add(deliver);
        }
        bus.send(connection.gateway(), new ConnectionEvent.Batch(address, batch));
    }

    /// Hands a logged message to the client, which has all before it.
    synchronized void deliverLogged(TestClient client, long logId, String body) {
        ConnectionId connection = connection(client);
        hand(connection, streams.get(connection), false, logId, message(client.jid, body));
    }

    /// Hands messages that are in no log to the client, one for each origin.
    synchronized void deliverUnlogged(TestClient client, List<Origin> origins) {
        ConnectionId connection = connection(client);
        Stream stream = streams.get(connection);
        for (Origin origin : origins) {
            ConnectionEvent.Deliver deliver = new ConnectionEvent.Deliver(
                    connection,
                    stream.delivered.size() + 1,
                    false,
                    0,
                    message(client.jid, "n" + origin.number()),
                    0,
                    0,
                    false,
                    origin);
            stream.delivered.add(deliver);
            send(deliver);
        }
    }

    private void hand(ConnectionId connection, Stream stream, boolean confirm, long logId, Stanza stanza) {
        ConnectionEvent.Deliver deliver = new ConnectionEvent.Deliver(
                connection, stream.delivered.size() + 1, confirm, logId, stanza, Math.min(logId, 1), 0);
        stream.delivered.add(deliver);
        send(deliver);
    }

    static Stanza message(Jid to, String body) {
        return Stanza.message(
                StanzaType.CHAT, Jid.of("juliet@alpha.test/balcony"), to, Element.text("body", "jabber:client", body));
    }

    /// The next message of the type, others skipped.
    <E extends BusMessage> E next(Class<E> type) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            BusMessage event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new AssertionError("the owner was not told of a " + type.getSimpleName());
            }
            if (type.isInstance(event)) {
                return type.cast(event);
            }
        }
    }

    /// What came so far and was not asked for.
    List<BusMessage> rest() {
        List<BusMessage> rest = new ArrayList<>();
        events.drainTo(rest);
        return rest;
    }
}
