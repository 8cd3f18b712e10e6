package im.stanzabus.session;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StreamError;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The accounts of one partition and the order of their events: each account's events are handled one after
/// the other;
/// while one waits for another service, the account's later events wait behind it and other accounts go on.
/// Confined to the partition's context.
final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private static final int MOST_LOADING = 2_000;

    private final Map<Jid, Account> accounts = new HashMap<>();
    private final Map<Jid, List<Promise<Void>>> ending = new HashMap<>();
    private int loading;
    private int failedLoads;
    private long lastWarned = System.nanoTime() - 5_000_000_000L;
    private final Bus bus;
    private final AccountLoader loader;
    private final Post post;
    private final Binding binding;
    private final ClientStanzas clientStanzas;
    private final InboundStanzas inboundStanzas;
    private final Departures departures;
    private final Undelivered undelivered;
    private final AnonymousAccounts anonymous;

    Sessions(
            Bus bus,
            AccountLoader loader,
            Post post,
            Binding binding,
            ClientStanzas clientStanzas,
            InboundStanzas inboundStanzas,
            Departures departures,
            Undelivered undelivered,
            AnonymousAccounts anonymous) {
        this.bus = bus;
        this.loader = loader;
        this.post = post;
        this.binding = binding;
        this.clientStanzas = clientStanzas;
        this.inboundStanzas = inboundStanzas;
        this.departures = departures;
        this.undelivered = undelivered;
        this.anonymous = anonymous;
    }

    void handle(List<SessionEvent> events) {
        long now = System.nanoTime();
        for (int i = 0; i < events.size(); i++) {
            SessionEvent event = events.get(i);
            if (event instanceof SessionEvent.AccountRemoved && !accounts.containsKey(event.account())) {
                ended(event.account());
                continue;
            }
            Account account = accounts.computeIfAbsent(event.account(), Account::new);
            account.lastUsedNanos = now;
            if (account.isHeld() || account.hasWaiting()) {
                enqueue(account, event);
            } else if (account.isLoaded() && (account.exists() || !(event instanceof SessionEvent.Bind))) {
                if (account.isRosterStale()) {
                    enqueue(account, event);
                    reload(account);
                } else {
                    process(account, event);
                }
            } else if (loading < MOST_LOADING) {
                enqueue(account, event);
                load(account, event instanceof SessionEvent.Bind);
            } else {
                accounts.remove(account.jid(), account);
                refuse(event, StanzaError.of(Condition.RESOURCE_CONSTRAINT, "too many accounts are being loaded"));
            }
        }
    }

    /// Ends the sessions of an account that is being removed; completes when this is done.
    Future<Void> end(Jid account) {
        Promise<Void> promise = Promise.promise();
        ending.computeIfAbsent(account, _ -> new ArrayList<>()).add(promise);
        handle(List.of(new SessionEvent.AccountRemoved(account)));
        return promise.future();
    }

    /// Looks after deliveries from the log that do not get on, and forgets accounts without connections that
    /// have not
    /// been used for a while.
    void sweep(Duration linger) {
        long now = System.nanoTime();
        long oldest = now - linger.toNanos();
        for (Account account : accounts.values()) {
            if (account.offline != null) {
                account.offline.sweep(now);
            }
            if (account.markBehind) {
                OfflineDelivery.mark(bus, account);
            }
        }
        accounts.values().removeIf(account -> account.isForgettable() && account.lastUsedNanos - oldest < 0);
    }

    int size() {
        return accounts.size();
    }

    private void load(Account account, boolean proved) {
        account.hold();
        loading++;
        loader.load(account, proved)
                .onComplete(
                        _ -> {
                            loading--;
                            account.release();
                            drain(account);
                            forgetIfNone(account);
                        },
                        failure -> {
                            loading--;
                            account.release();
                            warnOfLoading(account.jid(), failure);
                            accounts.remove(account.jid(), account);
                            refuseWaiting(account, BusFailure.toStanzaError(failure));
                        });
    }

    /// One line in five seconds: when one account cannot be loaded, many cannot.
    private void warnOfLoading(Jid account, Throwable failure) {
        failedLoads++;
        long now = System.nanoTime();
        if (now - lastWarned >= 5_000_000_000L) {
            LOG.warn("{} accounts could not be loaded, {} among them: {}", failedLoads, account, failure.getMessage());
            lastWarned = now;
            failedLoads = 0;
        }
    }

    private void reload(Account account) {
        account.hold();
        loader.reload(account)
                .onFailure(
                        failure -> LOG.warn("roster of {} may be out of date: {}", account.jid(), failure.getMessage()))
                .onComplete(_ -> {
                    account.release();
                    drain(account);
                });
    }

    /// An address that is no account now may be one a moment later.
    private void forgetIfNone(Account account) {
        if (!account.exists() && account.isForgettable()) {
            accounts.remove(account.jid(), account);
        }
    }

    private void drain(Account account) {
        while (!account.isHeld()) {
            SessionEvent next = account.nextWaiting();
            if (next == null) {
                return;
            }
            process(account, next);
        }
    }

    private void enqueue(Account account, SessionEvent event) {
        if (!account.await(event)) {
            refuse(event, StanzaError.of(Condition.RESOURCE_CONSTRAINT, "too much waits for this account"));
        }
    }

    private void refuseWaiting(Account account, StanzaError error) {
        SessionEvent event = account.nextWaiting();
        while (event != null) {
            refuse(event, error);
            event = account.nextWaiting();
        }
    }

    private void refuse(SessionEvent event, StanzaError error) {
        switch (event) {
            case SessionEvent.Bind bind -> binding.refuse(bind, error);
            case SessionEvent.FromClient from -> {
                post.bounce(from.stanza(), error);
                post.tell(new ConnectionEvent.Handled(from.connection(), from.number()));
            }
            case SessionEvent.Inbound inbound -> post.bounce(inbound.stanza(), error);
            case SessionEvent.Gone gone -> undelivered.refuse(gone.undelivered());
            case SessionEvent.AccountRemoved removed -> ended(removed.account());
            case SessionEvent.Delivered _ -> {}
        }
    }

    /// A fault in handling one event must not take the others with it.
    private void process(Account account, SessionEvent event) {
        try {
            handle(account, event);
        } catch (RuntimeException e) {
            LOG.error("event {} for {} failed", event.getClass().getSimpleName(), account.jid(), e);
            refuse(event, StanzaError.of(Condition.INTERNAL_SERVER_ERROR));
        }
    }

    private void handle(Account account, SessionEvent event) {
        Future<?> awaited = switch (event) {
            case SessionEvent.Bind bind -> {
                bind(account, bind);
                yield null;
            }
            case SessionEvent.FromClient from -> fromClient(account, from);
            case SessionEvent.Inbound inbound -> inboundStanzas.handle(account, inbound.stanza());
            case SessionEvent.Delivered delivered -> {
                Resource resource = account.resource(delivered.client(), delivered.connection());
                if (resource != null && account.offline != null) {
                    account.offline.confirmed(resource, delivered.number());
                }
                yield null;
            }
            case SessionEvent.Gone gone -> {
                gone(account, gone);
                yield null;
            }
            case SessionEvent.AccountRemoved _ -> {
                removed(account);
                yield null;
            }
        };
        if (awaited != null && !awaited.isComplete()) {
            account.hold();
            awaited.onComplete(_ -> {
                account.release();
                drain(account);
            });
        }
    }

    private void bind(Account account, SessionEvent.Bind bind) {
        if (account.exists() && !account.removed) {
            binding.bind(account, bind);
        } else if (account.removed) {
            binding.refuse(bind, StanzaError.of(Condition.NOT_AUTHORIZED, "the account was removed"));
        } else {
            // it was no account when it was looked for, and has been made since: look again
            accounts.remove(account.jid(), account);
            handle(List.of(bind));
        }
    }

    private @Nullable Future<?> fromClient(Account account, SessionEvent.FromClient from) {
        Resource client = account.resource(from.client(), from.connection());
        if (client == null) {
            return null; // another connection has taken the resource; the stream is being closed
        }
        Future<?> awaited = clientStanzas.handle(account, client, from.stanza());
        if (client.confirm(from.number())) {
            post.tell(new ConnectionEvent.Handled(from.connection(), from.number()));
        }
        return awaited;
    }

    private void gone(Account account, SessionEvent.Gone gone) {
        Resource resource = account.resource(gone.client(), gone.connection());
        if (resource != null) {
            departures.gone(account, resource);
        }
        if (account.anonymous && account.resources().isEmpty()) {
            account.removed = true;
            accounts.remove(account.jid(), account);
            anonymous.forget(account.jid());
        }
        undelivered.redeliver(account, gone.undelivered());
    }

    private void removed(Account account) {
        account.removed = true;
        for (Resource resource : List.copyOf(account.resources())) {
            departures.gone(account, resource);
            post.tell(new ConnectionEvent.Disconnect(
                    resource.connection,
                    StreamError.of(StreamError.Condition.NOT_AUTHORIZED, "the account was removed")));
        }
        accounts.remove(account.jid(), account);
        refuseWaiting(account, StanzaError.of(Condition.SERVICE_UNAVAILABLE));
        ended(account.jid());
    }

    private void ended(Jid account) {
        List<Promise<Void>> waiting = ending.remove(account);
        if (waiting != null) {
            waiting.forEach(Promise::tryComplete);
        }
    }
}
