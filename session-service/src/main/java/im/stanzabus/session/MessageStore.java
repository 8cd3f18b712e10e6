package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps messages that nobody can take now in the log. What is kept in one turn of the event loop goes there
/// in one
/// request. Confined to the partition's context.
final class MessageStore {
    private static final Logger LOG = LoggerFactory.getLogger(MessageStore.class);

    private record Pending(Account account, Stanza message, LogRequest.Entry entry) {}

    private final Bus bus;
    private final Context context;
    private final Post post;
    private final InstantSource clock;
    private List<Pending> pending = new ArrayList<>();

    MessageStore(Bus bus, Context context, Post post, InstantSource clock) {
        this.bus = bus;
        this.context = context;
        this.post = post;
        this.clock = clock;
    }

    /// Appends a message to the account's log under the id that its stanza-id names. If it cannot be kept,
    /// the sender
    /// gets an error.
    void keep(Account account, Stanza message, long id) {
        account.beginAppend(id);
        account.hasLogged = true;
        pending.add(new Pending(account, message, new LogRequest.Entry(account.jid(), id, clock.instant(), message)));
        if (pending.size() == 1) {
            context.runOnContext(_ -> flush());
        }
    }

    private void flush() {
        List<Pending> batch = pending;
        pending = new ArrayList<>();
        List<LogRequest.Entry> entries = batch.stream().map(Pending::entry).toList();
        LogRequest.Append request = new LogRequest.Append(entries);
        append(request)
                .recover(failure -> isPassing(failure) ? append(request) : Future.failedFuture(failure))
                .onComplete(appended -> kept(batch, appended), failure -> lost(batch, failure));
    }

    /// Appending the same entries again is harmless: the log knows them by owner and id.
    private Future<LogRequest.Appended> append(LogRequest.Append request) {
        return bus.request(Addresses.LOG, request, LogRequest.Appended.class);
    }

    private static boolean isPassing(Throwable failure) {
        return BusFailure.toStanzaError(failure).type() == StanzaError.Type.WAIT;
    }

    private void kept(List<Pending> batch, LogRequest.Appended appended) {
        for (int i = 0; i < batch.size(); i++) {
            Pending entry = batch.get(i);
            if (!appended.kept().get(i)) {
                post.bounce(
                        entry.message(),
                        Condition.SERVICE_UNAVAILABLE); // XEP-0160 section 2: the account's log is full
            }
            done(entry);
        }
    }

    private void lost(List<Pending> batch, Throwable failure) {
        LOG.warn("{} messages could not be kept: {}", batch.size(), failure.getMessage());
        StanzaError error = BusFailure.toStanzaError(failure);
        for (Pending entry : batch) {
            post.bounce(entry.message(), error);
            done(entry);
        }
    }

    private static void done(Pending entry) {
        Account account = entry.account();
        account.endAppend(entry.entry().id());
        if (account.offline != null) {
            account.offline.appended();
        }
    }
}
