package im.stanzabus.c2s;

import im.stanzabus.bus.Management;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stream.SmElements;
import im.stanzabus.stream.StreamInput;
import org.jspecify.annotations.Nullable;

/// Stream management of a bound stream, from the client's `<enable/>` on (XEP-0198 section 3): the owner says where the
/// count of what goes out begins, and until it has, nothing more is read. Confined to its connection.
final class StreamManagement {
    private static final long PATIENCE_MILLIS = 15_000;
    private static final int MOST_DIFFERED = 5;
    private static final StreamError TWICE =
            StreamError.of(StreamError.Condition.POLICY_VIOLATION, "stream management was asked for before");

    private final Connection connection;
    private final Session session;
    private SessionEvent.@Nullable Enable request;
    private @Nullable Acks acks;
    private long since;
    private int differed;

    private StreamManagement(Connection connection, Session session) {
        this.connection = connection;
        this.session = session;
        this.since = connection.gateway().now();
    }

    /// The client asks for it.
    static StreamManagement enable(Connection connection, Session session, Element enable) {
        StreamManagement management = new StreamManagement(connection, session);
        Gateway gateway = connection.gateway();
        boolean resume = SmElements.wantsResumption(enable);
        Management wanted = new Management(
                resume ? gateway.tokens().resumeId() : "",
                resume ? gateway.config().streamManagement().seconds(SmElements.max(enable)) : 0,
                session.number(),
                0);
        management.request = new SessionEvent.Enable(session.id, session.client, wanted);
        connection.in().hold(StreamInput.WAITING);
        management.ask();
        return management;
    }

    /// It goes on on a new connection.
    static StreamManagement resumed(Connection connection, Session session, Management management) {
        StreamManagement resumed = new StreamManagement(connection, session);
        resumed.acks = new Acks(connection, session, management);
        return resumed;
    }

    /// Tells the owner what the client asks for, if it has not answered yet.
    void ask() {
        if (request != null) {
            connection.gateway().tell(session.owner(), request);
        }
    }

    /// The owner has answered.
    void enabled(Management management) {
        SessionEvent.Enable asked = request;
        // an owner may leave out that the stream can be resumed
        boolean isAnswer = asked != null
                && (!management.isResumable() || asked.management().resumeId().equals(management.resumeId()));
        if (asked == null || !isAnswer) {
            return;
        }
        if (management.outBase() == session.delivered()) {
            begin(management);
        } else if (!management.isResumable()) {
            // nobody else counts
            begin(new Management("", 0, management.inBase(), session.delivered()));
        } else if (++differed < MOST_DIFFERED) {
            askAnew(asked.management(), management.outBase());
        } else {
            connection.fail(StreamError.Condition.INTERNAL_SERVER_ERROR, "stream management cannot be enabled");
        }
    }

    /// The bus has lost something, so that what the client will count from now on is not what the owner counts: it is
    /// asked for another beginning.
    private void askAnew(Management before, long outBase) {
        Gateway gateway = connection.gateway();
        if (outBase > session.delivered()) {
            session.miss();
            gateway.announce(session, true);
        }
        request = new SessionEvent.Enable(
                session.id,
                session.client,
                new Management(gateway.tokens().resumeId(), before.seconds(), before.inBase(), 0));
        ask();
    }

    private void begin(Management management) {
        request = null;
        session.manage(management);
        acks = new Acks(connection, session, management);
        Gateway gateway = connection.gateway();
        gateway.metrics().managed();
        connection.send(
                management.isResumable()
                        ? SmElements.enabled(
                                management.resumeId(),
                                management.seconds(),
                                gateway.config().streamManagement().location())
                        : SmElements.enabled());
        connection.in().release(StreamInput.WAITING);
    }

    /// An element of stream management came from the client.
    void received(Element element) {
        Acks counting = acks;
        if (element.is("enable", SmElements.NAMESPACE)) {
            connection.send(SmElements.failed(Condition.UNEXPECTED_REQUEST));
            connection.fail(TWICE);
        } else if (counting == null || element.is("resume", SmElements.NAMESPACE)) {
            connection.send(SmElements.failed(Condition.UNEXPECTED_REQUEST));
        } else if (element.is("r", SmElements.NAMESPACE)) {
            counting.requested();
        } else if (element.is("a", SmElements.NAMESPACE)) {
            acknowledged(counting, SmElements.h(element));
        } else {
            connection.fail(StreamState.unsupported(element));
        }
    }

    private void acknowledged(Acks counting, long h) {
        if (h < 0) {
            connection.send(SmElements.failed(Condition.BAD_REQUEST));
        } else if (!counting.received(h)) {
            long sent = counting.sent();
            connection.fail(
                    StreamError.of(
                            StreamError.Condition.UNDEFINED_CONDITION,
                            "you acknowledged " + h + " stanzas, but were sent " + sent),
                    SmElements.handledCountTooHigh(h, sent));
        }
    }

    /// Acknowledgements; null until stream management is enabled.
    @Nullable
    Acks acks() {
        return acks;
    }

    void sweep(long now) {
        if (request != null && now - since > PATIENCE_MILLIS) {
            connection.fail(StreamError.Condition.RESOURCE_CONSTRAINT, "the server is too busy");
        }
    }
}
