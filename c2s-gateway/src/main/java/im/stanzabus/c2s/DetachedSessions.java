package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.Management;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The sessions of lost connections whose streams may be resumed (XEP-0198 section 5). The owner of the account has
/// them as well and says when they are over; they are kept for the case that the account gets another owner. Bounded in
/// number and size; each for a limited time. Confined to its gateway.
final class DetachedSessions {
    private static final long MARGIN_SECONDS = 30;

    /// What a session or a stanza costs beside payloads.
    private static final int OVERHEAD = 256;

    private static final class Detached {
        private final Session session;
        private final long until;
        private long bytes;

        Detached(Session session, long until) {
            this.session = session;
            this.until = until;
        }
    }

    private final int most;
    private final long mostBytes;
    private final LongSupplier clock;
    private final Consumer<Session> announce;
    private final Consumer<Session> gone;
    private final IntConsumer count;
    private final Map<Long, Detached> detached = new LinkedHashMap<>();
    private long bytes;

    /// @param most how many are kept
    /// @param mostBytes how much they may be together
    /// @param clock in milliseconds
    /// @param announce tells the owner what it must know of a session
    /// @param gone tells the owner that a session is over
    /// @param count told how many there are more
    DetachedSessions(
            int most,
            long mostBytes,
            LongSupplier clock,
            Consumer<Session> announce,
            Consumer<Session> gone,
            IntConsumer count) {
        this.most = most;
        this.mostBytes = mostBytes;
        this.clock = clock;
        this.announce = announce;
        this.gone = gone;
        this.count = count;
    }

    void add(Session session) {
        Management management = session.management();
        long seconds = management == null ? 0 : management.seconds();
        Detached added = new Detached(session, clock.getAsLong() + 1_000 * (seconds + MARGIN_SECONDS));
        detached.put(session.id.number(), added);
        count.accept(1);
        measure(added);
        makeRoom();
    }

    private void measure(Detached known) {
        Session session = known.session;
        int stanzas = session.unhandled().size() + session.unconfirmed().size();
        grow(known, Announcement.bytes(session) + (1L + stanzas) * OVERHEAD - known.bytes);
    }

    private void grow(Detached known, long more) {
        known.bytes += more;
        bytes += more;
    }

    private void makeRoom() {
        while (detached.size() > most || bytes > mostBytes) {
            over(detached.values().iterator().next());
        }
    }

    /// Takes what the owner says about a session.
    ///
    /// @return false if there is no such session
    boolean owner(String owner, ConnectionEvent event) {
        Detached known = detached.get(event.connection().number());
        if (known == null) {
            return false;
        }
        Session session = known.session;
        if (owner.equals(session.owner())) {
            switch (event) {
                case ConnectionEvent.Deliver deliver -> deliver(known, deliver);
                case ConnectionEvent.Handled handled -> {
                    session.handled(handled.number());
                    measure(known);
                }
                case ConnectionEvent.Remember remember -> session.remember(remember);
                case ConnectionEvent.Disconnect _ -> forget(known);
                default -> {}
            }
        }
        return true;
    }

    /// The session of a lost connection; null if there is none.
    @Nullable
    Session session(long number) {
        Detached known = detached.get(number);
        return known == null ? null : known.session;
    }

    private void deliver(Detached known, ConnectionEvent.Deliver deliver) {
        Session session = known.session;
        Session.Handover handover = session.deliver(deliver);
        if (handover == Session.Handover.TAKEN) {
            grow(known, deliver.stanza().payload().bytes().length + OVERHEAD);
        }
        if (handover == Session.Handover.GAP && session.miss()) {
            announce.accept(session);
        } else if (session.isOverfull()) {
            over(known);
        }
        makeRoom();
    }

    private void forget(Detached known) {
        detached.remove(known.session.id.number());
        bytes -= known.bytes;
        count.accept(-1);
    }

    private void over(Detached known) {
        forget(known);
        gone.accept(known.session);
    }

    void forEach(Consumer<Session> action) {
        detached.values().forEach(known -> action.accept(known.session));
    }

    /// Forgets those that can be resumed no longer.
    void sweep(long now) {
        forEach(session -> {
            if (session.isMissing()) {
                announce.accept(session);
            }
        });
        for (Detached known : List.copyOf(detached.values())) {
            if (now > known.until) {
                over(known);
            }
        }
    }
}
