package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// The sessions of streams that ended a short while ago. Their owner was told; if it died before it heard of it, nobody
/// knows, and contacts would see the resource for ever. So an owner that claims the account meanwhile is told of the
/// session, of what its client sent and no owner has confirmed, and of the end. Bounded in number, size and time.
/// Confined to its gateway.
final class EndedSessions {
    private static final long MILLIS = 15_000;
    private static final int OVERHEAD = 256;

    /// @param toldTo the owner that was told of the end at first
    private record Ended(Session session, String toldTo, long bytes, long until) {}

    private final int most;
    private final long mostBytes;
    private final LongSupplier clock;
    private final BiConsumer<String, SessionEvent> owners;
    private final Map<Long, Ended> ended = new LinkedHashMap<>();
    private long bytes;

    /// @param most how many are kept
    /// @param mostBytes how much they may be together
    /// @param clock in milliseconds
    /// @param owners told events, by address
    EndedSessions(int most, long mostBytes, LongSupplier clock, BiConsumer<String, SessionEvent> owners) {
        this.most = most;
        this.mostBytes = mostBytes;
        this.clock = clock;
        this.owners = owners;
    }

    /// The owner was told just now that the session is over.
    void add(Session session) {
        if (!Announcement.isMissed(session)) {
            return;
        }
        Ended added =
                new Ended(session, session.owner(), Announcement.bytes(session) + OVERHEAD, clock.getAsLong() + MILLIS);
        Ended before = ended.put(session.id.number(), added);
        bytes += added.bytes() - (before == null ? 0 : before.bytes());
        Iterator<Ended> oldest = ended.values().iterator();
        while (ended.size() > most || bytes > mostBytes) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }

    /// Takes what the owner says about a session.
    ///
    /// @return false if there is no such session
    boolean owner(String owner, ConnectionEvent event) {
        Ended known = ended.get(event.connection().number());
        if (known == null) {
            return false;
        }
        Session session = known.session();
        if (owner.equals(session.owner())) {
            switch (event) {
                case ConnectionEvent.Handled handled -> session.handled(handled.number());
                case ConnectionEvent.Remember remember -> session.remember(remember);
                case ConnectionEvent.Disconnect _ -> {
                    ended.remove(session.id.number());
                    bytes -= known.bytes();
                }
                default -> {}
            }
        }
        return true;
    }

    /// Somebody has claimed accounts. One that owned them at the end already is at most told of the end again: it may
    /// have finished with the session, and is not to begin anew.
    ///
    /// @param round of the claim
    void claimed(Predicate<Jid> accounts, String owner, long round) {
        for (Ended each : ended.values()) {
            Session session = each.session();
            if (!accounts.test(session.client)) {
                continue;
            }
            boolean isNew = !owner.equals(session.owner());
            if (isNew) {
                session.owner(owner);
            }
            if (isNew || (round > 0 && !owner.equals(each.toldTo()))) {
                owners.accept(owner, Announcement.ofEnded(session));
                Announcement.again(session).forEach(event -> owners.accept(owner, event));
                owners.accept(owner, Announcement.gone(session));
            } else if (round != 0) {
                owners.accept(owner, Announcement.gone(session));
            }
        }
    }

    /// Forgets those of which every owner has heard by now.
    void sweep(long now) {
        Iterator<Ended> oldest = ended.values().iterator();
        while (oldest.hasNext()) {
            Ended next = oldest.next();
            if (now <= next.until()) {
                return;
            }
            bytes -= next.bytes();
            oldest.remove();
        }
    }

    int size() {
        return ended.size();
    }
}
