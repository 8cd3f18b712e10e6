package im.stanzabus.sender;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.Route;
import im.stanzabus.bus.delivery.Outgoing;
import im.stanzabus.bus.delivery.Parcel;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.storage.DatabaseAway;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a process does from when it becomes the one that sends until it is not any more: takes rows
/// in their order, sends them, and has their outcomes written. A row is marked as taken before it is
/// sent, so that the next sender knows that it may have been; what it is sent with (its origin) is the
/// same whoever sends it, so its receiver takes it once. No lane may have more than an eighth of what
/// is under way, so that those who are stuck do not hold up the others. Confined to one context.
final class Turn {
    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);
    private static final int MOST_BYTES = 4 * 1024 * 1024;
    private static final int LANES = 8;

    private final OutboxTable table;
    private final Outcomes outcomes;
    private final ServedDomains domains;
    private final Outgoing<Turn> outgoing;
    private final int mostUnderWay;
    private final long stream;

    /// The rows that were sent, or have an outcome, which is not in the table yet.
    private final Map<Long, UnderWay> underWay = new HashMap<>();

    /// How many each lane has under way.
    private final Map<String, Integer> lanes = new HashMap<>();

    private final Later later = new Later();
    private final Promise<Void> idle = Promise.promise();
    private long bytes;
    private boolean wanted = true;
    private boolean taking;
    private boolean ending;
    private boolean over;

    private record UnderWay(@Nullable String lane, int size) {}

    /// A row that can be sent.
    ///
    /// @param again true if it may have been sent before
    private record Ready(long id, StanzaText.Addressed stanza, boolean again) {}

    /// @param outcomes those of before, too
    /// @param mostUnderWay so many rows at most
    /// @param stream the number of the stream that all rows of this installation count as
    Turn(
            OutboxTable table,
            Outcomes outcomes,
            ServedDomains domains,
            Outgoing<Turn> outgoing,
            int mostUnderWay,
            long stream) {
        this.table = table;
        this.outcomes = outcomes;
        this.domains = domains;
        this.outgoing = outgoing;
        this.mostUnderWay = mostUnderWay;
        this.stream = stream;
        outcomes.ids().forEach(id -> underWay.put(id, new UnderWay(null, 0)));
    }

    /// There may be new rows.
    void wake() {
        wanted = true;
        take();
    }

    /// Members have come or gone, or what they serve has changed.
    void viewed() {
        later.release();
        take();
    }

    /// Goes on with what could not be done. To be called every second.
    void sweep() {
        if (domains.isSettled()) {
            later.release();
        }
        take();
    }

    /// Takes no more and completes when all that is under way has its outcome, which may never be.
    Future<Void> drain() {
        ending = true;
        endIfIdle();
        return idle.future();
    }

    /// Nothing more is sent.
    void end() {
        over = true;
        outgoing.forget(turn -> turn == this);
        outcomes.keepSent();
    }

    private void endIfIdle() {
        if (ending && underWay.isEmpty()) {
            idle.tryComplete();
        }
    }

    /// One statement takes many rows: the next runs when there is room for half of what may be under way.
    private void take() {
        if (over || ending || taking || underWay.size() > mostUnderWay / 2 || bytes > MOST_BYTES / 2) {
            return;
        }
        int room = mostUnderWay - underWay.size();
        Set<Long> due = later.due(this::room, room);
        boolean all = wanted && !later.isFull();
        if (!all && due.isEmpty()) {
            return;
        }
        taking = true;
        wanted = wanted && !all;
        Set<Long> except = new HashSet<>(later.ids());
        except.removeAll(due);
        except.addAll(underWay.keySet());
        long askedNanos = System.nanoTime();
        table.take(except, all ? room : due.size(), MOST_BYTES - bytes)
                .onComplete(rows -> taken(rows, due, askedNanos), this::notTaken);
    }

    private int room(String lane) {
        return Math.max(1, mostUnderWay / LANES) - lanes.getOrDefault(lane, 0);
    }

    /// @param due what was left for later and should be among the rows
    private void taken(List<OutboxRow> rows, Set<Long> due, long askedNanos) {
        taking = false;
        if (over || ending) {
            return;
        }
        // a process that was frozen meanwhile: another one may have sent them
        boolean late = System.nanoTime() - askedNanos > SendingLock.ANSWER_NANOS;
        for (OutboxRow row : rows) {
            Later.Row before = later.remove(row.id());
            boolean again = late || (before == null ? row.again() : before.again());
            int size = row.stanza().length();
            switch (StanzaText.read(row.stanza())) {
                case StanzaText.Wrong wrong -> {
                    add(row.id(), new UnderWay(null, size));
                    refuse(row.id(), wrong.reason());
                }
                case StanzaText.Addressed stanza -> sendInOrder(new Ready(row.id(), stanza, again), size);
            }
        }
        forgetGone(rows, due);
        wanted |= !rows.isEmpty(); // there may be more than one statement takes
        take();
    }

    /// Rows come in order: one that has not come, though a later one has, is not there any more.
    private void forgetGone(List<OutboxRow> rows, Set<Long> due) {
        rows.forEach(row -> due.remove(row.id()));
        long last = rows.isEmpty() ? Long.MAX_VALUE : rows.getLast().id();
        due.stream().filter(id -> id < last).forEach(later::remove);
    }

    private void notTaken(Throwable failure) {
        taking = false;
        wanted = true;
        if (!over && DatabaseAway.explain(failure) == failure) {
            LOG.error("no stanzas can be taken from the table", failure);
        }
    }

    private void sendInOrder(Ready row, int size) {
        String lane = domains.lane(row.stanza().to());
        String receiver = row.stanza().to().bare().toString();
        boolean behindLane = later.isAhead(lane, row.id());
        if (!behindLane && later.isAhead(receiver, row.id())) {
            later.add(new Later.Row(row.id(), lane, receiver, row.again()));
        } else if (behindLane || room(lane) <= 0) {
            later.add(new Later.Row(row.id(), lane, lane, row.again()));
        } else {
            add(row.id(), new UnderWay(lane, size));
            if (!send(row)) {
                hold(row, row.again());
            }
        }
    }

    private void add(long id, UnderWay row) {
        underWay.put(id, row);
        bytes += row.size();
        if (row.lane() != null) {
            lanes.merge(row.lane(), 1, Integer::sum);
        }
    }

    /// What cannot be sent at the moment holds up what is for the same receiver.
    private void hold(Ready row, boolean again) {
        forget(row.id());
        Jid to = row.stanza().to();
        later.hold(new Later.Row(row.id(), domains.lane(to), to.bare().toString(), again));
    }

    /// @return false if it is to be tried again
    private boolean send(Ready row) {
        Stanza stanza = row.stanza().stanza();
        Jid from = row.stanza().from();
        Jid to = row.stanza().to();
        if (!domains.isServed(from)) {
            return refuseIfSettled(row, "from: " + from.domain() + " is not served here");
        }
        if (stanza.isPresence() && stanza.type().isSubscription() && domains.isAccount(from)) {
            refuse(row.id(), "type: accounts here make and answer requests for subscription with their clients");
            return true;
        }
        Route route = domains.route(to);
        Parcel<Turn> parcel = new Parcel<>(stanza, new Origin(stream, row.id()), from, this, new Told(row));
        if (route != null && outgoing.send(route, parcel, row.again())) {
            return true;
        }
        if (domains.isSettled()) {
            String before = row.again() ? "; it may have arrived before" : "";
            done(new Outcome(row.id(), Outcome.Kind.UNREACHABLE, "to: nobody serves " + to.domain() + before));
            return true;
        }
        return false;
    }

    private boolean refuseIfSettled(Ready row, String reason) {
        boolean settled = domains.isSettled();
        if (settled) {
            refuse(row.id(), reason);
        }
        return settled;
    }

    private final class Told implements Parcel.Waiting {
        private final Ready row;

        Told(Ready row) {
            this.row = row;
        }

        @Override
        public void accepted() {
            done(new Outcome(row.id(), Outcome.Kind.SENT, ""));
        }

        /// Whoever served the receiver may be about to come back.
        @Override
        public void unreachable() {
            if (!over && !ending) {
                hold(row, true);
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

    /// Outcomes are in the table.
    void written(List<Outcome> batch) {
        batch.forEach(outcome -> forget(outcome.id()));
        endIfIdle();
        take();
    }

    private void forget(long id) {
        UnderWay row = underWay.remove(id);
        if (row != null) {
            bytes -= row.size();
            if (row.lane() != null) {
                lanes.computeIfPresent(row.lane(), (_, count) -> count == 1 ? null : count - 1);
            }
        }
    }
}
