package im.stanzabus.cluster;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.api.LogRequest.Direction;
import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// One account at its owner: what its clients sent and is not done, and what the log is writing for it.
final class SimulatedAccount {
    private static final long BACK_OFF_MILLIS = 200;
    private static final long PATIENCE_MILLIS = 5_000;

    private static final class Connection {
        final ConnectionId id;
        final long stream;
        final Map<Long, Message> open = new TreeMap<>();
        long received;
        long handled;

        Connection(SessionEvent.Announce announce) {
            id = announce.connection();
            stream = announce.stream();
            received = announce.handled();
            handled = announce.handled();
        }
    }

    /// A message of a client of the account: done when it is in both logs.
    private static final class Message {
        final Connection connection;
        final Origin origin;
        final Stanza stanza;
        boolean retry;
        boolean logged;
        long sent;
        boolean accepted;

        Message(Connection connection, Origin origin, Stanza stanza, boolean retry) {
            this.connection = connection;
            this.origin = origin;
            this.stanza = stanza;
            this.retry = retry;
        }
    }

    private record Append(Entry entry, Runnable done) {}

    final Jid jid;
    final int slot;
    boolean dead;
    private final SimulatedSessions sessions;
    private final long epoch;
    private final Map<ConnectionId, Connection> connections = new LinkedHashMap<>();
    private final Map<Origin, Message> outgoing = new LinkedHashMap<>();
    private final Map<Long, Long> streams = new HashMap<>();
    private final List<SessionEvent> untilLoaded = new ArrayList<>();
    private final List<Append> appends = new ArrayList<>();
    private boolean loading;
    private boolean loaded;
    private boolean appending;
    private long lastId;

    SimulatedAccount(SimulatedSessions sessions, Jid jid, long epoch) {
        this.sessions = sessions;
        this.jid = jid;
        this.epoch = epoch;
        slot = SlotTable.slot(jid);
    }

    boolean isBusy() {
        return appending;
    }

    void announce(SessionEvent.Announce announce) {
        Connection connection = connections.computeIfAbsent(announce.connection(), _ -> new Connection(announce));
        if (connection.handled > announce.handled()) {
            tellHandled(connection);
        }
    }

    void take(SessionEvent event) {
        if (loaded) {
            handle(event);
            return;
        }
        untilLoaded.add(event);
        if (!loading) {
            loading = true;
            load();
        }
    }

    private void load() {
        sessions.node.world.ask(
                sessions.node,
                true,
                () -> sessions.log.claim(jid, epoch),
                standing -> {
                    if (dead) {
                        return;
                    }
                    if (standing.lastId() < 0) {
                        stale();
                        return;
                    }
                    lastId = standing.lastId();
                    loaded = true;
                    untilLoaded.forEach(this::handle);
                    untilLoaded.clear();
                },
                () -> later(this::load));
    }

    private void later(Runnable what) {
        sessions.node.world.after(
                BACK_OFF_MILLIS,
                () -> sessions.node.run(() -> {
                    if (!dead) {
                        what.run();
                    }
                }));
    }

    private void handle(SessionEvent event) {
        switch (event) {
            case SessionEvent.FromClient sent -> sent(sent);
            case SessionEvent.Inbound received -> received(received);
            case SessionEvent.Accepted accepted -> {
                Message message = outgoing.remove(accepted.origin());
                if (message != null) {
                    message.accepted = true;
                    progress(message.connection);
                }
            }
            default -> throw new IllegalArgumentException(event.toString());
        }
    }

    private void sent(SessionEvent.FromClient event) {
        Connection connection = connections.get(event.connection());
        if (connection == null || event.number() > connection.received + 1) {
            if (sessions.rules.contains(Rule.GAPS_ARE_ASKED_FOR)) {
                sessions.want(event.connection().gateway(), slot);
            }
            return;
        }
        if (event.number() <= connection.received) {
            boolean asked = event.number() <= connection.handled && event.retry();
            if (asked && sessions.rules.contains(Rule.SILENT_OWNER_IS_ASKED)) {
                tellHandled(connection);
            }
            return;
        }
        connection.received = event.number();
        Origin origin = new Origin(connection.stream, event.number());
        Message message = new Message(connection, origin, event.stanza(), event.retry());
        connection.open.put(event.number(), message);
        outgoing.put(origin, message);
        append(entry(Direction.SENT, message.stanza, origin, event.retry()), () -> {
            message.logged = true;
            progress(connection);
        });
        send(message);
    }

    /// The owners of some slots are others than before.
    void sendAgain(BitSet slots) {
        outgoing.values().stream()
                .filter(message -> slots.get(SlotTable.slot(receiver(message))))
                .forEach(this::send);
    }

    /// Adds the slots to which something was sent that is not accepted for long.
    void late(BitSet slots) {
        long before = sessions.node.world.now() - PATIENCE_MILLIS;
        outgoing.values().stream()
                .filter(message -> message.sent < before)
                .forEach(message -> slots.set(SlotTable.slot(receiver(message))));
    }

    private void send(Message message) {
        message.sent = sessions.node.world.now();
        SimulatedSessions.Route route = sessions.route(receiver(message));
        if (route != null) {
            SessionEvent.Inbound inbound = new SessionEvent.Inbound(
                    message.stanza,
                    message.origin,
                    sessions.address,
                    jid,
                    message.retry,
                    route.epoch(),
                    before(message));
            message.retry = true;
            sessions.node.send(route.owner(), inbound);
        }
    }

    /// The number of what the stream sent last before to the same receiver, if that is not accepted; 0 if it is.
    private long before(Message message) {
        return outgoing.values().stream()
                .filter(other -> other.connection == message.connection)
                .filter(other -> receiver(other).equals(receiver(message)))
                .mapToLong(other -> other.origin.number())
                .filter(number -> number < message.origin.number())
                .max()
                .orElse(0);
    }

    private void received(SessionEvent.Inbound event) {
        Origin origin = Objects.requireNonNull(event.origin());
        long highest = streams.getOrDefault(origin.stream(), 0L);
        if (event.previous() > highest && sessions.rules.contains(Rule.STANZA_BEFORE_IS_NAMED)) {
            sessions.want(Objects.requireNonNull(event.replyTo()), slot);
            return;
        }
        streams.put(origin.stream(), Math.max(highest, origin.number()));
        boolean outOfTurn = (origin.number() <= highest && sessions.rules.contains(Rule.STREAMS_ARE_REMEMBERED))
                || sessions.isDoubtful(slot, event);
        append(
                entry(Direction.RECEIVED, event.stanza(), origin, event.retry() || outOfTurn),
                () -> sessions.node.send(
                        Objects.requireNonNull(event.replyTo()),
                        new SessionEvent.Accepted(Objects.requireNonNull(event.sender()), origin)));
    }

    private Entry entry(Direction direction, Stanza stanza, Origin origin, boolean retry) {
        Jid peer = Objects.requireNonNull(direction == Direction.SENT ? stanza.to() : stanza.from());
        return new Entry(jid, epoch, ++lastId, Instant.EPOCH, peer, direction, true, origin, retry, 0, stanza);
    }

    private void append(Entry entry, Runnable done) {
        appends.add(new Append(entry, done));
        if (!appending) {
            appendNext();
        }
    }

    private void appendNext() {
        appending = !appends.isEmpty();
        if (appending) {
            List<Append> batch = List.copyOf(appends);
            appends.clear();
            write(batch);
        } else {
            sessions.checkClosed();
        }
    }

    private void write(List<Append> batch) {
        List<Entry> entries = batch.stream().map(Append::entry).toList();
        sessions.node.world.ask(
                sessions.node,
                true,
                () -> sessions.log.append(sessions.address, entries),
                outcomes -> {
                    if (!dead) {
                        written(batch, outcomes);
                    }
                },
                () -> later(() -> write(batch)));
    }

    private void written(List<Append> batch, List<Outcome> outcomes) {
        if (outcomes.contains(Outcome.STALE)) {
            stale();
            return;
        }
        batch.forEach(append -> append.done.run());
        appendNext();
    }

    private void stale() {
        dead = true;
        sessions.stale(this);
    }

    private void progress(Connection connection) {
        long before = connection.handled;
        Message next = connection.open.get(connection.handled + 1);
        while (next != null && next.logged && next.accepted) {
            connection.handled++;
            connection.open.remove(connection.handled);
            next = connection.open.get(connection.handled + 1);
        }
        if (connection.handled > before) {
            tellHandled(connection);
        }
    }

    private void tellHandled(Connection connection) {
        sessions.node.send(
                connection.id.gateway(),
                new ConnectionEvent.Batch(
                        sessions.address, List.of(new ConnectionEvent.Handled(connection.id, connection.handled))));
    }

    private static Jid receiver(Message message) {
        return Objects.requireNonNull(message.stanza.to());
    }
}
