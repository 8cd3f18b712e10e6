package im.stanzabus.bench.micro;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CompletableFuture;

/// One event loop, for what is confined to one: a bench goes on after some turns of it. All contexts of this Vert.x
/// share the loop, so that nothing runs beside what is measured. To be used by one thread that is not the loop's.
public final class EventLoop implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context context = vertx.getOrCreateContext();

    public Vertx vertx() {
        return vertx;
    }

    public Context context() {
        return context;
    }

    /// Does something in so many turns of the loop, with all that each turn puts off to its end, and waits until the
    /// last is over.
    public void turns(int count, Runnable turn) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        context.runOnContext(_ -> next(count, turn, done));
        done.join();
    }

    private void next(int left, Runnable turn, CompletableFuture<Void> done) {
        if (left == 0) {
            done.complete(null);
            return;
        }
        try {
            turn.run();
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
            return;
        }
        context.runOnContext(_ -> next(left - 1, turn, done));
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
