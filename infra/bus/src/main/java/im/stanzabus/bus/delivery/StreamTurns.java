package im.stanzabus.bus.delivery;

import im.stanzabus.bus.Origin;

/// How far the stanzas of each stream have come that were taken in for one receiver. What is not
/// beyond that may be here already: an owner that was frozen sends late what its successor has sent
/// meanwhile. Confined to one context.
public final class StreamTurns {
    private static final int FEW = 2_048;

    /// The highest number of each stream.
    private final RecentNumbers turns;

    /// Those of an account.
    public StreamTurns() {
        this(FEW);
    }

    /// @param most so many streams are remembered, and half of them for sure
    public StreamTurns(int most) {
        turns = new RecentNumbers(most);
    }

    /// True if the stream's stanza with this number, or a later one, was taken in.
    public boolean has(long stream, long number) {
        long highest = turns.get(stream);
        return highest != RecentNumbers.NONE && highest >= number;
    }

    /// A stanza that was taken in last will come again, and what follows it is not to overtake it.
    public void takeBack(Origin origin) {
        if (turns.get(origin.stream()) == origin.number()) {
            turns.put(origin.stream(), origin.number() - 1);
        }
    }

    /// Takes a stanza in.
    ///
    /// @return false if it or a later one was taken in before
    public boolean take(Origin origin) {
        if (has(origin.stream(), origin.number())) {
            return false;
        }
        turns.put(origin.stream(), origin.number());
        return true;
    }
}
