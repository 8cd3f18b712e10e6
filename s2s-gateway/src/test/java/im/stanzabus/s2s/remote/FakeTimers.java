package im.stanzabus.s2s.remote;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A clock that a test sets.
final class FakeTimers implements Timers {
    private record Due(long at, long number, Runnable task) {}

    private static final Comparator<Due> ORDER =
            Comparator.comparingLong(Due::at).thenComparing(Due::number);

    private final List<Due> due = new ArrayList<>();
    private long now;
    private long set;

    @Override
    public Timer after(long millis, Runnable task) {
        Due timer = new Due(now + millis, set++, task);
        due.add(timer);
        return () -> due.remove(timer);
    }

    long now() {
        return now;
    }

    /// How many timers would still go off.
    int running() {
        return due.size();
    }

    /// Lets time pass; timers go off in order.
    void pass(long millis) {
        long until = now + millis;
        while (true) {
            Due next = due.stream().min(ORDER).orElse(null);
            if (next == null || next.at > until) {
                break;
            }
            due.remove(next);
            now = next.at;
            next.task.run();
        }
        now = until;
    }
}
