package im.stanzabus.sender;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.Route;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.delivery.Outgoing;
import im.stanzabus.bus.delivery.Parcel;
import im.stanzabus.stanza.Jid;
import im.stanzabus.storage.DatabaseAway;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a process does from when it becomes the one that sends until it is not any more: takes rows
/// in their order, sends them, and has their outcomes written. A row is marked as taken before it is
/// sent, so that the next sender knows that it may have been; what it is sent with (its origin) is the
/// same whoever sends it, so its receiver takes it once. Confined to one context.
final class Turn {
    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private final OutboxTable table;
    private final Router router;
    private final Outgoing<Turn> outgoing;
    private final SenderMetrics metrics;
    private final int mostUnderWay;
    private final long stream;
    private final BooleanSupplier settled;
    private final Outcomes outcomes;

    /// The sizes of the rows that were taken and whose outcome is not in the table.
    private final Map<Long, Integer> underWay = new HashMap<>();

    /// What could not be sent yet, by the ids of the rows.
    private final NavigableMap<Long, Waiting> held = new TreeMap<>();

    private final Promise<Void> idle = Promise.promise();
    private long bytes;
    private boolean wanted = true;
    private boolean taking;
    private boolean ending;
    private boolean over;

    /// A row that can be sent.
    ///
    /// @param again true if it may have been sent before
    private record Waiting(long id, StanzaText.Addressed stanza, boolean again) {
        Jid receiver() {
            return stanza.to().bare();
        }

        Waiting sent() {
            return new Waiting(id, stanza, true);
        }
    }

    /// @param stream the number of the stream that all rows of this installation count as
    /// @param settled whether who is not there by now is not about to come
    Turn(
            Vertx vertx,
            OutboxTable table,
            Router router,
            Outgoing<Turn> outgoing,
            SenderMetrics metrics,
            int mostUnderWay,
            long stream,
            BooleanSupplier settled) {
        this.table = table;
        this.router = router;
        this.outgoing = outgoing;
        this.metrics = metrics;
        this.mostUnderWay = mostUnderWay;
        this.stream = stream;
        this.settled = settled;
        outcomes = new Outcomes(vertx, table, this::written);
    }

    /// There may be new rows.
    void wake() {
        wanted = true;
        take();
    }

    /// Goes on with what could not be done. To be called every second.
    void sweep() {
        if (over) {
            return;
        }
        sendInOrder(List.copyOf(held.values()), new HashSet<>());
        outcomes.write();
        take();
    }

    /// Takes no more and completes when all that is under way has its outcome, which may never be.
    Future<Void> drain() {
        ending = true;
        held.keySet().forEach(this::forget);
        held.clear();
        endIfIdle();
        return idle.future();
    }

    /// Nothing more is sent or written.
    void end() {
        over = true;
        outgoing.forget(turn -> turn == this);
        outcomes.drop();
        held.clear();
        underWay.clear();
    }

    private void endIfIdle() {
        if (ending && underWay.isEmpty()) {
            idle.tryComplete();
        }
    }

    /// One statement takes many rows: the next runs when there is room for half of what may be under way.
    private void take() {
        if (over || ending || taking || !wanted || underWay.size() > mostUnderWay / 2 || bytes > MOST_BYTES / 2) {
            return;
        }
        taking = true;
        wanted = false;
        table.take(underWay.keySet(), mostUnderWay - underWay.size(), MOST_BYTES - bytes)
                .onComplete(this::taken, this::notTaken);
    }

    private void taken(List<OutboxRow> rows) {
        taking = false;
        if (over || ending) {
            return;
        }
        Set<Jid> behind = new HashSet<>();
        held.values().forEach(waiting -> behind.add(waiting.receiver()));
        for (OutboxRow row : rows) {
            underWay.put(row.id(), row.stanza().length());
            bytes += row.stanza().length();
            switch (StanzaText.read(row.stanza())) {
                case StanzaText.Wrong wrong -> refuse(row.id(), wrong.reason());
                case StanzaText.Addressed stanza ->
                    sendInOrder(List.of(new Waiting(row.id(), stanza, row.again())), behind);
            }
        }
        wanted |= !rows.isEmpty(); // there may be more than one statement takes
        take();
    }

    private void notTaken(Throwable failure) {
        taking = false;
        wanted = true;
        if (!over && DatabaseAway.explain(failure) == failure) {
            LOG.error("no stanzas can be taken from the table", failure);
        }
    }

    /// What cannot be sent yet holds up what is for the same receiver.
    ///
    /// @param behind the receivers for whom something is held up before these
    private void sendInOrder(Collection<Waiting> stanzas, Set<Jid> behind) {
        for (Waiting waiting : stanzas) {
            if (!behind.contains(waiting.receiver()) && send(waiting)) {
                held.remove(waiting.id());
            } else {
                behind.add(waiting.receiver());
                held.put(waiting.id(), waiting);
            }
        }
    }

    /// @return false if it is to be tried again
    private boolean send(Waiting waiting) {
        Jid from = waiting.stanza().from();
        Jid to = waiting.stanza().to();
        if (!isServedHere(from)) {
            if (settled.getAsBoolean()) {
                refuse(waiting.id(), "from: " + from.domain() + " is not served here");
                return true;
            }
            return false;
        }
        Parcel<Turn> parcel = new Parcel<>(
                waiting.stanza().stanza(), new Origin(stream, waiting.id()), from, this, new Told(waiting));
        if (outgoing.send(router.route(to), parcel, waiting.again())) {
            return true;
        }
        if (settled.getAsBoolean()) {
            String before = waiting.again() ? "; it may have arrived before" : "";
            done(new Outcome(waiting.id(), Outcome.Kind.UNREACHABLE, "to: nobody serves " + to.domain() + before));
            return true;
        }
        return false;
    }

    /// A virtual host, or the domain of a service.
    private boolean isServedHere(Jid from) {
        return router.isHost(from.domain()) || router.route(from) instanceof Route.Service;
    }

    private final class Told implements Parcel.Waiting {
        private final Waiting waiting;

        Told(Waiting waiting) {
            this.waiting = waiting;
        }

        @Override
        public void accepted() {
            done(new Outcome(waiting.id(), Outcome.Kind.SENT, ""));
        }

        /// Whoever served the receiver may be about to come back.
        @Override
        public void unreachable() {
            if (!over && !ending) {
                held.put(waiting.id(), waiting.sent());
            }
        }
    }

    private void refuse(long id, String reason) {
        done(new Outcome(id, Outcome.Kind.REFUSED, reason));
    }

    private void done(Outcome outcome) {
        if (!over) {
            outcomes.add(outcome);
        }
    }

    private void written(List<Outcome> batch) {
        for (Outcome outcome : batch) {
            metrics.done(outcome.kind());
            forget(outcome.id());
        }
        endIfIdle();
        take();
    }

    private void forget(long id) {
        Integer size = underWay.remove(id);
        bytes -= size == null ? 0 : size;
    }
}
