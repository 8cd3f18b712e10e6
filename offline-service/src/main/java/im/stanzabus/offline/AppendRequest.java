package im.stanzabus.offline;

import im.stanzabus.bus.api.LogRequest.Appended;
import im.stanzabus.bus.api.LogRequest.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request to append, whose entries may be committed in several groups; answered when all are
/// settled. If one fails the whole request does: the caller repeats it, and what was written is not
/// written again.
final class AppendRequest {
    private final Promise<Appended> promise = Promise.promise();
    private final Outcome[] outcomes;
    private int open;
    private @Nullable Throwable failure;

    AppendRequest(int size) {
        outcomes = new Outcome[size];
        Arrays.fill(outcomes, Outcome.REFUSED);
        open = size;
    }

    Future<Appended> answer() {
        return promise.future();
    }

    /// Null while no entry has failed. What comes after one that has must not be written before it.
    @Nullable
    Throwable failure() {
        return failure;
    }

    void settle(int index, Outcome outcome) {
        outcomes[index] = outcome;
        close();
    }

    void fail(Throwable cause) {
        failure = cause;
        close();
    }

    private void close() {
        if (--open > 0) {
            return;
        }
        if (failure != null) {
            promise.fail(failure);
            return;
        }
        promise.complete(new Appended(List.of(outcomes)));
    }
}
