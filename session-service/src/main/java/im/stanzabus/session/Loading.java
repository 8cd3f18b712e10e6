package im.stanzabus.session;

import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Loads accounts, not too many at once, and sees to what must happen as soon as one is loaded. Confined to
/// the partition's context.
final class Loading {
    private static final Logger LOG = LoggerFactory.getLogger(Loading.class);
    private static final int MOST = 2_000;
    private static final long PAUSE_MILLIS = 500;
    private static final long WARN_EVERY_NANOS = 5_000_000_000L;

    private final Vertx vertx;
    private final AccountLoader loader;
    private final Post post;
    private final OfflineDeliveries offline;
    private final Consumer<Account> stale;
    private int loading;
    private int failed;
    private long lastWarned = System.nanoTime() - WARN_EVERY_NANOS;

    /// @param stale told of an account that somebody else owns
    Loading(Vertx vertx, AccountLoader loader, Post post, OfflineDeliveries offline, Consumer<Account> stale) {
        this.vertx = vertx;
        this.loader = loader;
        this.post = post;
        this.offline = offline;
        this.stale = stale;
    }

    boolean hasRoom() {
        return loading < MOST;
    }

    int size() {
        return loading;
    }

    /// @param proved a client is connected, so the account exists or is anonymous
    Future<Void> load(Account account, boolean proved) {
        loading++;
        return loader.load(account, proved)
                .onComplete(_ -> loading--)
                .onSuccess(_ -> offline.start(account))
                .onFailure(failure -> {
                    if (failure instanceof AccountLoader.Stale) {
                        stale.accept(account);
                    } else {
                        warn(account.jid(), failure);
                    }
                });
    }

    /// What has happened to the account's streams while nobody owned it: their gateways have died, or they
    /// have ended.
    List<SessionEvent> ends(Account account) {
        List<SessionEvent> events = new ArrayList<>();
        for (Resource resource : account.resources()) {
            if (Announcements.isOver(resource) || (resource.isAttached() && !post.isReachable(resource.connection()))) {
                events.add(ended(resource));
            }
        }
        return events;
    }

    /// The event that a gateway would have sent of a connection that is lost.
    static SessionEvent ended(Resource resource) {
        return resource.isResumable()
                ? new SessionEvent.Detached(resource.connection(), resource.jid)
                : new SessionEvent.Gone(resource.connection(), resource.jid, resource.outbound.confirmed());
    }

    /// Reads the roster and the preferences again; does not fail.
    Future<Void> reload(Account account) {
        return tolerant(account, loader.reload(account));
    }

    /// Reads the preferences again; does not fail. If they cannot be read, they are before the next event.
    Future<Void> preferences(Account account) {
        return tolerant(account, loader.preferences(account).onFailure(_ -> account.markStale()));
    }

    private Future<Void> tolerant(Account account, Future<Void> read) {
        return read.otherwise(failure -> {
            if (failure instanceof AccountLoader.Stale) {
                stale.accept(account);
            } else {
                LOG.warn("what is known of {} may be out of date: {}", account.jid(), failure.getMessage());
            }
            return null;
        });
    }

    /// Tries something again a little later.
    void later(Runnable attempt) {
        vertx.setTimer(PAUSE_MILLIS, _ -> attempt.run());
    }

    /// One line in five seconds: when one account cannot be loaded, many cannot.
    private void warn(Jid account, Throwable failure) {
        failed++;
        long now = System.nanoTime();
        if (now - lastWarned >= WARN_EVERY_NANOS) {
            LOG.warn("{} accounts could not be loaded, {} among them: {}", failed, account, failure.getMessage());
            lastWarned = now;
            failed = 0;
        }
    }
}
