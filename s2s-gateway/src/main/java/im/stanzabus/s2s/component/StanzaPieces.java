package im.stanzabus.s2s.component;

import im.stanzabus.bus.delivery.Intake;
import im.stanzabus.stream.StreamOutput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The stanzas that one stream was given, and that the operating system has not taken. They are
/// written a piece after the other, so that a component that reads slowly is seen to read, and
/// little comes twice when a connection breaks. Confined to its event loop.
final class StanzaPieces {
    /// How many bytes are written at a time.
    private static final int PIECE = 65_536;

    /// How many bytes are given to the socket and not taken, at most, and a stanza more.
    private static final int WINDOW = 2 * PIECE;

    private final StreamOutput out;
    private final Runnable flush;
    private final ArrayDeque<Intake.Taken> queued = new ArrayDeque<>();
    private final ArrayDeque<Written> untaken = new ArrayDeque<>();
    private long lastWritten;
    private int piece;
    private boolean writing;
    private boolean ended;

    private record Written(long number, Intake.Taken stanza) {}

    /// @param flush gives what was written to the socket, and tells by {@link #flushed}
    StanzaPieces(StreamOutput out, Runnable flush) {
        this.out = out;
        this.flush = flush;
    }

    /// Writes a stanza when there is room for it.
    void add(Intake.Taken stanza) {
        queued.add(stanza);
        write();
    }

    private void write() {
        if (writing) {
            return; // what the socket takes at once is told at once
        }
        writing = true;
        try {
            while (!ended && !queued.isEmpty() && out.waiting() < WINDOW) {
                writeNext();
            }
        } finally {
            writing = false;
        }
    }

    private void writeNext() {
        Intake.Taken next = queued.remove();
        int before = out.waiting();
        lastWritten++;
        untaken.add(new Written(lastWritten, next));
        out.delivery(next.stanza(), lastWritten);
        piece += out.waiting() - before;
        if (piece >= PIECE) {
            flush.run();
        }
    }

    /// What was written is with the socket.
    void flushed() {
        piece = 0;
    }

    /// The operating system has taken everything up to this delivery.
    ///
    /// @param then is given what that is
    void taken(long delivery, Consumer<Intake.Taken> then) {
        while (!untaken.isEmpty() && untaken.element().number() <= delivery) {
            then.accept(untaken.remove().stanza());
        }
        write();
    }

    /// Nothing more is written.
    void end() {
        ended = true;
    }

    /// Gives everything back, in order.
    List<Intake.Taken> takeBack() {
        List<Intake.Taken> lost = new ArrayList<>(untaken.size() + queued.size());
        untaken.forEach(written -> lost.add(written.stanza()));
        lost.addAll(queued);
        untaken.clear();
        queued.clear();
        return lost;
    }
}
