package im.stanzabus.c2s;

import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stanza.xml.StreamParser;
import io.vertx.core.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What comes in on one connection: drives bytes through the parser, one element after the other, and stops while there
/// is a reason to.
///
/// Invariants:
/// - Nothing is taken from the parser while a hold is set, and none but {@link #HANDSHAKE} lets the socket be read.
/// - After the end of the stream bytes are read and thrown away, so that the end of the connection is noticed.
///
/// Confined to its event loop.
final class Inbound {
    /// An answer is awaited that decides what the next element means.
    static final int WAITING = 1;

    /// Too many stanzas are on their way to the owner of the account.
    static final int WINDOW = 2;

    /// The client sends faster than it may.
    static final int RATE = 4;

    /// The TLS handshake runs: what is read already belongs to the stream after it.
    static final int HANDSHAKE = 8;

    /// The stream is about to end.
    static final int ENDING = 16;

    private static final int UNLIMITED = -1;

    private final Connection connection;
    private final Gateway gateway;
    private final StreamParser parser;
    private final @Nullable Throttle throttle;
    private long lastRead;
    private int unauthenticatedBytes;
    private int holds;
    private boolean reading = true;
    private boolean pulling;
    private boolean over;

    Inbound(Connection connection, Gateway gateway) {
        this.connection = connection;
        this.gateway = gateway;
        C2sConfig.Limits limits = gateway.config().limits();
        this.parser = new StreamParser(limits.beforeLogin(), Namespaces.CLIENT);
        this.throttle = limits.bytesPerSecond() == 0 ? null : new Throttle(limits.bytesPerSecond());
        this.lastRead = gateway.now();
    }

    void received(byte[] bytes) {
        lastRead = gateway.now();
        gateway.metrics().read(bytes.length);
        if (over) {
            return;
        }
        if (unauthenticatedBytes != UNLIMITED) {
            unauthenticatedBytes += bytes.length;
            if (unauthenticatedBytes > gateway.config().limits().bytesBeforeLogin()) {
                connection.fail(Condition.POLICY_VIOLATION, "too many bytes before login");
                return;
            }
        }
        parser.feed(bytes);
        if (throttle != null && throttle.exceeded(bytes.length)) {
            hold(RATE);
            gateway.after(throttle.pauseMillis(), () -> release(RATE));
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
                connection.received(event);
            }
        } catch (StreamErrorException e) {
            connection.fail(e.error());
        } catch (RuntimeException e) {
            connection.failed(e);
        } finally {
            pulling = false;
        }
    }

    /// Stops taking elements until the reason is released.
    void hold(int reason) {
        holds |= reason;
        applyReading();
    }

    void release(int reason) {
        if ((holds & reason) != 0) {
            holds &= ~reason;
            applyReading();
            pull();
        }
    }

    /// Takes no further element until the answer is there and dealt with.
    <T> void await(Future<T> answer, Consumer<T> then, Consumer<Throwable> failed) {
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
                connection.failed(e);
            }
            applyReading();
            pull();
        });
    }

    private void applyReading() {
        boolean wanted = (holds & ~HANDSHAKE) == 0 || over;
        if (wanted != reading) {
            reading = wanted;
            lastRead = gateway.now();
            connection.socket().reading(wanted);
        }
    }

    /// A new stream follows in the same bytes.
    void restart() {
        parser.restart();
    }

    /// The limits of clients that have logged in hold from now on.
    void authenticated() {
        unauthenticatedBytes = UNLIMITED;
        parser.limits(gateway.config().limits().afterLogin());
    }

    /// Throws away what was read and not taken.
    void discardUnread() {
        parser.discardUnread();
    }

    /// Nothing is taken any more.
    void end() {
        over = true;
        parser.discardUnread();
        applyReading();
    }

    /// False while we do not read what the client sends.
    boolean isReading() {
        return reading;
    }

    /// When the last byte came or could come again, on the gateway's clock.
    long lastRead() {
        return lastRead;
    }
}
