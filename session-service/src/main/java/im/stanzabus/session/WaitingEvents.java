package im.stanzabus.session;

import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.StanzaType;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Events of bounded number and size that wait, in order. Confined to the partition's context.
final class WaitingEvents {
    private final int most;
    private final int mostBytes;
    private final Queue<SessionEvent> events = new ArrayDeque<>();
    private int bytes;

    WaitingEvents(int most, int mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    /// @return false if the event may be refused and there is no room
    boolean add(SessionEvent event) {
        int size = bytes(event);
        if (isRefusable(event) && (events.size() >= most || bytes + size > mostBytes)) {
            return false;
        }
        bytes += size;
        return events.add(event);
    }

    @Nullable
    SessionEvent poll() {
        SessionEvent next = events.poll();
        if (next != null) {
            bytes -= bytes(next);
        }
        return next;
    }

    /// Requests can be refused. What only tells of something that has happened, and answers, are bounded by
    /// what they tell of.
    private static boolean isRefusable(SessionEvent event) {
        return switch (event) {
            case SessionEvent.Bind _, SessionEvent.Resume _, SessionEvent.FromClient _ -> true;
            case SessionEvent.Inbound inbound ->
                !inbound.stanza().isError() && inbound.stanza().type() != StanzaType.RESULT;
            default -> false;
        };
    }

    private static int bytes(SessionEvent event) {
        return switch (event) {
            case SessionEvent.FromClient from -> from.stanza().payload().bytes().length;
            case SessionEvent.Inbound inbound -> inbound.stanza().payload().bytes().length;
            default -> 0;
        };
    }
}
