package im.stanzabus.offline.archive;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Lets a few requests in at a time, so that they neither fill the memory with pages nor keep the database's
/// connections from what must be written. Accounts take turns, and each has a share: one that asks and asks
/// delays the others by one request at most. Confined to one context.
final class Gate {
    static final int INSIDE_PER_ACCOUNT = 2;
    static final int WAITING_PER_ACCOUNT = 10;
    static final int WAITING = 500;

    /// Beyond this, whoever asked will not hear the answer.
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(6);

    private record Waiting(Promise<Void> turn, long since) {}

    private static final class Lane {
        private final Jid account;
        private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
        private int inside;
        private boolean inTurn;

        Lane(Jid account) {
            this.account = account;
        }
    }

    private final int most;
    private final LongSupplier nanos;
    private final Map<Jid, Lane> lanes = new HashMap<>();

    /// Those that have somebody waiting and may send one in.
    private final ArrayDeque<Lane> turns = new ArrayDeque<>();

    private int inside;
    private int waiting;

    /// @param most how many are let in at a time
    /// @param nanos a clock
    Gate(int most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
    }

    /// Runs the work when it is its turn. Fails with `resource-constraint` if too many wait already.
    <T> Future<T> through(Jid account, Supplier<Future<T>> work) {
        Lane lane = lanes.computeIfAbsent(account, Lane::new);
        if (lane.waiting.size() == WAITING_PER_ACCOUNT || (waiting == WAITING && inside == most)) {
            forget(lane);
            return Future.failedFuture(tooMany());
        }
        Promise<Void> turn = Promise.promise();
        lane.waiting.add(new Waiting(turn, nanos.getAsLong()));
        waiting++;
        Future<T> result = turn.future()
                .compose(_ -> Future.succeededFuture().compose(_ -> work.get()).onComplete(_ -> leave(lane)));
        offer(lane);
        next();
        return result;
    }

    private static BusFailure tooMany() {
        return Refusal.of(Condition.RESOURCE_CONSTRAINT, "too many queries of archives");
    }

    private void offer(Lane lane) {
        if (!lane.inTurn && !lane.waiting.isEmpty() && lane.inside < INSIDE_PER_ACCOUNT) {
            lane.inTurn = true;
            turns.add(lane);
        }
    }

    private void next() {
        while (inside < most && !turns.isEmpty()) {
            Lane lane = turns.remove();
            lane.inTurn = false;
            Waiting first = lane.waiting.remove();
            waiting--;
            if (nanos.getAsLong() - first.since > PATIENCE_NANOS) {
                first.turn.fail(tooMany());
            } else {
                inside++;
                lane.inside++;
                first.turn.complete();
            }
            offer(lane);
            forget(lane);
        }
    }

    private void leave(Lane lane) {
        inside--;
        lane.inside--;
        offer(lane);
        forget(lane);
        next();
    }

    private void forget(Lane lane) {
        if (lane.inside == 0 && lane.waiting.isEmpty()) {
            lanes.remove(lane.account);
        }
    }
}
