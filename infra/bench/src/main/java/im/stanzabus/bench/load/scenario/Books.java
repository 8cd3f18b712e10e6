package im.stanzabus.bench.load.scenario;

import java.util.BitSet;

/// Which of the numbered messages have arrived, and where. To be used by one thread.
final class Books {
    private final BitSet arrived = new BitSet();
    private int sent;
    private long doubled;
    private long misdelivered;

    /// One more is sent.
    ///
    /// @return its number
    int sent() {
        return sent++;
    }

    int count() {
        return sent;
    }

    /// One has arrived.
    ///
    /// @param rightly at the one for whom it was meant
    /// @return whether it is the first copy of a message of this run, at the right place
    boolean arrived(int number, boolean rightly) {
        if (!rightly || number < 0 || number >= sent) {
            misdelivered++;
            return false;
        }
        if (arrived.get(number)) {
            doubled++;
            return false;
        }
        arrived.set(number);
        return true;
    }

    long missing() {
        return sent - (long) arrived.cardinality();
    }

    Losses losses() {
        return new Losses(missing(), doubled, misdelivered);
    }
}
