package im.stanzabus.bench.load.measure;

import im.stanzabus.bench.load.wire.Loop;
import im.stanzabus.bench.load.wire.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// Warms up and measures. To be used by the thread of the loop.
public record Measurement(Loop loop, Accounting accounting, Timing timing) {
    /// Runs the load for the time of the warm-up and all windows.
    ///
    /// @param turn of the load; once it is over nothing more is measured
    /// @return the windows that are complete
    public List<Window> take(Meter meter, Turn turn) throws IOException {
        List<Window> windows = new ArrayList<>();
        boolean isOver = loop.run(timing.warmUp(), turn);
        while (!isOver && windows.size() < timing.windows()) {
            Reading before = read(turn);
            meter.reset();
            isOver = before == null || loop.run(timing.window(), turn);
            Reading after = read(turn);
            if (before != null && after != null && !isOver) {
                windows.add(meter.window(after.since(before)));
            }
        }
        return windows;
    }

    /// Reads the clocks while the load goes on: that takes milliseconds, in which a load at a fixed rate must not
    /// stand still.
    ///
    /// @return null if the load is over
    private @Nullable Reading read(Turn turn) throws IOException {
        FutureTask<Reading> reading = new FutureTask<>(accounting::read);
        Thread.ofPlatform().daemon().name("accounting").start(() -> {
            reading.run();
            loop.wakeUp();
        });
        boolean isOver = !loop.run(timing.patience(), () -> turn.isOver() || reading.isDone());
        return isOver || !reading.isDone() ? null : reading.resultNow();
    }
}
