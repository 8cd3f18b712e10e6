package im.stanzabus.launcher;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What has been started and how it is stopped: last started, first stopped, each within a time of its own,
/// so that one thing that hangs keeps nothing else from being stopped. Filled by the starting thread, run
/// once.
final class StopSequence {
    private static final Logger LOG = LoggerFactory.getLogger(StopSequence.class);

    private record Step(String name, Duration limit, Supplier<Future<Void>> stop) {}

    private final Deque<Step> steps = new ArrayDeque<>();

    synchronized void add(String name, Duration limit, Supplier<Future<Void>> stop) {
        steps.push(new Step(name, limit, stop));
    }

    /// Something quick to do before anything is stopped.
    void first(Runnable action) {
        add("announcement of the stop", Duration.ofSeconds(1), blocking(action));
    }

    /// Stops everything; blocks until it is done.
    synchronized void run() {
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            try {
                Blocking.await(step.stop.get(), step.limit, "stopping");
            } catch (RuntimeException e) {
                LOG.warn("{} did not stop in good order: {}", step.name, e.getMessage());
            }
        }
    }

    /// A step that blocks, on the thread that stops.
    static Supplier<Future<Void>> blocking(Runnable action) {
        return () -> {
            action.run();
            return Future.succeededFuture();
        };
    }
}
