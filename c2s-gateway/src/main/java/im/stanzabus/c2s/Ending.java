package im.stanzabus.c2s;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.StreamError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The end of a connection's stream, whoever wants it, and what becomes of its session.
///
/// Invariants:
/// - After the connection's state became {@link Closed} nothing is written any more.
/// - The owner of a bound account is told once that the stream is over: when all is written, or the
///   socket is gone; at once where it may be resumed.
///
/// Confined to its connection.
final class Ending {
    /// The line at the end belongs to the one at login.
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final StreamError SHUTDOWN = StreamError.of(StreamError.Condition.SYSTEM_SHUTDOWN);
    private static final long NO_TIMER = -1;

    /// How long the last stanzas of a client are waited for that closes its stream.
    private static final long FINISH_MILLIS = 3_000;

    /// What becomes of a session when its stream ends.
    enum Fate {
        /// It is over, and the owner is told so.
        GONE,
        /// It may be resumed, if that was enabled.
        LOST,
        /// Its owner knows.
        FORGOTTEN
    }

    private final Connection connection;
    private final Gateway gateway;
    private boolean reported;

    Ending(Connection connection, Gateway gateway) {
        this.connection = connection;
        this.gateway = gateway;
    }

    /// Ends the stream because its owner wants that, and has forgotten it already.
    void dismissed(@Nullable StreamError error) {
        boolean replaced = error == null
                && connection.state() instanceof Bound bound
                && bound.session().isResumable();
        if (replaced) {
            // XEP-0198 section 5
            error(StreamError.of(StreamError.Condition.CONFLICT, "resumed elsewhere"), null, Fate.FORGOTTEN);
        } else if (error == null) {
            close("ended by the owner", true, Fate.FORGOTTEN);
        } else {
            error(error, null, Fate.FORGOTTEN);
        }
    }

    /// Ends the stream with an error (RFC 6120 section 4.9).
    ///
    /// @param detail an application-specific condition
    void error(StreamError error, @Nullable Element detail, Fate fate) {
        if (connection.state() instanceof Closed) {
            return;
        }
        gateway.metrics().streamError(error.condition());
        if (!connection.isHeaderSent()) {
            connection.header(connection.host(), null);
        }
        if (connection.state() instanceof Bound bound) {
            bound.end();
        }
        Element element = error.toElement();
        connection
                .out()
                .element(
                        detail == null
                                ? element
                                : element.toBuilder().child(detail).build());
        String condition = error.condition().wire();
        over(error.text() == null ? condition : condition + ": " + error.text(), true, fate);
    }

    /// The client has closed its stream: what it sent before is handled first, where that is told to it.
    void closedByClient() {
        if (connection.state() instanceof Bound bound && bound.session().management() != null) {
            bound.finish(true, FINISH_MILLIS, this::closeCleanly);
        } else {
            closeCleanly();
        }
    }

    private void closeCleanly() {
        close("closed by the client", false, Fate.GONE);
    }

    /// Ends the stream because the server stops, when what the client sent is handled, or after this time.
    void serverStops(long millis) {
        if (connection.state() instanceof Bound bound) {
            bound.finish(false, millis, () -> error(SHUTDOWN, null, Fate.LOST));
        } else {
            error(SHUTDOWN, null, Fate.GONE);
        }
    }

    private void close(String reason, boolean lingering, Fate fate) {
        if (connection.state() instanceof Bound bound) {
            bound.end();
        }
        over(reason, lingering, fate);
    }

    private void over(String reason, boolean lingering, Fate fate) {
        if (connection.state() instanceof Closed) {
            return;
        }
        connection.out().raw("</stream:stream>");
        long timer = gateway.after(gateway.config().timeouts().close().toMillis(), connection.socket()::close);
        connection.enter(closed(fate, reason, lingering, timer));
        connection.in().end();
    }

    /// The state after the end. A session that may be resumed goes on without this connection.
    private Closed closed(Fate fate, String reason, boolean lingering, long timer) {
        if (!(connection.state() instanceof Bound bound)) {
            return new Closed(null, null, reason, lingering, timer);
        }
        Session session = bound.session();
        boolean detached = fate == Fate.LOST && session.isResumable() && !bound.isClean();
        if (detached) {
            gateway.detach(session);
        }
        Session untold = detached || fate == Fate.FORGOTTEN ? null : session;
        return new Closed(session.client, untold, detached ? reason + ", to be resumed" : reason, lingering, timer);
    }

    /// The operating system has taken everything, the end tag too.
    void written(Closed closed) {
        report(closed);
        if (closed.lingering) {
            connection.socket().closeOutput();
        } else {
            connection.socket().close();
        }
    }

    /// The socket is gone.
    void disconnected() {
        if (!(connection.state() instanceof Closed)) {
            if (connection.state() instanceof Bound bound) {
                bound.end();
            }
            connection.enter(closed(Fate.LOST, "connection lost", false, NO_TIMER));
            connection.in().end();
        }
        if (connection.state() instanceof Closed closed) {
            gateway.cancel(closed.timer);
            report(closed);
        }
        gateway.disconnected(connection);
    }

    /// Tells that the stream is over, once nothing more can be written on it.
    private void report(Closed closed) {
        if (reported) {
            return;
        }
        reported = true;
        String streamId = connection.streamId();
        if (closed.client == null) {
            LOG.debug("{} from {} ended before login: {}", streamId, connection.address(), closed.reason);
        } else {
            LOG.info("{} {} from {} ended: {}", streamId, closed.client, connection.address(), closed.reason);
        }
        Session session = closed.part();
        if (session != null) {
            gateway.gone(session);
        }
    }
}
