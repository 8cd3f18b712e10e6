package im.stanzabus.session;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The order of the events of a partition's accounts: each account's events are handled one after
/// the other; while one waits for another service, the account's later events wait behind it and
/// other accounts go on. Confined to the partition's context.
final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final Removals removals = new Removals();
    private final Accounts accounts;
    private final AccountEvents events;
    private final Loading loading;
    private final DeliveredMarks marks;
    private final Reannouncements reannouncements;
    private final HostStanzas hosts;

    Sessions(
            Accounts accounts,
            AccountEvents events,
            Loading loading,
            DeliveredMarks marks,
            Reannouncements reannouncements,
            HostStanzas hosts) {
        this.hosts = hosts;
        this.marks = marks;
        this.accounts = accounts;
        this.events = events;
        this.loading = loading;
        this.reannouncements = reannouncements;
    }

    /// Handles an event of an account whose slot is open.
    void handle(SessionEvent event) {
        if (event instanceof SessionEvent.Inbound inbound && !inbound.account().hasLocal()) {
            hosts.take(inbound);
            return;
        }
        Account known = accounts.find(event.account());
        if (known != null) {
            handle(known, event);
            return;
        }
        switch (event) {
            case SessionEvent.AccountRemoved removed -> removals.done(removed.account());
            case SessionEvent.FromClient from -> unknown(from.account(), from.connection());
            case SessionEvent.Answered answered -> unknown(answered.account(), answered.connection());
            case SessionEvent.Enable enable -> unknown(enable.account(), enable.connection());
            case SessionEvent.Delivered _,
                    SessionEvent.Received _,
                    SessionEvent.Gone _,
                    SessionEvent.Detached _,
                    SessionEvent.Accepted _ -> {}
            case SessionEvent.Bind _, SessionEvent.Resume _, SessionEvent.Inbound _, SessionEvent.Announce _ -> {
                Account account = accounts.get(event.account());
                account.open = true;
                handle(account, event);
            }
        }
    }

    private void unknown(Jid account, ConnectionId connection) {
        reannouncements.want(connection, SlotTable.slot(account));
    }

    /// As above, for an account whose state is held.
    void handle(Account account, SessionEvent event) {
        account.lastUsedNanos = System.nanoTime();
        if (event instanceof SessionEvent.Delivered
                || event instanceof SessionEvent.Received
                || event instanceof SessionEvent.Announce) {
            events.handle(account, event); // nothing that waits depends on it
            if (!account.resources().isEmpty()) {
                warm(account);
            }
        } else if (account.isHeld() || account.hasWaiting()) {
            enqueue(account, event);
        } else if (account.isLoaded() && (account.exists() || !(event instanceof SessionEvent.Bind))) {
            if (account.isStale()) {
                enqueue(account, event);
                reload(account);
            } else {
                process(account, event);
            }
        } else if (loading.hasRoom() || !account.resources().isEmpty()) {
            enqueue(account, event);
            load(account, event instanceof SessionEvent.Bind);
        } else {
            accounts.remove(account);
            if (!isTracked(event)) { // else it comes again
                events.refuse(
                        account,
                        event,
                        StanzaError.of(Condition.RESOURCE_CONSTRAINT, "too many accounts are being loaded"));
            }
        }
    }

    /// Ends the sessions of an account that is being removed; completes when this is done.
    Future<Void> end(Jid account) {
        Future<Void> ended = removals.ended(account);
        handle(new SessionEvent.AccountRemoved(account));
        return ended;
    }

    /// Looks after deliveries from the log that do not get on, and forgets accounts without
    /// connections that have not been used for a while.
    void sweep(Duration linger) {
        long now = System.nanoTime();
        long oldest = now - linger.toNanos();
        for (Account account : accounts.all()) {
            if (account.offline != null) {
                account.offline.sweep(now);
            }
            marks.moved(account);
        }
        accounts.all().removeIf(account -> account.isForgettable() && account.lastUsedNanos - oldest < 0);
    }

    /// Loads an account for which something waits, or that clients are connected to, so that what
    /// its last owner left is delivered.
    void warm(Account account) {
        if (!account.isLoaded() && !account.isHeld() && !account.isDropped()) {
            load(account, false);
        }
    }

    /// Forgets an account that somebody else owns; nobody is told.
    void drop(Account account) {
        account.drop();
        accounts.remove(account);
        removals.lost(account.jid());
    }

    private void load(Account account, boolean proved) {
        account.hold();
        loading.load(account, proved || !account.resources().isEmpty())
                .onComplete(_ -> loaded(account), failure -> failed(account, failure));
    }

    private void loaded(Account account) {
        if (account.isDropped()) {
            return;
        }
        account.release();
        for (SessionEvent event : loading.ends(account)) {
            process(account, event);
        }
        account.runWhenLoaded();
        drain(account);
        if (!account.exists() && account.isForgettable()) {
            accounts.remove(account); // an address that is no account now may be one a moment later
        }
    }

    private void failed(Account account, Throwable failure) {
        if (account.isDropped()) {
            return;
        }
        account.release();
        // what senders keep until it is accepted, and what connected clients sent, is kept here too
        boolean connected = !account.resources().isEmpty();
        List<SessionEvent> kept = account.takeWaiting(event -> connected || isTracked(event));
        refuseWaiting(account, BusFailure.toStanzaError(failure));
        kept.forEach(account::await);
        if (connected || !kept.isEmpty()) {
            loading.later(() -> warm(account));
        } else {
            accounts.remove(account);
        }
    }

    private static boolean isTracked(SessionEvent event) {
        return event instanceof SessionEvent.Inbound inbound && inbound.replyTo() != null;
    }

    private void reload(Account account) {
        account.hold();
        loading.reload(account).onComplete(_ -> released(account));
    }

    private void released(Account account) {
        account.release();
        if (!account.isDropped()) {
            drain(account);
        }
    }

    private void drain(Account account) {
        account.arrivals.drain();
        while (!account.isHeld() && !account.isDropped()) {
            SessionEvent next = account.nextWaiting();
            if (next == null) {
                return;
            }
            process(account, next);
        }
    }

    private void enqueue(Account account, SessionEvent event) {
        if (!account.await(event) && !comesAgain(account, event)) {
            StanzaError error = StanzaError.of(Condition.RESOURCE_CONSTRAINT, "too much waits for this account");
            SessionEvent answer = AccountEvents.inPlaceOf(event, error);
            if (answer == null) {
                events.refuse(account, event, error);
            } else {
                account.await(answer);
            }
        }
    }

    /// One that was sent before may have done its work: an error would not be true. It is sent
    /// again if it is dropped.
    private boolean comesAgain(Account account, SessionEvent event) {
        if (event instanceof SessionEvent.FromClient from && from.retry()) {
            reannouncements.want(from.connection(), account.slot);
            return true;
        }
        return event instanceof SessionEvent.Inbound inbound && inbound.retry();
    }

    private void refuseWaiting(Account account, StanzaError error) {
        SessionEvent event = account.nextWaiting();
        while (event != null) {
            if (event instanceof SessionEvent.AccountRemoved) {
                removals.done(account.jid());
            } else {
                events.refuse(account, event, error);
            }
            event = account.nextWaiting();
        }
    }

    private void process(Account account, SessionEvent event) {
        if (event instanceof SessionEvent.Bind && !account.exists() && !account.removed) {
            // it was no account when it was looked for, and has been made since: look again
            accounts.remove(account);
            handle(event);
        } else if (event instanceof SessionEvent.Inbound inbound
                && !inbound.stanza().isMessage()
                && !account.arrivals.isEmpty()) {
            behindMessages(account, inbound);
        } else {
            perform(account, event);
        }
    }

    /// Stanzas of one sender stay in order though the messages before are not in the log yet.
    private void behindMessages(Account account, SessionEvent.Inbound inbound) {
        if (account.arrivals.isLong()) {
            if (!inbound.retry()) {
                StanzaError error = StanzaError.of(Condition.RESOURCE_CONSTRAINT, "too much waits for this account");
                events.refuse(account, inbound, error);
            }
            return;
        }
        account.arrivals.add(new ArrivalOrder.Arrival(true) {
            @Override
            boolean mayRun() {
                return !account.isHeld();
            }

            @Override
            void run() {
                perform(account, inbound);
            }
        });
    }

    /// A fault in handling one event must not take the others with it.
    private void perform(Account account, SessionEvent event) {
        Future<?> awaited = null;
        try {
            awaited = events.handle(account, event);
        } catch (RuntimeException e) {
            LOG.error("event {} for {} failed", event.getClass().getSimpleName(), account.jid(), e);
            events.refuse(account, event, StanzaError.of(Condition.INTERNAL_SERVER_ERROR));
        }
        if (event instanceof SessionEvent.AccountRemoved) {
            accounts.remove(account);
            refuseWaiting(account, StanzaError.of(Condition.SERVICE_UNAVAILABLE));
            removals.done(account.jid());
        }
        if (awaited != null && !awaited.isComplete()) {
            account.hold();
            awaited.onComplete(_ -> released(account));
        }
    }
}
