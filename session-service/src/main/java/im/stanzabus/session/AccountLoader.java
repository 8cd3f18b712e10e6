package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.stanza.StanzaError;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;

/// Gets what the owner must know of an account before it can handle anything for it, in one go.
final class AccountLoader {
    private final Bus bus;
    private final AnonymousAccounts anonymous;
    private final RosterClient rosters;
    private final IntToLongFunction epochs;

    /// Somebody else has claimed the account with a higher epoch.
    static final class Stale extends BusFailure {
        private static final long serialVersionUID = 1L;

        Stale(Account account) {
            super(StanzaError.of(StanzaError.Condition.RESOURCE_CONSTRAINT), "somebody else owns " + account.jid());
        }
    }

    /// @param epochs of the slots that are held
    AccountLoader(Bus bus, RosterClient rosters, AnonymousAccounts anonymous, IntToLongFunction epochs) {
        this.bus = bus;
        this.rosters = rosters;
        this.anonymous = anonymous;
        this.epochs = epochs;
    }

    /// Loads roster, block list and the state of the log. A client that binds has proved that the account
    /// exists; for others, auth-service is asked, and of an address that is no account nothing is loaded.
    Future<Void> load(Account account, boolean proved) {
        if (!proved) {
            return exists(account).compose(known -> known ? loadExisting(account) : loadNothing(account));
        }
        // all at once: that a client which has logged in finds its account removed is the exception
        Future<Boolean> exists = exists(account);
        return Future.all(exists, loadExisting(account)).map(_ -> {
            if (!exists.result()) {
                account.anonymous = anonymous.arePossibleAt(account.jid());
                account.removed = !account.anonymous;
                if (account.anonymous) {
                    anonymous.add(account.jid());
                }
            }
            return null;
        });
    }

    private Future<Boolean> exists(Account account) {
        return bus.request(Addresses.AUTH, new AuthRequest.AccountExists(account.jid()), AuthRequest.Exists.class)
                .map(AuthRequest.Exists::exists);
    }

    private static Future<Void> loadNothing(Account account) {
        account.loaded(new Roster(new RosterRequest.Snapshot("", List.of(), List.of(), List.of())), false);
        return Future.succeededFuture();
    }

    /// Reads the roster and the preferences of a loaded account again.
    Future<Void> reload(Account account) {
        Future<RosterRequest.Snapshot> roster = rosters.load(account);
        return Future.all(roster, preferences(account)).map(_ -> {
            account.reloaded(new Roster(roster.result()));
            return null;
        });
    }

    /// Reads again what may be archived and kept of the account's messages.
    Future<Void> preferences(Account account) {
        return claim(account, account.log.epoch()).map(standing -> {
            account.log.configure(standing);
            return null;
        });
    }

    private Future<Void> loadExisting(Account account) {
        long epoch = epochs.applyAsLong(account.slot);
        Future<RosterRequest.Snapshot> roster = rosters.load(account);
        Future<LogRequest.Standing> log = claim(account, epoch);
        return Future.all(roster, log).map(_ -> {
            openLog(account, epoch, log.result());
            account.loaded(new Roster(roster.result()), true);
            return null;
        });
    }

    /// From the answer on, what another owner still writes for the account is refused.
    private Future<LogRequest.Standing> claim(Account account, long epoch) {
        return bus.request(Addresses.LOG, new LogRequest.Claim(account.jid(), epoch), LogRequest.Standing.class)
                .compose(standing ->
                        standing.stale() ? Future.failedFuture(new Stale(account)) : Future.succeededFuture(standing));
    }

    private static void openLog(Account account, long epoch, LogRequest.Standing standing) {
        List<Outbound> announced = new ArrayList<>();
        for (Resource resource : account.resources()) {
            announced.add(resource.outbound);
        }
        account.log.open(epoch, standing, announced);
    }
}
