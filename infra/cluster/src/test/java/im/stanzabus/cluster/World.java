package im.stanzabus.cluster;

import java.util.Comparator;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Time and chance of a simulation: all that happens is run from here, one after the other, in an order
/// that follows from the seed alone.
final class World {
    private record Event(long time, long sequence, Runnable what) {}

    final Random random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::time).thenComparingLong(Event::sequence));
    private long sequence;
    private long now;

    /// False while PostgreSQL is away.
    boolean databaseUp = true;

    World(long seed) {
        random = new Random(seed);
    }

    long now() {
        return now;
    }

    int between(int from, int to) {
        return from + random.nextInt(to - from + 1);
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    void after(long delay, Runnable what) {
        at(now + delay, what);
    }

    void at(long time, Runnable what) {
        events.add(new Event(Math.max(time, now), sequence++, what));
    }

    /// Runs what happens until a time.
    void runUntil(long end) {
        while (!events.isEmpty() && events.element().time <= end) {
            Event event = events.remove();
            now = event.time;
            event.what.run();
        }
        now = end;
    }

    /// A call to something that stands on the database. It may fail, and it may have been carried out when
    /// it fails.
    ///
    /// @param again true if the call may be carried out twice, as bus requests are when a process dies
    <T> void ask(Node node, boolean again, Supplier<T> call, Consumer<T> answer, Runnable failure) {
        after(between(1, 10), () -> {
            if (!databaseUp || node.databaseCut) {
                after(between(1, 200), () -> node.run(failure));
                return;
            }
            T result = call.get();
            if (again && chance(5)) {
                after(between(1, 3_000), () -> Objects.requireNonNull(call.get()));
            }
            if (chance(2)) {
                after(between(10, 500), () -> node.run(failure));
            } else {
                after(between(1, 10), () -> node.run(() -> answer.accept(result)));
            }
        });
    }
}
