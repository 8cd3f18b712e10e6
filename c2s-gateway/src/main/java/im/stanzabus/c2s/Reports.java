package im.stanzabus.c2s;

import im.stanzabus.bus.SessionEvent;
import java.util.LinkedHashSet;
import java.util.Set;

/// Tells owners what sockets have taken: many stanzas at once, and soon: until then the owner holds them. Confined to
/// its gateway.
final class Reports {
    private static final int MANY = 16;
    private static final long MILLIS = 50;

    private final Gateway gateway;
    private Set<Session> waiting = new LinkedHashSet<>();

    Reports(Gateway gateway) {
        this.gateway = gateway;
    }

    /// The client of the session has more than before.
    void confirmed(Session session) {
        if (++session.unreported >= MANY) {
            tell(session);
        } else if (session.unreported == 1) {
            if (waiting.isEmpty()) {
                gateway.after(MILLIS, this::tellAll);
            }
            waiting.add(session);
        }
    }

    private void tellAll() {
        Set<Session> due = waiting;
        waiting = new LinkedHashSet<>();
        due.forEach(session -> {
            if (session.unreported > 0) {
                tell(session);
            }
        });
    }

    private void tell(Session session) {
        session.unreported = 0;
        gateway.tell(session.owner(), new SessionEvent.Delivered(session.id, session.client, session.confirmed()));
    }
}
