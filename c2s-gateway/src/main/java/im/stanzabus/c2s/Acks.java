package im.stanzabus.c2s;

import im.stanzabus.bus.Management;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stream.SmElements;

/// Acknowledgements in both directions on a stream with stream management (XEP-0198 section 4).
///
/// The client is asked behind what it has not acknowledged, unless it was asked before; again after some more. It is
/// answered when all that it sent before its request is handled, and within a second in any case; what was missing
/// in such an answer is told as it is handled. However many requests come in one turn of the event loop, they get one
/// answer. Confined to its connection.
final class Acks {
    private static final StreamError TIMED_OUT =
            StreamError.of(StreamError.Condition.CONNECTION_TIMEOUT, "no acknowledgement");

    /// After how many further stanzas the client is asked again.
    private static final int EVERY = 16;

    private static final long ANSWER_MILLIS = 1_000;

    /// So many times as long as one that says nothing may a client leave us without an answer that sends other things.
    private static final int PATIENCE = 3;

    private static final long NONE = -1;

    private final Connection connection;
    private final Gateway gateway;
    private final Session session;
    private final Management management;

    /// The last delivery that the client was asked about, and when.
    private long asked;
    private long askedAt;

    /// True until something comes from the client as an answer.
    private boolean awaited;

    /// The last delivery before the first request that is not answered, and when the socket had taken it.
    private long owed;
    private long owedSince = NONE;

    /// The socket has taken everything up to this delivery.
    private long taken;

    /// The delivery that the owner was told of.
    private long told;

    /// What must be handled before the client's first request that waits is answered, and its last.
    private long first = NONE;
    private long last = NONE;
    private long timer = NONE;

    /// Up to where an answer was short of what was asked for.
    private long shortOf = NONE;

    private long answered;
    private boolean due;

    Acks(Connection connection, Session session, Management management) {
        this.connection = connection;
        this.gateway = connection.gateway();
        this.session = session;
        this.management = management;
        asked = Math.max(session.confirmed(), management.outBase());
        told = session.confirmed();
        answered = session.handled();
    }

    /// The client asks what is handled.
    void requested() {
        gateway.metrics().ackRequested();
        if (session.isHandled()) {
            answer();
            return;
        }
        last = session.number();
        if (first == NONE) {
            first = last;
        }
        if (timer == NONE) {
            timer = gateway.after(ANSWER_MILLIS, this::late);
        }
    }

    private void late() {
        timer = NONE;
        if (first != NONE) {
            shortOf = last;
            first = NONE;
            answer();
        }
    }

    /// More of what the client sent is handled.
    void handled() {
        long handled = session.handled();
        if (first != NONE && handled >= first) {
            first = handled >= last ? NONE : last;
            answer();
        } else if (shortOf != NONE) {
            answer();
        }
        if (shortOf != NONE && handled >= shortOf) {
            shortOf = NONE;
        }
        if (first == NONE) {
            cancel();
        }
    }

    private void answer() {
        if (!due) {
            due = true;
            gateway.flusher().wake(connection);
        }
    }

    /// The client says what it has.
    ///
    /// @return false if it cannot have so much
    boolean received(long h) {
        gateway.metrics().ackReceived();
        long base = management.outBase();
        long has = SmElements.acknowledged(Math.max(session.confirmed() - base, 0), sent(), h);
        if (has < 0) {
            return false;
        }
        awaited = false;
        if (session.confirm(base + has, 0) || session.delivered() > asked) {
            gateway.flusher().wake(connection);
        }
        return true;
    }

    /// The socket has taken everything up to this delivery.
    void taken(long number) {
        taken = number;
        if (awaited && owedSince == NONE && taken >= owed) {
            owedSince = gateway.now();
        }
    }

    /// How many stanzas the client was sent.
    long sent() {
        return session.delivered() - management.outBase();
    }

    /// Called when output is about to be flushed.
    void beforeFlush() {
        if (due) {
            due = false;
            acknowledge();
        }
        report();
        long delivered = session.delivered();
        boolean open = delivered > session.confirmed();
        if (open && (awaited ? delivered - asked >= EVERY : delivered > asked)) {
            ask();
        }
    }

    private void acknowledge() {
        answered = session.handled();
        connection.out().raw(SmElements.ack(answered - management.inBase()));
    }

    private void report() {
        if (session.confirmed() > told) {
            told = session.confirmed();
            gateway.tell(session.owner(), new SessionEvent.Delivered(session.id, session.client, told));
        }
    }

    private void ask() {
        asked = session.delivered();
        askedAt = gateway.now();
        if (!awaited) {
            awaited = true;
            owed = asked;
            owedSince = taken >= owed ? askedAt : NONE;
        }
        connection.out().raw(SmElements.REQUEST);
    }

    /// The stream is about to end: the client learns what it need not send again.
    void end() {
        if (due || session.handled() > answered) {
            acknowledge();
        }
        report();
        cancel();
        due = false;
        first = NONE;
        shortOf = NONE;
    }

    private void cancel() {
        if (timer != NONE) {
            gateway.cancel(timer);
            timer = NONE;
        }
    }

    /// The connection of a client that says nothing is lost (RFC 6120 section 4.6); it is asked before. So is in the
    /// end that of one that sends, but does not say what it has, though it was reached.
    void sweep(long now) {
        long lastRead = connection.in().lastRead();
        C2sConfig.Timeouts timeouts = gateway.config().timeouts();
        boolean open = session.delivered() > session.confirmed();
        if (awaited) {
            long ping = timeouts.ping().toMillis();
            boolean withholding = open && owedSince != NONE && now - owedSince > PATIENCE * ping;
            if (withholding || now - Math.max(askedAt, lastRead) > ping) {
                connection.lose(TIMED_OUT);
            }
        } else if (now - lastRead > timeouts.idle().toMillis()
                || (open && now - askedAt > timeouts.ping().toMillis())) {
            ask();
        }
    }
}
