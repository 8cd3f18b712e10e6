package im.stanzabus.stream;

import io.vertx.core.Context;

/// The time of one event loop, and its timers. To be used on the context's own thread.
public final class StreamClock {
    private final Context context;

    public StreamClock(Context context) {
        this.context = context;
    }

    /// Milliseconds of a clock that never goes back.
    public long now() {
        return System.nanoTime() / 1_000_000;
    }

    /// Has something done later.
    ///
    /// @param millis at least 1
    /// @return the timer, to be cancelled
    public long after(long millis, Runnable task) {
        return context.owner().setTimer(millis, _ -> task.run());
    }

    /// Nothing happens if the timer is over.
    public void cancel(long timer) {
        context.owner().cancelTimer(timer);
    }
}
