package im.stanzabus.session;

import im.stanzabus.bus.Origin;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keeps stanzas for one account in the order in which they came, though some must be in the log before
/// they are delivered. Confined to the partition's context.
final class ArrivalOrder {
    /// Beyond this, what need not be taken is not.
    private static final int MANY = 10_000;

    private final ArrayDeque<Arrival> arrivals = new ArrayDeque<>();

    /// Those that say where they came in.
    private final Map<Origin, Arrival> byOrigin = new HashMap<>();

    private boolean running;

    /// A stanza that waits for its turn.
    abstract static class Arrival {
        private boolean ready;

        /// @param ready false if {@link #ready()} will be called later
        Arrival(boolean ready) {
            this.ready = ready;
        }

        /// What is done in its turn.
        abstract void run();

        /// False if it cannot be done right now though it is its turn.
        boolean mayRun() {
            return true;
        }

        /// Where it came in, if it is looked for by that. Does not change.
        @Nullable
        Origin origin() {
            return null;
        }

        final void ready() {
            ready = true;
        }
    }

    boolean isEmpty() {
        return arrivals.isEmpty();
    }

    boolean isLong() {
        return arrivals.size() >= MANY;
    }

    void add(Arrival arrival) {
        arrivals.add(arrival);
        index(arrival);
    }

    private void index(Arrival arrival) {
        Origin origin = arrival.origin();
        if (origin != null) {
            byOrigin.put(origin, arrival);
        }
    }

    /// Adds one before all others: its turn has come, and it must wait once more.
    void addFirst(Arrival arrival) {
        arrivals.addFirst(arrival);
        index(arrival);
    }

    /// One that waits and came in there; null if there is none.
    @Nullable
    Arrival find(Origin origin) {
        return byOrigin.get(origin);
    }

    /// Does everything whose turn it is.
    void drain() {
        if (running) {
            return; // whoever runs goes on with what was made ready meanwhile
        }
        running = true;
        try {
            Arrival next = arrivals.peek();
            while (next != null && next.ready && next.mayRun()) {
                arrivals.remove();
                if (next.origin() != null) {
                    byOrigin.remove(next.origin(), next);
                }
                next.run();
                next = arrivals.peek();
            }
        } finally {
            running = false;
        }
    }

    void clear() {
        arrivals.clear();
        byOrigin.clear();
    }
}
