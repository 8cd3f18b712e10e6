package im.stanzabus.session;

import im.stanzabus.bus.Origin;
import java.util.LinkedHashMap;
import java.util.Map;

/// How far the stanzas of each stream have come that were taken in for one account. What is not beyond
/// that may be here already: an owner that was frozen sends late what its successor has sent meanwhile.
/// Confined to the partition's context.
final class StreamTurns {
    private static final int MOST = 2_048;

    private final Map<Long, Long> highest = new LinkedHashMap<>(4, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > MOST;
        }
    };

    /// True if the stream's stanza with this number, or a later one, was taken in.
    boolean has(long stream, long number) {
        Long known = highest.get(stream);
        return known != null && known >= number;
    }

    /// A stanza that was taken in last will come again, and what follows it is not to overtake it.
    void takeBack(Origin origin) {
        highest.replace(origin.stream(), origin.number(), origin.number() - 1);
    }

    /// Takes a stanza in.
    ///
    /// @return false if it or a later one was taken in before
    boolean take(Origin origin) {
        if (has(origin.stream(), origin.number())) {
            return false;
        }
        highest.put(origin.stream(), origin.number());
        return true;
    }
}
