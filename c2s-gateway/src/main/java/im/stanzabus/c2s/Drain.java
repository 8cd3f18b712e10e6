package im.stanzabus.c2s;

import java.util.ArrayDeque;
import java.util.List;

/// Ends all streams because the server stops: those of clients that are logged in a few at a time, so that the gateways
/// where they come back are not flooded. Clients with stream management learn what of their stanzas was handled.
/// Confined to its gateway.
final class Drain {
    private static final long TICK_MILLIS = 50;
    private static final long LONGEST_FINISH_MILLIS = 3_000;

    /// How long after the time of the drain the last stanzas may still be waited for.
    private static final long MARGIN_MILLIS = 500;

    private final Gateway gateway;
    private final ArrayDeque<Connection> waiting = new ArrayDeque<>();
    private final int share;
    private final long end;

    /// @param millis how long it may take; 0 to end all streams at once
    Drain(Gateway gateway, List<Connection> connections, long millis) {
        this.gateway = gateway;
        for (Connection connection : connections) {
            Session session = connection.session();
            if (session == null || (millis == 0 && session.management() == null)) {
                connection.shutDown(0);
            } else {
                waiting.add(connection);
            }
        }
        long ticks = Math.max(1, millis / TICK_MILLIS);
        share = (int) Math.ceilDiv(waiting.size(), ticks);
        end = gateway.now() + (millis == 0 ? LONGEST_FINISH_MILLIS : millis + MARGIN_MILLIS);
    }

    void tick() {
        for (int i = 0; i < share && !waiting.isEmpty(); i++) {
            waiting.remove().shutDown(Math.clamp(end - gateway.now(), 1, LONGEST_FINISH_MILLIS));
        }
        if (!waiting.isEmpty()) {
            gateway.after(TICK_MILLIS, this::tick);
        }
    }
}
