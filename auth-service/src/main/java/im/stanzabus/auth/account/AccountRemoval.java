package im.stanzabus.auth.account;

import im.stanzabus.auth.account.RemovalRepository.Removal;
import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.Route;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.bus.delivery.Outgoing;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes accounts with everything that any service keeps of them.
///
/// 1. The account is marked in the database, with the names of the services to ask. From now on
/// nobody can
///    log in, and the name cannot be registered.
/// 2. Its sessions are ended.
/// 3. The contacts are told that the account sees them, and they see it, no more.
/// 4. Every service that keeps data of accounts is asked to delete it; all must answer.
/// 5. Sessions are ended once more, for a login that was under way in step 1, and the account
/// itself is
///    deleted.
///
/// Every step may be repeated, by any instance. What fails in the middle is gone on with by {@link
/// #resume()}; the names noted in step 1 see to it that a service which is down at that time is
/// waited for. Two instances may be at it together: services delete nothing of an account that
/// lives, and an instance that is late deletes no account but the one that it began with. Safe from
/// any thread.
public final class AccountRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(AccountRemoval.class);
    private static final int AT_ONCE = 100;

    private final RemovalRepository removals;
    private final Bus bus;
    private final Router router;
    private final ServiceRegistry services;
    private final ConcurrentMap<Removal, Future<Void>> running = new ConcurrentHashMap<>();

    public AccountRemoval(RemovalRepository removals, Bus bus, Router router, ServiceRegistry services) {
        this.removals = removals;
        this.bus = bus;
        this.router = router;
        this.services = services;
    }

    /// Removes an account; completes when nothing of it is left. Fails with `item-not-found` if
    /// there is none, and with `resource-constraint` if a service could not be asked: the account
    /// is unusable then, and the rest follows later.
    public Future<Void> remove(Jid account) {
        Jid bare = account.bare();
        if (!bare.hasLocal()) {
            return notFound();
        }
        return removals.begin(bare, livingPurgers()).compose(removal -> removal == null ? notFound() : finish(removal));
    }

    /// Goes on with removals that did not come to their end; completes when each was tried once,
    /// whatever came of it.
    public Future<Void> resume() {
        return removals.unfinished(AT_ONCE).compose(found -> {
            List<Future<Void>> tried = new ArrayList<>();
            for (Removal removal : found) {
                tried.add(finish(removal).otherwiseEmpty());
            }
            return Future.join(tried).mapEmpty();
        });
    }

    private Future<Void> finish(Removal removal) {
        Promise<Void> promise = Promise.promise();
        Future<Void> other = running.putIfAbsent(removal, promise.future());
        if (other != null) {
            return other;
        }
        purge(removal).onComplete(outcome -> {
            running.remove(removal);
            if (outcome.failed()) {
                LOG.warn(
                        "the removal of {} is not finished: {}",
                        removal.account(),
                        outcome.cause().getMessage());
                promise.fail(unfinished());
            } else {
                promise.complete();
            }
        });
        return promise.future();
    }

    private Future<Void> purge(Removal removal) {
        Jid account = removal.account();
        return endSessions(account).compose(_ -> farewell(account)).compose(_ -> askAll(removal));
    }

    /// Contacts that cannot be told now are not waited for: what they see of the account is
    /// corrected by the next probe.
    private Future<Void> farewell(Jid account) {
        return bus.request(Addresses.ROSTER, new RosterRequest.Farewell(account), RosterRequest.Outcome.class)
                .onSuccess(outcome -> outcome.send().forEach(this::send))
                .onFailure(failure -> LOG.warn("contacts of {} are not told: {}", account, failure.getMessage()))
                .otherwiseEmpty()
                .mapEmpty();
    }

    private void send(Stanza stanza) {
        Jid to = stanza.to();
        if (to == null) {
            return;
        }
        Route route = router.route(to);
        String receiver = route instanceof Route.Account
                ? router.ownerOf(to)
                : Outgoing.instance(route, to, bus.membership().view());
        if (receiver != null) {
            bus.send(receiver, new SessionEvent.Batch(List.of(new SessionEvent.Inbound(stanza))));
        }
    }

    private Future<Void> askAll(Removal removal) {
        Jid account = removal.account();
        Set<String> names = new TreeSet<>(removal.services());
        names.addAll(livingPurgers());
        List<Future<Done>> answers = new ArrayList<>();
        for (String name : names) {
            String address = ServiceDescriptor.internal(name, "", true).purgeAddress();
            answers.add(bus.request(address, new Purge(account), Done.class)
                    .onFailure(
                            failure -> LOG.warn("{} still has data of {}: {}", name, account, failure.getMessage())));
        }
        return Future.join(answers)
                .compose(_ -> endSessions(account))
                .compose(_ -> removals.finish(removal))
                .onSuccess(_ -> LOG.info("removed {} from {} services", account, names.size()));
    }

    /// Whoever owns the account may still write for it, so its answer is waited for. While nobody
    /// owns it, somebody is about to.
    private Future<Void> endSessions(Jid account) {
        String owner = router.ownerOf(account);
        if (owner == null) {
            return Future.failedFuture(unfinished());
        }
        return bus.requestAt(Addresses.endSessions(owner), new Purge(account), Done.class)
                .mapEmpty();
    }

    private List<String> livingPurgers() {
        return services.living().stream()
                .filter(ServiceDescriptor::purge)
                .map(ServiceDescriptor::name)
                .distinct()
                .toList();
    }

    private static Future<Void> notFound() {
        return Future.failedFuture(new BusFailure(StanzaError.of(Condition.ITEM_NOT_FOUND), "no such account"));
    }

    private static BusFailure unfinished() {
        String text = "the account is closed; deleting what it owned is not finished and goes on";
        return new BusFailure(StanzaError.of(Condition.RESOURCE_CONSTRAINT, text), text);
    }
}
