package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.Management;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The sessions of lost connections whose streams may be resumed (XEP-0198 section 5). The owner of the account has
/// them as well and says when they are over; they are kept for the case that the account gets another owner. Bounded in
/// number; each for a limited time. Confined to its gateway.
final class DetachedSessions {
    private static final long MARGIN_SECONDS = 30;

    private record Detached(Session session, long until) {}

    private final int most;
    private final LongSupplier clock;
    private final Consumer<Session> announce;
    private final Consumer<Session> gone;
    private final IntConsumer count;
    private final Map<Long, Detached> detached = new LinkedHashMap<>();

    /// @param most how many are kept
    /// @param clock in milliseconds
    /// @param announce tells the owner what it must know of a session
    /// @param gone tells the owner that a session is over
    /// @param count told how many there are more
    DetachedSessions(
            int most, LongSupplier clock, Consumer<Session> announce, Consumer<Session> gone, IntConsumer count) {
        this.most = most;
        this.clock = clock;
        this.announce = announce;
        this.gone = gone;
        this.count = count;
    }

    void add(Session session) {
        Management management = session.management();
        long seconds = management == null ? 0 : management.seconds();
        detached.put(
                session.id.number(), new Detached(session, clock.getAsLong() + 1_000 * (seconds + MARGIN_SECONDS)));
        count.accept(1);
        if (detached.size() > most) {
            Iterator<Detached> oldest = detached.values().iterator();
            Session over = oldest.next().session();
            oldest.remove();
            over(over);
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
        Session session = known.session();
        if (owner.equals(session.owner())) {
            switch (event) {
                case ConnectionEvent.Deliver deliver -> {
                    if (session.deliver(deliver) == Session.Handover.GAP && session.miss()) {
                        announce.accept(session);
                    } else if (session.isOverfull()) {
                        detached.remove(session.id.number());
                        over(session);
                    }
                }
                case ConnectionEvent.Handled handled -> session.handled(handled.number());
                case ConnectionEvent.Remember remember -> session.remember(remember.state());
                case ConnectionEvent.Disconnect _ -> {
                    detached.remove(session.id.number());
                    count.accept(-1);
                }
                default -> {}
            }
        }
        return true;
    }

    /// The session of a lost connection; null if there is none.
    @Nullable
    Session session(long number) {
        Detached known = detached.get(number);
        return known == null ? null : known.session();
    }

    private void over(Session session) {
        count.accept(-1);
        gone.accept(session);
    }

    void forEach(Consumer<Session> action) {
        detached.values().forEach(known -> action.accept(known.session()));
    }

    /// Forgets those that can be resumed no longer.
    void sweep(long now) {
        forEach(session -> {
            if (session.isMissing()) {
                announce.accept(session);
            }
        });
        detached.values().removeIf(known -> {
            boolean late = now > known.until();
            if (late) {
                over(known.session());
            }
            return late;
        });
    }
}
