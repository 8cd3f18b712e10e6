package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.RosterRequest;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Gets what the owner must know of an account before it can handle anything for it, in one go.
final class AccountLoader {
    private final Bus bus;
    private final InstantSource clock;
    private final AnonymousAccounts anonymous;
    private final RosterClient rosters;

    AccountLoader(Bus bus, RosterClient rosters, InstantSource clock, AnonymousAccounts anonymous) {
        this.bus = bus;
        this.rosters = rosters;
        this.clock = clock;
        this.anonymous = anonymous;
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

    /// Reads the roster of a loaded account again.
    Future<Void> reload(Account account) {
        return rosters.load(account).map(snapshot -> {
            account.reloaded(new Roster(snapshot));
            return null;
        });
    }

    private Future<Void> loadExisting(Account account) {
        Future<RosterRequest.Snapshot> roster = rosters.load(account);
        Future<LogRequest.Mark> log =
                bus.request(Addresses.LOG, new LogRequest.ReadMark(account.jid()), LogRequest.Mark.class);
        return Future.all(roster, log).map(_ -> {
            LogRequest.Mark mark = log.result();
            // Ids of messages that were delivered without being kept are not in the log: the clock, read once, keeps
            // them from being given again
            long sinceEpoch = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
            account.seedLogIds(Math.max(mark.lastId(), sinceEpoch));
            account.hasLogged = mark.waiting() > 0;
            account.loaded(new Roster(roster.result()), true);
            return null;
        });
    }
}
