package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.LogRequest.Outcome;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts messages in the log. What is put there in one turn of the event loop goes in one request. When the
/// log does not answer, nobody knows what was written: the request is repeated, which does no harm, for as
/// long as the accounts are owned here. Confined to the partition's context.
final class MessageStore {
    private static final Logger LOG = LoggerFactory.getLogger(MessageStore.class);
    private static final int MOST = 100_000;
    private static final long MOST_BYTES = 128L << 20;
    private static final int MOST_AT_ONCE = 500;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;
    private static final long WARN_EVERY_NANOS = 5_000_000_000L;

    private record Pending(Account account, long append, LogRequest.Entry entry, Consumer<Outcome> then) {}

    private final Bus bus;
    private final Context context;
    private final Consumer<Account> stale;
    private List<Pending> next = new ArrayList<>();
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
        next.add(new Pending(account, append, entry, then));
        if (next.size() == 1) {
            context.runOnContext(_ -> flush());
        }
    }

    private void flush() {
        List<Pending> all = next;
        next = new ArrayList<>();
        for (int from = 0; from < all.size(); from += MOST_AT_ONCE) {
            write(all.subList(from, Math.min(all.size(), from + MOST_AT_ONCE)), FIRST_PAUSE_MILLIS);
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
        for (Pending pending : batch) {
            if (isWanted(pending.account())) {
                kept.add(pending);
            } else {
                end(pending);
            }
        }
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
