package im.stanzabus.c2s;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Where the last stanzas for a client came in that its owner wants to be remembered. Every client has its
/// own, so these are numbers and not objects. Confined to its gateway.
final class LastOrigins {
    private static final int MOST = SessionEvent.Announce.MOST_ORIGINS;
    private static final int FEW = 2;

    /// Stream and number in turn, the next one at `next`, which goes round when there are many.
    private long[] numbers = new long[2 * FEW];

    private int next;
    private boolean full;

    void add(Origin origin) {
        if (next == numbers.length) {
            if (next == 2 * MOST) {
                full = true;
                next = 0;
            } else {
                numbers = Arrays.copyOf(numbers, Math.min(2 * next, 2 * MOST));
            }
        }
        numbers[next++] = origin.stream();
        numbers[next++] = origin.number();
    }

    /// The last one last.
    List<Origin> inOrder() {
        List<Origin> all = new ArrayList<>();
        if (full) {
            add(all, next, numbers.length);
        }
        add(all, 0, next);
        return all;
    }

    private void add(List<Origin> all, int from, int to) {
        for (int at = from; at < to; at += 2) {
            all.add(new Origin(numbers[at], numbers[at + 1]));
        }
    }
}
