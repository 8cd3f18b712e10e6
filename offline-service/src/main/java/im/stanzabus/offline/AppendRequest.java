package im.stanzabus.offline;

import im.stanzabus.bus.api.LogRequest.Appended;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request to append, whose entries may be committed in several groups; answered when all are settled. If one
/// fails the whole request does: the caller repeats it, and what was written is not written again.
final class AppendRequest {
    private final Promise<Appended> promise = Promise.promise();
    private final boolean[] kept;
    private int open;
    private @Nullable Throwable failure;

    AppendRequest(int size) {
        kept = new boolean[size];
        open = size;
    }

    Future<Appended> answer() {
        return promise.future();
    }

    void settle(int index, boolean isKept) {
        kept[index] = isKept;
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
        List<Boolean> outcome = new ArrayList<>(kept.length);
        for (boolean one : kept) {
            outcome.add(one);
        }
        promise.complete(new Appended(List.copyOf(outcome)));
    }
}
