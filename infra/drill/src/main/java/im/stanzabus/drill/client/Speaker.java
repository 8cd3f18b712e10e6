package im.stanzabus.drill.client;

import im.stanzabus.drill.books.Label;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Lets one client send numbered messages to its peers in turn, and lets it leave and come back if that is its habit.
final class Speaker {
    private static final int STAY_MILLIS = 15_000;
    private static final int STAY_LONGER_MILLIS = 25_000;
    private static final int AWAY_MILLIS = 4_000;
    private static final int AWAY_LONGER_MILLIS = 8_000;
    private static final int FAREWELL_MILLIS = 3_000;

    private final ClientContext context;
    private final DrillClient client;
    private final List<String> peers;
    private final long periodMillis;
    private final Map<String, Integer> numbers = new HashMap<>();
    private long nextWordAt;
    private long nextMoveAt;
    private int turn;

    /// @param peers the accounts it talks to
    Speaker(ClientContext context, DrillClient client, List<String> peers, long periodMillis) {
        this.context = context;
        this.client = client;
        this.peers = List.copyOf(peers);
        this.periodMillis = periodMillis;
        this.nextWordAt = context.random().nextLong(periodMillis) + 1;
        this.nextMoveAt = -1;
    }

    DrillClient client() {
        return client;
    }

    /// To be called several times a second while people talk.
    void tick() {
        long now = context.now();
        boolean leaving = client.habit() == Habit.LEAVES && move(now);
        if (now < nextWordAt) {
            return;
        }
        nextWordAt = Math.max(nextWordAt + periodMillis, now - periodMillis);
        String peer = peers.get(turn++ % peers.size());
        int number = numbers.getOrDefault(peer, 0);
        if (!leaving && client.say(new Label(client.name(), peer, number))) {
            numbers.put(peer, number + 1);
        }
    }

    /// Goes or comes when it is time. Before it goes it falls silent until everything is acknowledged.
    private boolean move(long now) {
        if (nextMoveAt < 0) {
            nextMoveAt = now + STAY_MILLIS + context.random().nextInt(STAY_LONGER_MILLIS);
        }
        if (now < nextMoveAt) {
            return false;
        }
        if (!client.isWanted()) {
            client.start();
            nextMoveAt = -1;
            return false;
        }
        if (!client.isOnline()) {
            nextMoveAt = -1;
            return false;
        }
        if (client.unsettled() == 0 || now > nextMoveAt + FAREWELL_MILLIS) {
            client.leave();
            nextMoveAt = now + AWAY_MILLIS + context.random().nextInt(AWAY_LONGER_MILLIS);
        }
        return true;
    }
}
