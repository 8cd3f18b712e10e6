package im.stanzabus.session;

import im.stanzabus.bus.delivery.Outgoing;
import im.stanzabus.cluster.SlotTenant;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/// What happens to the accounts of slots that come and go. Confined to the partition's context.
final class Tenancy implements SlotTenant {
    private static final long LOOK_EVERY_MILLIS = 10;
    private static final long PATIENCE_NANOS = 900_000_000L;

    /// How many accounts of new slots are loaded at once beside those that are asked for.
    private static final int LOADED_AT_ONCE = 200;

    private final Vertx vertx;
    private final Accounts accounts;
    private final SlotGate gate;
    private final Sessions sessions;
    private final Loading loading;
    private final Outgoing<Account> outgoing;
    private final DeliveredMarks marks;
    private final Post post;
    private final Placing placing;
    private final Doubts doubts;
    private final Queue<Account> toLoad = new ArrayDeque<>();

    Tenancy(
            Vertx vertx,
            Accounts accounts,
            SlotGate gate,
            Sessions sessions,
            Loading loading,
            Outgoing<Account> outgoing,
            DeliveredMarks marks,
            Post post,
            Placing placing,
            Doubts doubts) {
        this.vertx = vertx;
        this.accounts = accounts;
        this.gate = gate;
        this.sessions = sessions;
        this.loading = loading;
        this.outgoing = outgoing;
        this.marks = marks;
        this.post = post;
        this.placing = placing;
        this.doubts = doubts;
    }

    @Override
    public void claimed(Set<Integer> slots) {
        doubts.claimed(slots);
        // announcements make the accounts; all else waits at the gate
    }

    @Override
    public void opened(Set<Integer> slots) {
        for (Account account : accounts.of(slots)) {
            account.open = true;
            if (!account.resources().isEmpty()) {
                toLoad.add(account);
            }
        }
        slots.forEach(gate::open);
        loadSome();
    }

    /// Loads accounts that clients are connected to, a few at a time. Called every second, too.
    void loadSome() {
        while (loading.size() < LOADED_AT_ONCE && !toLoad.isEmpty()) {
            sessions.warm(toLoad.remove());
        }
        if (!toLoad.isEmpty()) {
            vertx.setTimer(LOOK_EVERY_MILLIS, _ -> loadSome());
        }
    }

    @Override
    public Future<Void> closing(Set<Integer> slots) {
        slots.forEach(gate::close);
        Set<Integer> given = new HashSet<>(slots);
        accounts.of(given).forEach(account -> account.open = false);
        Promise<Void> quiet = Promise.promise();
        awaitQuiet(given, System.nanoTime() + PATIENCE_NANOS, quiet);
        return quiet.future().compose(_ -> leaveBehind(given));
    }

    private void awaitQuiet(Set<Integer> slots, long until, Promise<Void> quiet) {
        if (isQuiet(slots) || System.nanoTime() - until > 0) {
            quiet.complete();
        } else {
            vertx.setTimer(LOOK_EVERY_MILLIS, _ -> awaitQuiet(slots, until, quiet));
        }
    }

    private boolean isQuiet(Set<Integer> slots) {
        List<String> gateways = placing.gateways();
        boolean quiet = true;
        for (Account account : accounts.of(slots)) {
            quiet &= account.isQuiet();
            for (Resource resource : account.resources()) {
                quiet &= placing.isKept(resource, gateways);
            }
        }
        return quiet && !outgoing.isUnderWay(account -> slots.contains(account.slot));
    }

    /// The gateways and the log hear of everything that is done.
    private Future<Void> leaveBehind(Set<Integer> slots) {
        List<String> gateways = placing.gateways();
        for (Account account : accounts.of(slots)) {
            for (Resource resource : account.resources()) {
                resource.flushReports();
                placing.giveUp(resource, gateways);
            }
        }
        post.flush();
        return marks.flush(account -> slots.contains(account.slot));
    }

    @Override
    public void lost(Set<Integer> slots) {
        accounts.of(slots).forEach(sessions::drop);
        outgoing.forget(Account::isDropped);
        slots.forEach(gate::lose);
    }
}
