package im.stanzabus.bus;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A name that this process serves. Safe from any thread.
public final class Subscription {
    /// How long other processes may still choose this instance after it was retracted.
    private static final long SPREAD_MILLIS = 150;

    /// How long threads of this process may.
    private static final long SPREAD_HERE_MILLIS = 10;

    private final Bus bus;
    private final String name;
    private final Context context;
    private final AtomicInteger working = new AtomicInteger();
    private final Promise<Void> idle = Promise.promise();
    private volatile boolean ending;
    private @Nullable MessageConsumer<Object> consumer;

    /// To be made on the context that the handler is to run on.
    Subscription(Bus bus, String name) {
        this.bus = bus;
        this.name = name;
        context = bus.vertx().getOrCreateContext();
    }

    Subscription start(MessageConsumer<Object> started) {
        consumer = started;
        started.completion().onSuccess(_ -> {
            if (!ending) {
                bus.membership().offer(name);
            }
        });
        return this;
    }

    /// Completes when messages arrive here from everywhere.
    public Future<Void> completion() {
        return Objects.requireNonNull(consumer).completion();
    }

    /// Takes the name back, goes on until nobody can be about to send here and what was asked is
    /// answered, then ends. To be called once.
    public Future<Void> unregister() {
        ending = true;
        bus.membership().retract(name);
        boolean alone = bus.membership().view().members().size() <= 1;
        return bus.vertx()
                .timer(alone ? SPREAD_HERE_MILLIS : SPREAD_MILLIS, TimeUnit.MILLISECONDS)
                .compose(_ -> allTaken())
                .compose(_ -> {
                    if (working.get() == 0) {
                        idle.tryComplete();
                    }
                    return idle.future();
                })
                .compose(_ -> Objects.requireNonNull(consumer).unregister());
    }

    /// Completes when the handler has taken what was waiting for its thread: an end would drop it.
    private Future<Void> allTaken() {
        Promise<Void> taken = Promise.promise();
        context.runOnContext(_ -> taken.complete());
        return taken.future();
    }

    void begin() {
        working.incrementAndGet();
    }

    void end() {
        if (working.decrementAndGet() == 0 && ending) {
            idle.tryComplete();
        }
    }
}
