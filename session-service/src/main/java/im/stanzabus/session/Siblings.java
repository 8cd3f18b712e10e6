package im.stanzabus.session;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicInteger;

/// The partitions of a process: none claims slots before all can be reached, or slots would move among them
/// at every start. Safe from any thread.
final class Siblings {
    private final AtomicInteger missing;
    private final Promise<Void> all = Promise.promise();

    Siblings(int count) {
        missing = new AtomicInteger(count);
    }

    /// One of them can be reached, or never will be.
    void ready(AsyncResult<?> subscribed) {
        if (subscribed.failed()) {
            all.tryFail(subscribed.cause());
        } else if (missing.decrementAndGet() == 0) {
            all.tryComplete();
        }
    }

    Future<Void> allReady() {
        return all.future();
    }
}
