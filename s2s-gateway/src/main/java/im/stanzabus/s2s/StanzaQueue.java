package im.stanzabus.s2s;

import im.stanzabus.bus.delivery.Intake;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The stanzas from one domain of ours to one remote domain, in order: they flow over a stream, or
/// wait for one. Confined to its event loop.
final class StanzaQueue {
    /// What a stanza takes beside its payload, about.
    private static final int OVERHEAD = 200;

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private @Nullable ServerStream stream;
    private long bytes;

    private record Waiting(Intake.Taken stanza, long until) {}

    /// How many bytes a stanza takes, about.
    static int bytes(Intake.Taken stanza) {
        return stanza.stanza().payload().bytes().length + OVERHEAD;
    }

    /// Where they flow; null while they wait.
    @Nullable
    ServerStream stream() {
        return stream;
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    long bytes() {
        return bytes;
    }

    /// @param until the time on the clock when it is given up
    void add(Intake.Taken stanza, long until) {
        waiting.add(new Waiting(stanza, until));
        bytes += bytes(stanza);
    }

    /// One that was on its way comes back.
    void addFirst(Intake.Taken stanza, long until) {
        waiting.addFirst(new Waiting(stanza, until));
        bytes += bytes(stanza);
    }

    /// All that waits goes over a stream, and what comes from now on.
    void flow(ServerStream over) {
        stream = over;
        takeAll().forEach(over::send);
    }

    /// The stream is over.
    void stop() {
        stream = null;
    }

    List<Intake.Taken> takeAll() {
        List<Intake.Taken> all = new ArrayList<>();
        waiting.forEach(each -> all.add(each.stanza()));
        waiting.clear();
        bytes = 0;
        return all;
    }

    /// Those whose time is over.
    List<Intake.Taken> takeLate(long now) {
        List<Intake.Taken> late = new ArrayList<>();
        waiting.removeIf(each -> {
            boolean over = each.until() <= now;
            if (over) {
                late.add(each.stanza());
                bytes -= bytes(each.stanza());
            }
            return over;
        });
        return late;
    }
}
