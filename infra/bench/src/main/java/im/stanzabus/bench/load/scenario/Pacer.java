package im.stanzabus.bench.load.scenario;

import im.stanzabus.bench.load.wire.Loop;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/// Tells when something is due that happens at a fixed rate. A selector waits for whole milliseconds, which is too
/// coarse; so a thread of its own waits more exactly and wakes up the loop.
final class Pacer implements AutoCloseable {
    private static final double NANOS_PER_SECOND = 1e9;

    /// At high rates several are due at a time, since waking up costs CPU time.
    private static final long SHORTEST_NANOS = 200_000;

    private final Loop loop;
    private final double gap;
    private final long begin = System.nanoTime();
    private final Thread clock;
    private long given;
    private volatile boolean isOver;

    /// @param rate how many per second
    Pacer(Loop loop, double rate) {
        this.loop = loop;
        gap = NANOS_PER_SECOND / rate;
        clock = Thread.ofPlatform().daemon().name("pacer").unstarted(this::keepTime);
    }

    /// Begins to wake up the loop.
    Pacer start() {
        clock.start();
        return this;
    }

    private long due(long number) {
        return begin + (long) (number * gap);
    }

    private void keepTime() {
        while (!isOver) {
            long now = System.nanoTime();
            long next = due((long) ((now - begin) / gap) + 1);
            LockSupport.parkNanos(Math.max(next - now, SHORTEST_NANOS));
            loop.wakeUp();
        }
    }

    /// Does everything that has become due. To be called by the thread of the loop.
    ///
    /// @param action is given the time at which it was due
    void act(LongConsumer action) {
        long now = System.nanoTime();
        for (long due = due(given); due <= now; due = due(given)) {
            given++;
            action.accept(due);
        }
    }

    @Override
    public void close() {
        isOver = true;
        LockSupport.unpark(clock);
    }
}
