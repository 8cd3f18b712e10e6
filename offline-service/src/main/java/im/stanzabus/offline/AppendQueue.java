package im.stanzabus.offline;

import im.stanzabus.bus.api.LogRequest.Appended;
import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.offline.stored.Retention;
import im.stanzabus.offline.stored.StoredStanza;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Group commit: what arrives while a commit runs is committed together afterwards, or beside it if that is
/// much. The entries of one account are in one of them only, so they are committed in order. Accounts
/// take turns, so one that gets a flood does not delay the others by more than a group. What waits is
/// bounded in number and bytes. Confined to one context.
final class AppendQueue {
    static final int MAX_BATCH = 200;
    static final int MAX_PENDING = 10_000;

    private static final int MAX_IN_FLIGHT = 2;
    private static final int MUCH = MAX_BATCH / 4;

    /// A commit that takes longer does not hold up others.
    private static final long LONG_MILLIS = 100;

    private static final int MAX_BATCH_BYTES = 2 * 1024 * 1024;
    private static final long MAX_PENDING_BYTES = 64 * 1024 * 1024;

    private final Context context;
    private final GroupWriter writer;
    private final Retention retention;
    private final Retry retry;

    /// What waits, by account; an account without waiting entries is not in here.
    private final Map<String, ArrayDeque<PendingEntry>> waiting = new HashMap<>();
    /// Accounts with waiting entries and none in flight, in turn.
    private final ArrayDeque<String> ready = new ArrayDeque<>();

    private final Set<String> busy = new HashSet<>();
    private final Map<String, List<Promise<Void>>> awaited = new HashMap<>();
    private int inFlight;
    private int pending;
    private int waitingEntries;
    private long pendingBytes;
    private boolean flushing;
    private boolean waitsForTheFirst;
    private @Nullable Promise<Void> drained;

    AppendQueue(Context context, LogTable table, Retention retention, Retry retry, OfflineMetrics metrics) {
        this.context = context;
        this.writer = new GroupWriter(table, retry, metrics);
        this.retention = retention;
        this.retry = retry;
        metrics.pending(() -> pending);
    }

    /// Completes when all entries are committed or refused.
    Future<Appended> append(List<Entry> entries) {
        if (entries.isEmpty()) {
            return Future.succeededFuture(new Appended(List.of()));
        }
        AppendRequest request = new AppendRequest(entries.size());
        long deadline = retry.deadline();
        List<PendingEntry> added = new ArrayList<>(entries.size());
        List<PendingEntry> impossible = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
            PendingEntry entry = pending(entries.get(i), deadline, request, i);
            if (entry.entry().id() <= 0) {
                impossible.add(entry);
                continue;
            }
            bytes += entry.stanza().length;
            added.add(entry);
        }
        if (pending + added.size() > MAX_PENDING || pendingBytes + bytes > MAX_PENDING_BYTES) {
            return Future.failedFuture(Retry.unavailable(pending + " entries wait already"));
        }
        pending += added.size();
        waitingEntries += added.size();
        pendingBytes += bytes;
        added.forEach(this::enqueue);
        impossible.forEach(entry -> writer.settle(entry, Outcome.REFUSED));
        flushAfterThisTick();
        return request.answer();
    }

    private PendingEntry pending(Entry entry, long deadline, AppendRequest request, int index) {
        Jid owner = entry.owner().bare();
        return new PendingEntry(
                entry,
                owner.toString(),
                StoredStanza.write(entry.stanza()),
                retention.lastDay(owner.domain(), entry.received()),
                deadline,
                request,
                index);
    }

    /// Completes when no entry of the account waits or is being written: what comes after it sees all
    /// that came before.
    Future<Void> settled(String owner) {
        if (!busy.contains(owner) && !waiting.containsKey(owner)) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = Promise.promise();
        awaited.computeIfAbsent(owner, _ -> new ArrayList<>()).add(promise);
        return promise.future();
    }

    /// Completes when nothing waits any more.
    Future<Void> drained() {
        if (pending == 0) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = Promise.promise();
        drained = promise;
        return promise.future();
    }

    private void enqueue(PendingEntry entry) {
        ArrayDeque<PendingEntry> lane = waiting.get(entry.owner());
        if (lane == null) {
            lane = new ArrayDeque<>();
            waiting.put(entry.owner(), lane);
            if (!busy.contains(entry.owner())) {
                ready.add(entry.owner());
            }
        }
        lane.add(entry);
    }

    private void flushAfterThisTick() {
        if (!flushing) {
            flushing = true;
            context.runOnContext(_ -> {
                flushing = false;
                flush();
            });
        }
    }

    private void flush() {
        flush(false);
    }

    private void flush(boolean impatient) {
        while (mayBegin(impatient)) {
            List<PendingEntry> batch = takeBatch();
            inFlight++;
            writer.write(batch).onComplete(_ -> finished(batch));
        }
        if (inFlight < MAX_IN_FLIGHT && !ready.isEmpty()) {
            waitForTheFirst();
        }
    }

    /// A second commit at a time costs more than it brings forward, unless there is much to commit or the first
    /// does not end.
    private boolean mayBegin(boolean impatient) {
        boolean worthIt = inFlight == 0 || (inFlight < MAX_IN_FLIGHT && (waitingEntries >= MUCH || impatient));
        return worthIt && !ready.isEmpty();
    }

    private void waitForTheFirst() {
        if (!waitsForTheFirst) {
            waitsForTheFirst = true;
            context.owner().setTimer(LONG_MILLIS, _ -> {
                waitsForTheFirst = false;
                flush(true);
            });
        }
    }

    private List<PendingEntry> takeBatch() {
        List<PendingEntry> batch = new ArrayList<>();
        long bytes = 0;
        while (batch.size() < MAX_BATCH && bytes < MAX_BATCH_BYTES && !ready.isEmpty()) {
            String owner = ready.remove();
            ArrayDeque<PendingEntry> lane = lane(owner);
            busy.add(owner);
            while (!lane.isEmpty() && batch.size() < MAX_BATCH && bytes < MAX_BATCH_BYTES) {
                PendingEntry entry = lane.remove();
                bytes += entry.stanza().length;
                batch.add(entry);
                waitingEntries--;
            }
            if (lane.isEmpty()) {
                waiting.remove(owner);
            }
        }
        return batch;
    }

    private ArrayDeque<PendingEntry> lane(String owner) {
        ArrayDeque<PendingEntry> lane = waiting.get(owner);
        if (lane == null) {
            throw new IllegalStateException("nothing waits for " + owner);
        }
        return lane;
    }

    private void settle(String owner) {
        List<Promise<Void>> waiters = awaited.remove(owner);
        if (waiters != null) {
            waiters.forEach(Promise::complete);
        }
    }

    private void finished(List<PendingEntry> batch) {
        inFlight--;
        for (PendingEntry entry : batch) {
            pending--;
            pendingBytes -= entry.stanza().length;
            if (busy.remove(entry.owner())) {
                if (waiting.containsKey(entry.owner())) {
                    ready.add(entry.owner());
                } else {
                    settle(entry.owner());
                }
            }
        }
        if (pending == 0 && drained != null) {
            drained.complete();
            drained = null;
        }
        flush();
    }
}
