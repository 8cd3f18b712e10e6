package im.stanzabus.s2s;

import im.stanzabus.bus.delivery.Intake;
import im.stanzabus.stanza.Element;
import im.stanzabus.stream.SmElements;
import im.stanzabus.stream.StreamOutput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// The stanzas that were written on one stream and that the other server may not have. With stream
/// management (XEP-0198) it says what it has; without, a stanza is taken for delivered when the
/// operating system has taken it. Confined to its stream.
final class SentStanzas {
    private final StreamOutput out;
    private final ArrayDeque<Sent> unacknowledged = new ArrayDeque<>();
    private long last;
    private long base;
    private long acknowledged;
    private boolean managed;

    /// How many are covered by the acknowledgement that was asked for last, and when; 0 if none is
    /// awaited.
    private long asked;

    private long askedAt;

    private record Sent(long number, Intake.Taken stanza) {}

    SentStanzas(StreamOutput out) {
        this.out = out;
    }

    /// Stanzas count from here on.
    void manage() {
        managed = true;
        base = last;
        acknowledged = last;
    }

    boolean isManaged() {
        return managed;
    }

    /// The other server does not do it after all.
    void unmanaged() {
        managed = false;
    }

    void send(Intake.Taken stanza) {
        last++;
        unacknowledged.add(new Sent(last, stanza));
        out.delivery(stanza.stanza(), last);
    }

    /// The operating system has taken everything up to this number.
    void taken(long number) {
        if (!managed) {
            done(number);
        }
    }

    /// Something was written in this turn: asks what has come, unless that is being asked.
    void beforeFlush(long now) {
        if (managed && asked == 0 && !unacknowledged.isEmpty()) {
            asked = last;
            askedAt = now;
            out.raw(SmElements.REQUEST);
        }
    }

    /// Since when an acknowledgement is awaited, on the clock of {@link #beforeFlush}; -1 if none
    /// is.
    long askedSince() {
        return asked == 0 ? -1 : askedAt;
    }

    /// The other server says what it has (XEP-0198 section 4).
    ///
    /// @return false if it cannot have so many
    boolean acknowledged(Element ack) {
        long h = SmElements.h(ack);
        long has = managed && h >= 0 ? SmElements.acknowledged(acknowledged - base, last - base, h) : -1;
        if (has < 0) {
            return false;
        }
        acknowledged = base + has;
        if (asked != 0 && acknowledged >= asked) {
            asked = 0;
        }
        done(acknowledged);
        return true;
    }

    private void done(long number) {
        while (!unacknowledged.isEmpty() && unacknowledged.element().number() <= number) {
            unacknowledged.remove().stanza().done();
        }
    }

    int size() {
        return unacknowledged.size();
    }

    boolean isEmpty() {
        return unacknowledged.isEmpty();
    }

    /// The stream is over: what the other server may not have, in order.
    List<Intake.Taken> lost() {
        List<Intake.Taken> lost = new ArrayList<>();
        unacknowledged.forEach(each -> lost.add(each.stanza()));
        unacknowledged.clear();
        return lost;
    }
}
