package im.stanzabus.session;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.LogRequest.ArchivePreference;
import im.stanzabus.bus.api.LogRequest.Direction;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The message log, in memory, as its contract says.
final class FakeLog {
    private final List<LogRequest.Entry> entries = new ArrayList<>();
    private final Map<Jid, Long> marks = new HashMap<>();
    private final Map<Jid, Long> epochs = new HashMap<>();

    /// While set, nothing is answered but that it is away.
    volatile boolean away;

    /// While set, everything is written and no answer arrives: the caller does not know.
    volatile boolean deaf;

    /// While set, entries are refused.
    volatile boolean refusing;

    volatile int quota = 10_000;
    volatile ArchivePreference preference = ArchivePreference.ALWAYS;

    /// While set, appends are written and answered only when it completes.
    volatile Promise<Void> appendGate;

    /// While set, reading is answered only when it completes, with what was there when it was asked.
    volatile Promise<Void> readGate;

    Future<BusMessage> ask(LogRequest request) {
        if (away) {
            return Future.failedFuture(unavailable());
        }
        Promise<Void> appending = appendGate;
        if (request instanceof LogRequest.Append && appending != null) {
            return appending.future().map(_ -> answer(request));
        }
        Promise<Void> reading = readGate;
        BusMessage answer = answer(request);
        if (deaf) {
            return Future.failedFuture(unavailable());
        }
        return request instanceof LogRequest.ReadUndelivered && reading != null
                ? reading.future().map(answer)
                : Future.succeededFuture(answer);
    }

    private static BusFailure unavailable() {
        return new BusFailure(StanzaError.of(StanzaError.Condition.RESOURCE_CONSTRAINT, "away"), "away");
    }

    private synchronized BusMessage answer(LogRequest request) {
        return (switch (request) {
            case LogRequest.Append append ->
                new LogRequest.Appended(
                        append.entries().stream().map(this::append).toList());
            case LogRequest.Claim claim -> claim(claim);
            case LogRequest.ReadUndelivered read ->
                new LogRequest.Page(waiting(read.owner()).stream()
                        .filter(entry -> entry.id() > read.afterId())
                        .limit(read.limit())
                        .toList());
            case LogRequest.MarkDelivered mark -> {
                mark.marks().stream()
                        .filter(each -> each.epoch() >= epochs.getOrDefault(each.owner(), 0L))
                        .forEach(each -> marks.merge(each.owner(), each.id(), Math::max));
                yield Done.DONE;
            }
        });
    }

    private Outcome append(LogRequest.Entry entry) {
        if (entry.epoch() < epochs.getOrDefault(entry.owner(), 0L)) {
            return Outcome.STALE;
        }
        if (refusing) {
            return Outcome.REFUSED;
        }
        marks.merge(entry.owner(), entry.delivered(), Math::max);
        for (LogRequest.Entry there : of(entry.owner())) {
            if (there.id() == entry.id()) {
                return Outcome.KEPT;
            }
            if (entry.retry() && there.origin().equals(entry.origin()) && there.direction() == entry.direction()) {
                return Outcome.DUPLICATE;
            }
        }
        entries.add(entry);
        entries.sort(java.util.Comparator.comparingLong(LogRequest.Entry::id));
        return Outcome.KEPT;
    }

    private LogRequest.Standing claim(LogRequest.Claim claim) {
        long epoch = epochs.merge(claim.owner(), claim.epoch(), Math::max);
        long last =
                of(claim.owner()).stream().mapToLong(LogRequest.Entry::id).max().orElse(0);
        return new LogRequest.Standing(
                epoch > claim.epoch(),
                last,
                mark(claim.owner()),
                waiting(claim.owner()).size(),
                quota,
                preference,
                List.of(),
                List.of());
    }

    /// Somebody else takes the account over.
    synchronized void claimedByAnother(Jid owner, long epoch) {
        epochs.put(owner, epoch);
    }

    /// What another owner has written.
    synchronized void add(LogRequest.Entry entry) {
        entries.add(entry);
    }

    /// What was delivered and is not to stay leaves the log.
    synchronized void forget(Jid owner) {
        entries.removeIf(entry -> entry.owner().equals(owner) && !entry.archived() && entry.id() <= mark(owner));
    }

    synchronized long mark(Jid owner) {
        return marks.getOrDefault(owner, 0L);
    }

    synchronized List<LogRequest.Entry> of(Jid owner) {
        return entries.stream().filter(entry -> entry.owner().equals(owner)).toList();
    }

    /// Received entries that have not reached the user.
    synchronized List<LogRequest.Entry> waiting(Jid owner) {
        return of(owner).stream()
                .filter(entry -> entry.direction() == Direction.RECEIVED && entry.id() > mark(owner))
                .toList();
    }
}
