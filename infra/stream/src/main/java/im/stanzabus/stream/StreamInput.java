package im.stanzabus.stream;

import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stanza.xml.StreamLimits;
import im.stanzabus.stanza.xml.StreamParser;
import io.vertx.core.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What comes in on one stream: drives bytes through the parser, one element after the other, and
/// stops while there is a reason to.
///
/// Invariants:
/// - Nothing is taken from the parser while a hold is set, and none but {@link #HANDSHAKE} lets the socket be read.
/// - After the end of the stream bytes are read and thrown away, so that the end of the connection is noticed.
///
/// Confined to its event loop.
public final class StreamInput {
    /// Whose input it is.
    public interface Owner {
        /// So many bytes have come.
        void read(int bytes);

        /// Takes the next thing that the peer sent.
        void received(StreamEvent event);

        /// The stream must end because of what the peer sent.
        void fail(StreamError error);

        /// The stream must end because of a mistake of ours.
        void failed(RuntimeException mistake);
    }

    /// How much a peer may send.
    ///
    /// @param before limits of one element before the peer is authenticated
    /// @param bytesBefore all that may be sent before
    /// @param after limits of one element after
    /// @param bytesPerSecond what is read on average; 0 for no limit
    public record Limits(StreamLimits before, int bytesBefore, StreamLimits after, int bytesPerSecond) {}

    /// An answer is awaited that decides what the next element means.
    public static final int WAITING = 1;

    /// Too many stanzas are on their way to where they are handled.
    public static final int WINDOW = 2;

    /// The peer sends faster than it may.
    static final int RATE = 4;

    /// The TLS handshake runs: what is read already belongs to the stream after it.
    public static final int HANDSHAKE = 8;

    /// The stream is about to end.
    public static final int ENDING = 16;

    private static final int UNLIMITED = -1;

    private final Owner owner;
    private final StreamSocket socket;
    private final StreamClock clock;
    private final Limits limits;
    private final StreamParser parser;
    private final @Nullable Throttle throttle;
    private long lastRead;
    private int unauthenticatedBytes;
    private int holds;
    private boolean reading = true;
    private boolean pulling;
    private boolean over;

    /// @param contentNamespace the namespace of stanzas, such as `jabber:client`
    public StreamInput(Owner owner, StreamSocket socket, StreamClock clock, String contentNamespace, Limits limits) {
        this.owner = owner;
        this.socket = socket;
        this.clock = clock;
        this.limits = limits;
        this.parser = new StreamParser(limits.before(), contentNamespace);
        this.throttle = limits.bytesPerSecond() == 0 ? null : new Throttle(limits.bytesPerSecond());
        this.lastRead = clock.now();
    }

    /// Takes what was read from the socket.
    public void received(byte[] bytes) {
        lastRead = clock.now();
        owner.read(bytes.length);
        if (over) {
            return;
        }
        if (unauthenticatedBytes != UNLIMITED) {
            unauthenticatedBytes += bytes.length;
            if (unauthenticatedBytes > limits.bytesBefore()) {
                owner.fail(StreamError.of(Condition.POLICY_VIOLATION, "too many bytes before authentication"));
                return;
            }
        }
        parser.feed(bytes);
        if (throttle != null && throttle.exceeded(bytes.length)) {
            hold(RATE);
            clock.after(throttle.pauseMillis(), () -> release(RATE));
        }
        pull();
    }

    private void pull() {
        if (pulling) {
            return;
        }
        pulling = true;
        try {
            while (holds == 0 && !over) {
                StreamEvent event = parser.next();
                if (event == null) {
                    break;
                }
                owner.received(event);
            }
        } catch (StreamErrorException e) {
            owner.fail(e.error());
        } catch (RuntimeException e) {
            owner.failed(e);
        } finally {
            pulling = false;
        }
    }

    /// Stops taking elements until the reason is released.
    public void hold(int reason) {
        holds |= reason;
        applyReading();
    }

    /// Goes on, unless there is another reason not to.
    public void release(int reason) {
        if ((holds & reason) != 0) {
            holds &= ~reason;
            applyReading();
            pull();
        }
    }

    /// Takes no further element until the answer is there and dealt with.
    public <T> void await(Future<T> answer, Consumer<T> then, Consumer<Throwable> failed) {
        hold(WAITING);
        answer.onComplete(result -> {
            if (over) {
                return;
            }
            holds &= ~WAITING;
            try {
                if (result.succeeded()) {
                    then.accept(result.result());
                } else {
                    failed.accept(result.cause());
                }
            } catch (RuntimeException e) {
                owner.failed(e);
            }
            applyReading();
            pull();
        });
    }

    private void applyReading() {
        boolean wanted = (holds & ~HANDSHAKE) == 0 || over;
        if (wanted != reading) {
            reading = wanted;
            lastRead = clock.now();
            socket.reading(wanted);
        }
    }

    /// A new stream follows in the same bytes.
    public void restart() {
        parser.restart();
    }

    /// The limits of peers that are authenticated hold from now on.
    public void authenticated() {
        unauthenticatedBytes = UNLIMITED;
        parser.limits(limits.after());
    }

    /// Throws away what was read and not taken.
    public void discardUnread() {
        parser.discardUnread();
    }

    /// Nothing is taken any more.
    public void end() {
        over = true;
        parser.discardUnread();
        applyReading();
    }

    /// False while we do not read what the peer sends.
    public boolean isReading() {
        return reading;
    }

    /// When the last byte came or could come again, in milliseconds of the clock.
    public long lastRead() {
        return lastRead;
    }
}
