package im.stanzabus.c2s;

import im.stanzabus.bus.SessionEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// Asks owners about streams of which nothing is handled for seconds: the bus may have lost the last stanza, or the
/// owner's word on it, and where nothing follows nobody finds out. That stanza is sent again; the owner has it and says
/// what is handled, or sees that something is missing and has all of it sent again. Asks ever more seldom, for the
/// owner may wait for the log. Confined to its gateway.
final class SilentOwners {
    private static final long MILLIS = 3_000;

    /// @param handled when it was looked at last
    /// @param looks how often that was the same
    private record Waiting(long handled, int looks) {}

    private final BiConsumer<String, SessionEvent> owners;
    private Map<Long, Waiting> waiting = Map.of();
    private long nextLook;

    /// @param owners told events, by address
    SilentOwners(BiConsumer<String, SessionEvent> owners) {
        this.owners = owners;
    }

    /// Looks at all sessions, if it is time.
    void sweep(long now, Supplier<List<Session>> sessions) {
        if (now < nextLook) {
            return;
        }
        nextLook = now + MILLIS;
        Map<Long, Waiting> before = waiting;
        waiting = new HashMap<>();
        for (Session session : sessions.get()) {
            SessionEvent last = session.lastUnhandled();
            if (last == null) {
                continue;
            }
            Waiting known = before.get(session.id.number());
            int looks = known != null && known.handled == session.handled() ? known.looks + 1 : 0;
            waiting.put(session.id.number(), new Waiting(session.handled(), looks));
            if (Integer.bitCount(looks) == 1) {
                owners.accept(session.owner(), Announcement.again(last));
            }
        }
    }
}
