package im.stanzabus.bus.delivery;

/// Which stanzas of one stream are under way, and up to which number all are done. A stanza is done
/// when everything that was begun for it is: it is durable where it must be, and others have taken
/// it over. Confined to one context.
public final class Progress {
    /// More than any gateway lets be under way at once.
    private static final int MOST_SKIPPED = 1_000_000;

    private long begun;
    private long done;

    /// What is missing for the numbers from `done + 1` to `begun`, each at its number modulo the
    /// length.
    private int[] missing = new int[8];

    /// @param handled everything up to this number is done
    public Progress(long handled) {
        begun = handled;
        done = handled;
    }

    /// The highest number that was begun.
    public long begun() {
        return begun;
    }

    /// Everything up to this number is done.
    public long upTo() {
        return done;
    }

    public boolean isIdle() {
        return begun == done;
    }

    /// A stanza is begun; needs one {@link #done}. Numbers that were left out count as done.
    public void begin(long number) {
        if (number <= begun || number - begun > MOST_SKIPPED) {
            throw new IllegalArgumentException("stanza " + number + " after " + begun);
        }
        if (begun == done) {
            done = number - 1;
        }
        makeRoom(number - done);
        for (long skipped = Math.max(begun, done) + 1; skipped < number; skipped++) {
            missing[index(skipped)] = 0;
        }
        begun = number;
        missing[index(number)] = 1;
    }

    /// The stanza that was begun last is as if it had not come; it will come again.
    ///
    /// @return false if others were begun since, or something was begun for it
    public boolean takeBack(long number) {
        if (number != begun || number <= done || missing[index(number)] != 1) {
            return false;
        }
        missing[index(number)] = 0;
        begun--;
        return true;
    }

    /// A stanza that is under way needs one {@link #done} more.
    public void more(long number) {
        if (number > done && number <= begun) {
            missing[index(number)]++;
        }
    }

    /// Something of a stanza is done.
    ///
    /// @return true if {@link #upTo} has moved
    public boolean done(long number) {
        if (number <= done || number > begun || missing[index(number)] == 0) {
            return false;
        }
        missing[index(number)]--;
        long before = done;
        while (done < begun && missing[index(done + 1)] == 0) {
            done++;
        }
        return done > before;
    }

    private int index(long number) {
        return (int) number & (missing.length - 1);
    }

    private void makeRoom(long needed) {
        if (needed <= missing.length) {
            return;
        }
        int[] before = missing;
        missing = new int[Integer.highestOneBit((int) needed) * 2];
        for (long number = done + 1; number <= begun; number++) {
            missing[index(number)] = before[(int) number & (before.length - 1)];
        }
    }
}
