package im.stanzabus.offline.archive;

import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/// Lets a few queries in at a time, so that they neither fill the memory with pages nor keep the database's
/// connections from what must be written. Confined to one context.
final class Gate {
    static final int INSIDE = 8;
    static final int WAITING = 500;

    private final ArrayDeque<Promise<Void>> waiting = new ArrayDeque<>();
    private int inside;

    /// Runs the work when it is its turn. Fails with `resource-constraint` if too many wait already.
    <T> Future<T> through(Supplier<Future<T>> work) {
        if (inside == INSIDE && waiting.size() == WAITING) {
            return Future.failedFuture(Refusal.of(Condition.RESOURCE_CONSTRAINT, "too many queries of archives"));
        }
        Promise<Void> turn = Promise.promise();
        if (inside < INSIDE) {
            inside++;
            turn.complete();
        } else {
            waiting.add(turn);
        }
        return turn.future().compose(_ -> work.get()).onComplete(_ -> {
            Promise<Void> next = waiting.poll();
            if (next == null) {
                inside--;
            } else {
                next.complete();
            }
        });
    }
}
