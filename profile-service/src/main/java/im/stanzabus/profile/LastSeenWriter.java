package im.stanzabus.profile;

import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LastSeen;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Writes when accounts were last seen: one statement at a time, and what arrives while it runs goes into the
/// next one together, each account once. So a mass logout costs the database a few statements. Confined to
/// the service's context.
final class LastSeenWriter {
    /// Accounts in one statement.
    static final int AT_ONCE = 1_000;

    static final int MAX_STATUS_LENGTH = 1_024;

    private final Function<Collection<LastSeen>, Future<?>> table;
    private final Forgotten forgotten;
    private final int maxWaiting;
    private final Map<Jid, Waiting> waiting = new LinkedHashMap<>();
    private @Nullable Future<?> running;

    private record Waiting(LastSeen seen, Promise<Done> done) {}

    /// @param table writes a batch with one entry for each account
    /// @param maxWaiting accounts that may wait before more are refused
    LastSeenWriter(Function<Collection<LastSeen>, Future<?>> table, Forgotten forgotten, int maxWaiting) {
        this.maxWaiting = maxWaiting;
        this.table = table;
        this.forgotten = forgotten;
    }

    /// Completes when it is committed, or when something newer of the account is. Fails with
    /// `resource-constraint` if the database falls too far behind.
    Future<Done> write(LastSeen seen) {
        LastSeen entry = new LastSeen(seen.account().bare(), seen.at(), shortened(seen.status()));
        if (forgotten.contains(entry.account())) {
            return Future.succeededFuture(Done.DONE);
        }
        Waiting before = waiting.get(entry.account());
        if (before == null && waiting.size() >= maxWaiting) {
            return Refusal.of(Condition.RESOURCE_CONSTRAINT, "too many logouts at once");
        }
        Promise<Done> done = before == null ? Promise.promise() : before.done();
        if (before == null || !before.seen().at().isAfter(entry.at())) {
            waiting.put(entry.account(), new Waiting(entry, done));
        }
        writeNext();
        return done.future();
    }

    /// Drops what waits for an account and what comes in the next minute, and completes when nothing of it is
    /// being written any more.
    Future<Void> forget(Jid account) {
        forgotten.add(account);
        Waiting dropped = waiting.remove(account);
        if (dropped != null) {
            dropped.done().complete(Done.DONE);
        }
        Future<?> current = running;
        return current == null ? Future.succeededFuture() : current.transform(_ -> Future.succeededFuture());
    }

    private void writeNext() {
        if (running != null || waiting.isEmpty()) {
            return;
        }
        List<Waiting> batch = new ArrayList<>();
        Iterator<Waiting> iterator = waiting.values().iterator();
        while (iterator.hasNext() && batch.size() < AT_ONCE) {
            batch.add(iterator.next());
            iterator.remove();
        }
        Promise<Void> over = Promise.promise();
        running = over.future();
        table.apply(batch.stream().map(Waiting::seen).toList()).onComplete(outcome -> {
            running = null;
            writeNext();
            batch.forEach(one -> one.done().handle(outcome.map(Done.DONE)));
            over.complete();
        });
    }

    private static String shortened(String status) {
        if (status.length() <= MAX_STATUS_LENGTH) {
            return status;
        }
        boolean splits = Character.isHighSurrogate(status.charAt(MAX_STATUS_LENGTH - 1));
        return status.substring(0, splits ? MAX_STATUS_LENGTH - 1 : MAX_STATUS_LENGTH);
    }
}
