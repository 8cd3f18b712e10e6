package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.LogRequest.Outcome;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts messages in the log. What is put there within a few turns of the event loop goes in one request: what a
/// client sends is an entry of the sender's log and, after its way through the bus of the process, of the
/// receiver's, and a request costs the database more than an entry. When the log does not answer, nobody knows
/// what was written: the request is repeated, which does no harm, for as long as the accounts are owned here.
///
/// An account has one request under way at most; what comes meanwhile goes together in its next one.
/// Whichever instance of the log is asked, and however slow one of them is, entries are committed in the
/// order of their ids: all that lie before one that is there are settled. Accounts do not wait for each other.
///
/// Confined to the partition's context.
final class MessageStore {
    private static final Logger LOG = LoggerFactory.getLogger(MessageStore.class);
    private static final int MOST = 100_000;
    private static final long MOST_BYTES = 128L << 20;
    private static final int MOST_AT_ONCE = 500;
    private static final int TURNS = 4;
    private static final long MOST_BYTES_AT_ONCE = 4 << 20;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;
    private static final long WARN_EVERY_NANOS = 5_000_000_000L;

    private record Pending(Account account, long append, LogRequest.Entry entry, Consumer<Outcome> then) {}

    private final Bus bus;
    private final Context context;
    private final Consumer<Account> stale;

    /// What the next requests are made of, for accounts that have none under way.
    private Map<Account, List<Pending>> ready = new LinkedHashMap<>();

    /// The accounts with a request under way, each with what waits for its answer.
    private final Map<Account, List<Pending>> busy = new HashMap<>();

    private boolean flushing;
    private int count;
    private long bytes;
    private long lastWarned = System.nanoTime() - WARN_EVERY_NANOS;

    /// @param stale told of an account that somebody else owns
    MessageStore(Bus bus, Context context, Consumer<Account> stale) {
        this.bus = bus;
        this.context = context;
        this.stale = stale;
    }

    /// True if so much waits for the log that nothing more is to be begun.
    boolean isFull() {
        return count >= MOST || bytes >= MOST_BYTES;
    }

    /// How many entries are on their way.
    int size() {
        return count;
    }

    /// Appends an entry to the account's log.
    ///
    /// @param then told what became of it, unless the account is lost before; never {@link Outcome#STALE}
    void append(Account account, LogRequest.Entry entry, Consumer<Outcome> then) {
        long append = account.log.beginAppend();
        count++;
        bytes += bytes(entry);
        Pending pending = new Pending(account, append, entry, then);
        List<Pending> behind = busy.get(account);
        if (behind == null) {
            insert(ready.computeIfAbsent(account, _ -> new ArrayList<>(2)), pending);
            flushSoon();
        } else {
            insert(behind, pending);
        }
    }

    /// Entries of an account wait in the order of their ids; one that had a place before others may come after them.
    private static void insert(List<Pending> lane, Pending pending) {
        int place = lane.size();
        while (place > 0 && lane.get(place - 1).entry().id() > pending.entry().id()) {
            place--;
        }
        lane.add(place, pending);
    }

    private void flushSoon() {
        if (!flushing) {
            flushing = true;
            flushAfter(TURNS);
        }
    }

    private void flushAfter(int turns) {
        context.runOnContext(_ -> {
            if (turns > 1) {
                flushAfter(turns - 1);
            } else {
                flush();
            }
        });
    }

    private void flush() {
        flushing = false;
        Map<Account, List<Pending>> all = ready;
        ready = new LinkedHashMap<>();
        List<Pending> batch = new ArrayList<>();
        long size = 0;
        for (Map.Entry<Account, List<Pending>> lane : all.entrySet()) {
            if (!isWanted(lane.getKey())) {
                lane.getValue().forEach(this::end);
                continue;
            }
            if (isWhole(batch, size)) {
                write(batch, FIRST_PAUSE_MILLIS);
                batch = new ArrayList<>();
                size = 0;
            }
            size += take(lane.getValue(), batch, size);
            busy.put(lane.getKey(), lane.getValue());
        }
        if (!batch.isEmpty()) {
            write(batch, FIRST_PAUSE_MILLIS);
        }
    }

    private static boolean isWhole(List<Pending> batch, long size) {
        return batch.size() >= MOST_AT_ONCE || size >= MOST_BYTES_AT_ONCE;
    }

    /// Moves the first entries of an account to a batch, as many as it has room for.
    ///
    /// @return their size
    private static long take(List<Pending> lane, List<Pending> batch, long size) {
        long added = 0;
        int taken = 0;
        while (taken < lane.size() && !isWhole(batch, size + added)) {
            Pending pending = lane.get(taken++);
            batch.add(pending);
            added += bytes(pending.entry());
        }
        lane.subList(0, taken).clear();
        return added;
    }

    /// What has waited for the answer to a request goes with the next one.
    private void goOn(List<Pending> answered) {
        for (Pending pending : answered) {
            List<Pending> behind = busy.remove(pending.account());
            if (behind != null && !behind.isEmpty()) {
                ready.put(pending.account(), behind);
                flushSoon();
            }
        }
    }

    private void write(List<Pending> batch, long pause) {
        List<LogRequest.Entry> entries = new ArrayList<>(batch.size());
        for (Pending pending : batch) {
            entries.add(pending.entry());
        }
        bus.request(Addresses.LOG, new LogRequest.Append(entries), LogRequest.Appended.class)
                .onComplete(
                        appended -> written(batch, appended.outcomes()),
                        failure -> context.owner().setTimer(pause, _ -> again(batch, pause, failure)));
    }

    private void again(List<Pending> batch, long pause, Throwable failure) {
        long now = System.nanoTime();
        if (now - lastWarned >= WARN_EVERY_NANOS) {
            lastWarned = now;
            LOG.warn("{} messages wait for the log: {}", count, failure.getMessage());
        }
        List<Pending> kept = new ArrayList<>(batch.size());
        List<Pending> lost = new ArrayList<>();
        for (Pending pending : batch) {
            (isWanted(pending.account()) ? kept : lost).add(pending);
        }
        lost.forEach(this::end);
        goOn(lost);
        if (!kept.isEmpty()) {
            write(kept, Math.min(pause * 2, LONGEST_PAUSE_MILLIS));
        }
    }

    private static boolean isWanted(Account account) {
        return !account.isDropped() && !account.removed;
    }

    private void written(List<Pending> batch, List<Outcome> outcomes) {
        for (int i = 0; i < batch.size(); i++) {
            Pending pending = batch.get(i);
            try {
                if (isWanted(pending.account())) {
                    written(pending, outcomes.get(i));
                }
            } catch (RuntimeException e) {
                // a fault in what follows for one must not take the others with it
                LOG.error(
                        "message {} of {} is in the log and was not delivered",
                        pending.entry().id(),
                        pending.account().jid(),
                        e);
            } finally {
                end(pending);
            }
        }
        goOn(batch);
    }

    private void written(Pending pending, Outcome outcome) {
        Account account = pending.account();
        if (outcome == Outcome.STALE) {
            stale.accept(account);
            return;
        }
        if (outcome == Outcome.KEPT) {
            account.log.told(pending.entry().delivered());
        }
        pending.then().accept(outcome);
    }

    private void end(Pending pending) {
        pending.account().log.endAppend(pending.append());
        count--;
        bytes -= bytes(pending.entry());
    }

    private static int bytes(LogRequest.Entry entry) {
        return entry.stanza().payload().bytes().length + 256;
    }
}
