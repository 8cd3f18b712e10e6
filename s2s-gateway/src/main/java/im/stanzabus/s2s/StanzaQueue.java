package im.stanzabus.s2s;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The stanzas from one domain of ours to one remote domain, in order: they flow over a stream, or
/// wait for one. Confined to its event loop.
final class StanzaQueue {
    private final Deque<QueuedStanza> waiting = new ArrayDeque<>();
    private @Nullable ServerStream stream;
    private long bytes;

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

    void add(QueuedStanza stanza) {
        waiting.add(stanza);
        bytes += stanza.bytes();
    }

    /// One that was on its way comes back.
    void addFirst(QueuedStanza stanza) {
        waiting.addFirst(stanza);
        bytes += stanza.bytes();
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

    List<QueuedStanza> takeAll() {
        List<QueuedStanza> all = List.copyOf(waiting);
        waiting.clear();
        bytes = 0;
        return all;
    }

    /// Those whose time is over.
    List<QueuedStanza> takeLate(long now) {
        List<QueuedStanza> late = new ArrayList<>();
        waiting.removeIf(each -> {
            boolean over = each.until() <= now;
            if (over) {
                late.add(each);
                bytes -= each.bytes();
            }
            return over;
        });
        return late;
    }
}
