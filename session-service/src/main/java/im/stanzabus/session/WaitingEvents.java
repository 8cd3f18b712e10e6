package im.stanzabus.session;

import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Stanza;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Events of one account that wait, in order. Stanzas and requests are bounded in number and size, and
/// refused beyond. What cannot be refused waits once however often its gateway tells it: the end of a
/// stream, that its connection is lost, that it is managed, its place in the count of one stanza. So there
/// is as much of that as the account has connections, and these have stanzas under way. Confined to the
/// partition's context.
final class WaitingEvents {
    private final int most;
    private final int mostBytes;
    private final Queue<SessionEvent> events = new ArrayDeque<>();
    private final Set<Told> told = new HashSet<>();
    private int bytes;

    /// What is told of a connection that cannot be refused, and means the same the second time.
    private record Told(Class<?> kind, @Nullable ConnectionId connection, long number) {}

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
        Told once = told(event);
        if (once == null && (events.size() >= most || bytes + size > mostBytes)) {
            return false;
        }
        if (once != null && !told.add(once)) {
            return true;
        }
        bytes += size;
        return events.add(event);
    }

    @Nullable
    SessionEvent poll() {
        SessionEvent next = events.poll();
        if (next != null) {
            bytes -= bytes(next);
            told.remove(told(next));
        }
        return next;
    }

    /// What cannot be refused; null for stanzas and requests. An answer for which there is no room is lost
    /// like one that nobody waits for any more.
    private static @Nullable Told told(SessionEvent event) {
        return switch (event) {
            case SessionEvent.Bind _, SessionEvent.Resume _, SessionEvent.FromClient _, SessionEvent.Inbound _ -> null;
            case SessionEvent.Answered answered ->
                new Told(SessionEvent.Answered.class, answered.connection(), answered.number());
            case SessionEvent.Enable enable -> new Told(SessionEvent.Enable.class, enable.connection(), 0);
            case SessionEvent.Detached lost -> new Told(SessionEvent.Detached.class, lost.connection(), 0);
            case SessionEvent.Gone gone -> new Told(SessionEvent.Gone.class, gone.connection(), gone.number());
            case SessionEvent.AccountRemoved _ -> new Told(SessionEvent.AccountRemoved.class, null, 0);
            case SessionEvent.Delivered _, SessionEvent.Received _, SessionEvent.Announce _, SessionEvent.Accepted _ ->
                null; // never wait
        };
    }

    /// The size of the stanza that an event carries.
    static int bytes(SessionEvent event) {
        return switch (event) {
            case SessionEvent.FromClient from -> bytes(from.stanza());
            case SessionEvent.Inbound inbound -> bytes(inbound.stanza());
            case SessionEvent.Answered answered -> answered.answer() == null ? 0 : bytes(answered.answer());
            default -> 0;
        };
    }

    private static int bytes(Stanza stanza) {
        return stanza.payload().bytes().length;
    }
}
