package im.stanzabus.bus.delivery;

import im.stanzabus.bus.Origin;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How far the stanzas of each stream have come that were taken in for one receiver. What is not
/// beyond that may be here already: an owner that was frozen sends late what its successor has sent
/// meanwhile. Confined to one context.
public final class StreamTurns {
    private static final int FEW = 2_048;

    private final int most;

    private static final class Turn {
        private final long stream;
        private long highest;

        Turn(Origin first) {
            stream = first.stream();
            highest = first.number();
        }
    }

    /// The stream that was looked for longest ago comes first.
    private final Map<Long, Turn> turns = new LinkedHashMap<>(4, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Turn> eldest) {
            return size() > most;
        }
    };

    /// The stream that was looked for last: mostly the next one, too.
    private @Nullable Turn last;

    /// Those of an account.
    public StreamTurns() {
        this(FEW);
    }

    /// @param most so many streams are remembered
    public StreamTurns(int most) {
        this.most = most;
    }

    private @Nullable Turn find(long stream) {
        Turn found = last;
        if (found == null || found.stream != stream) {
            found = turns.get(stream);
            last = found;
        }
        return found;
    }

    /// True if the stream's stanza with this number, or a later one, was taken in.
    public boolean has(long stream, long number) {
        Turn known = find(stream);
        return known != null && known.highest >= number;
    }

    /// A stanza that was taken in last will come again, and what follows it is not to overtake it.
    public void takeBack(Origin origin) {
        Turn known = find(origin.stream());
        if (known != null && known.highest == origin.number()) {
            known.highest--;
        }
    }

    /// Takes a stanza in.
    ///
    /// @return false if it or a later one was taken in before
    public boolean take(Origin origin) {
        Turn known = find(origin.stream());
        if (known == null) {
            Turn first = new Turn(origin);
            turns.put(first.stream, first);
            last = first;
            return true;
        }
        if (known.highest >= origin.number()) {
            return false;
        }
        known.highest = origin.number();
        return true;
    }
}
