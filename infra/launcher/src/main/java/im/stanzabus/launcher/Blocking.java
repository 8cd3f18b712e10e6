package im.stanzabus.launcher;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for futures on threads that may block: starting and stopping are straight-line code on a thread of
/// their own.
final class Blocking {
    private Blocking() {}

    /// The outcome of a future.
    ///
    /// @throws StartupException if there is none within the time
    /// @throws RuntimeException the failure of the future, wrapped if it is a checked one
    static <T> T await(Future<T> future, Duration limit, String what) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new StartupException(what + " took longer than " + limit.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException(what + " was interrupted");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException(what + ": " + cause, cause);
        }
    }
}
