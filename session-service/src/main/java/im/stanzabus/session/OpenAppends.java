package im.stanzabus.session;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What of one account is on its way into the log, and who waits for some of it. Confined to the partition's
/// context.
final class OpenAppends {
    private final Set<Long> open = new HashSet<>(2);
    private final List<Waiter> waiters = new ArrayList<>(0);
    private long last;

    private static final class Waiter {
        private final long upTo;
        private final Runnable then;
        private int missing;

        Waiter(long upTo, int missing, Runnable then) {
            this.upTo = upTo;
            this.missing = missing;
            this.then = then;
        }
    }

    /// @return by which it is ended
    long begin() {
        open.add(++last);
        return last;
    }

    /// One is settled: it is in the log, or will never be. Ending one twice does nothing.
    void end(long append) {
        if (!open.remove(append)) {
            return;
        }
        List<Waiter> done = new ArrayList<>();
        waiters.removeIf(waiter -> {
            if (append <= waiter.upTo) {
                waiter.missing--;
            }
            return waiter.missing == 0 && done.add(waiter);
        });
        done.forEach(waiter -> waiter.then.run());
    }

    int size() {
        return open.size();
    }

    /// Tells once, perhaps at once, when everything that was begun before is settled.
    ///
    /// @return takes the wish back
    Runnable whenSettled(Runnable then) {
        if (open.isEmpty()) {
            then.run();
            return () -> {};
        }
        Waiter waiter = new Waiter(last, open.size(), then);
        waiters.add(waiter);
        return () -> waiters.remove(waiter);
    }
}
