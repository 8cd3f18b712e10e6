package im.stanzabus.s2s;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stream.SmElements;
import java.util.ArrayDeque;
import java.util.List;

/// The stanzas that were written on one stream and that the other server may not have. With stream
/// management (XEP-0198) it says what it has; without, a stanza is taken for delivered when the
/// operating system has taken it. Confined to its stream.
final class SentStanzas {
    /// Where they are written.
    interface Writer {
        /// As {@link im.stanzabus.stream.StreamOutput#delivery}.
        void delivery(Stanza stanza, long number);

        /// As {@link im.stanzabus.stream.StreamOutput#raw}.
        void raw(String ascii);
    }

    private record Sent(long number, QueuedStanza stanza) {}

    private final Writer out;
    private final ArrayDeque<Sent> unacknowledged = new ArrayDeque<>();
    private long bytes;
    private long last;
    private long taken;
    private long base;
    private long acknowledged;
    private boolean managed;

    /// Since when an acknowledgement is awaited; -1 if none is.
    private long askedAt = -1;

    SentStanzas(Writer out) {
        this.out = out;
    }

    /// Stanzas count from here on.
    void manage() {
        managed = true;
        base = last;
        acknowledged = last;
    }

    /// The other server does not do it after all.
    void unmanaged() {
        managed = false;
        askedAt = -1;
        done(taken);
    }

    void send(QueuedStanza stanza) {
        last++;
        bytes += stanza.bytes();
        unacknowledged.add(new Sent(last, stanza));
        out.delivery(stanza.taken().stanza(), last);
    }

    /// The operating system has taken everything up to this number.
    void taken(long number) {
        taken = number;
        if (!managed) {
            done(number);
        }
    }

    /// Whether the other server is to be asked what it has.
    boolean isToBeAsked() {
        return managed && askedAt < 0 && !unacknowledged.isEmpty();
    }

    /// Called before output is flushed.
    void beforeFlush(long now) {
        if (isToBeAsked()) {
            askedAt = now;
            out.raw(SmElements.REQUEST);
        }
    }

    /// Asks the other server what it has, to hear whether it is there.
    ///
    /// @return false if it would not answer
    boolean ask(long now) {
        if (managed && askedAt < 0) {
            askedAt = now;
            out.raw(SmElements.REQUEST);
        }
        return managed;
    }

    /// Since when an acknowledgement is awaited, on the clock of {@link #beforeFlush}; -1 if none
    /// is.
    long askedSince() {
        return askedAt;
    }

    /// The other server says what it has (XEP-0198 section 4). That may be less than it was sent:
    /// what is not in other hands there it does not count.
    ///
    /// @return false if it cannot have so many
    boolean acknowledged(Element ack) {
        long h = SmElements.h(ack);
        long has = managed && h >= 0 ? SmElements.acknowledged(acknowledged - base, last - base, h) : -1;
        if (has < 0) {
            return false;
        }
        acknowledged = base + has;
        askedAt = -1;
        done(acknowledged);
        return true;
    }

    private void done(long number) {
        while (!unacknowledged.isEmpty() && unacknowledged.element().number() <= number) {
            QueuedStanza stanza = unacknowledged.remove().stanza();
            bytes -= stanza.bytes();
            stanza.taken().done();
        }
    }

    int size() {
        return unacknowledged.size();
    }

    /// How many bytes they take, about.
    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return unacknowledged.isEmpty();
    }

    /// The stream is over: what the other server may not have, in order.
    List<QueuedStanza> lost() {
        List<QueuedStanza> lost = unacknowledged.stream().map(Sent::stanza).toList();
        unacknowledged.clear();
        bytes = 0;
        return lost;
    }
}
