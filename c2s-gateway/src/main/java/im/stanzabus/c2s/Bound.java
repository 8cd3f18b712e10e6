package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stream.SmElements;
import im.stanzabus.stream.StreamInput;
import org.jspecify.annotations.Nullable;

/// A resource is bound: stanzas go to the owner of the account and come from there. While too many of the client's are
/// not handled, the socket is not read.
final class Bound implements StreamState {
    private static final StreamError TIMED_OUT =
            StreamError.of(StreamError.Condition.CONNECTION_TIMEOUT, "no answer to a ping");
    private static final StreamError FOREIGN_FROM =
            StreamError.of(StreamError.Condition.INVALID_FROM, "a stanza must be from its sender");
    private static final StreamError OVERFULL =
            StreamError.of(StreamError.Condition.RESOURCE_CONSTRAINT, "too many stanzas wait for this client");

    private final Connection connection;
    private final Session session;

    /// Null while nothing is asked.
    private @Nullable Pings pings;

    /// Null while the client has not asked for it.
    private @Nullable StreamManagement management;

    /// Null while the stream is not about to end.
    private @Nullable Finish finish;

    Bound(Connection connection, Session session) {
        this.connection = connection;
        this.session = session;
        gateway().metrics().bound();
        if (session.management() != null) {
            gateway().metrics().managed();
            management = StreamManagement.resumed(connection, session, session.management());
        }
    }

    private Gateway gateway() {
        return connection.gateway();
    }

    Session session() {
        return session;
    }

    private @Nullable Acks acks() {
        return management == null ? null : management.acks();
    }

    @Override
    public void stanza(Stanza stanza) {
        gateway().metrics().stanzaIn();
        Jid client = session.client;
        Jid from = stanza.from();
        // RFC 6120 section 8.1.2.1
        if (from != null && !from.equals(client) && !from.equals(client.bare())) {
            connection.fail(FOREIGN_FROM);
        } else if (!stanza.isIq() || !isOurs(stanza)) {
            forward(stanza);
        }
    }

    private void forward(Stanza stanza) {
        String lang = stanza.lang() == null ? connection.lang() : stanza.lang();
        Stanza stamped = new Stanza(
                stanza.kind(), stanza.type(), stanza.id(), session.client, stanza.to(), lang, stanza.payload());
        gateway().tell(session.owner(), session.fromClient(stamped));
        limitWindow();
    }

    private void limitWindow() {
        if (session.number() - session.handled() > gateway().config().limits().unconfirmedStanzas()) {
            connection.in().hold(StreamInput.WINDOW);
        }
    }

    /// Answers what concerns the stream; true if the stanza was for us.
    private boolean isOurs(Stanza iq) {
        if (!StreamRequests.isForServer(iq.to(), session.client)) {
            return false;
        }
        if (!iq.isRequest()) {
            return isPong(iq);
        }
        Stanza ours = StreamRequests.answer(iq, session.client);
        if (ours == null) {
            return false;
        }
        answer(ours);
        return true;
    }

    private boolean isPong(Stanza iq) {
        Pings asked = pings;
        if (asked == null || !asked.isAnswer(iq)) {
            return false;
        }
        asked.answered();
        if (!asked.isNeeded()) {
            pings = null;
        }
        answer(null);
        return true;
    }

    /// The gateway has dealt with a stanza itself. Where stanzas are counted, the owner counts this one too, and sends
    /// the answer as it sends everything else.
    private void answer(@Nullable Stanza answer) {
        if (session.management() != null) {
            gateway().tell(session.owner(), session.answered(answer));
            limitWindow();
        } else if (answer != null) {
            connection.send(answer);
        }
    }

    @Override
    public void badStanza(StreamEvent.BadStanza stanza) {
        answer(BadStanzas.answer(stanza, session.client));
    }

    @Override
    public void nonza(Element element) {
        if (!element.namespace().equals(SmElements.NAMESPACE)) {
            connection.fail(StreamState.unsupported(element));
        } else if (management != null) {
            management.received(element);
        } else if (element.is("enable", SmElements.NAMESPACE)) {
            management = StreamManagement.enable(connection, session, element);
        } else {
            connection.send(SmElements.failed(Condition.UNEXPECTED_REQUEST));
        }
    }

    @Override
    public boolean owner(String owner, ConnectionEvent event) {
        if (!owner.equals(session.owner())) {
            return true;
        }
        switch (event) {
            case ConnectionEvent.Deliver deliver -> deliver(deliver);
            case ConnectionEvent.Handled handled -> handled(handled.number());
            case ConnectionEvent.Remember remember -> session.remember(remember);
            case ConnectionEvent.Enabled enabled -> {
                if (management != null) {
                    management.enabled(enabled.management());
                }
            }
            case ConnectionEvent.Disconnect disconnect -> connection.dismiss(disconnect.error());
            default -> {} // a request that was made twice is answered twice
        }
        return true;
    }

    private void deliver(ConnectionEvent.Deliver deliver) {
        switch (session.deliver(deliver)) {
            case TAKEN -> {
                gateway().metrics().stanzaOut();
                connection.out().delivery(deliver.stanza(), deliver.number());
                if (deliver.confirm() && session.management() == null) {
                    pings().want(deliver.number());
                }
                if (session.isOverfull()) {
                    connection.lose(OVERFULL);
                } else {
                    connection.limitOutput();
                }
            }
            case KNOWN -> {}
            case GAP -> {
                if (session.miss()) {
                    gateway().announce(session, true);
                }
            }
        }
    }

    private Pings pings() {
        Pings asking = pings;
        if (asking == null) {
            asking = new Pings(connection, session);
            pings = asking;
        }
        return asking;
    }

    private void handled(long upTo) {
        if (!session.handled(upTo)) {
            return;
        }
        if (session.number() - session.handled() <= gateway().config().limits().unconfirmedStanzas() / 2) {
            connection.in().release(StreamInput.WINDOW);
        }
        Acks counting = acks();
        if (counting != null) {
            counting.handled();
        }
        if (finish != null && session.isHandled()) {
            finish.now();
        }
    }

    /// The socket has taken everything up to this delivery.
    void taken(long number) {
        Acks counting = acks();
        if (counting != null) {
            counting.taken(number);
        }
        if (pings != null ? pings.taken(number) : session.confirm(0, number)) {
            gateway().reports().confirmed(session);
        }
    }

    @Override
    public void claimed() {
        if (management != null) {
            management.ask();
        }
    }

    /// Called when output is about to be flushed.
    void beforeFlush() {
        Acks counting = acks();
        if (counting != null) {
            counting.beforeFlush();
        } else if (pings != null) {
            pings.beforeFlush();
        }
    }

    /// Has the stream ended when all that the client sent is handled, or when that takes too long. Nothing more is
    /// read.
    ///
    /// @param clean true if the client has ended it, so that it cannot be resumed
    void finish(boolean clean, long millis, Runnable then) {
        if (finish != null) {
            return;
        }
        if (session.isHandled() || millis <= 0) {
            then.run();
        } else {
            connection.in().hold(StreamInput.ENDING);
            finish = new Finish(gateway(), clean, millis, then);
        }
    }

    /// The stream ends now.
    void end() {
        gateway().metrics().unbound();
        Acks counting = acks();
        if (counting != null) {
            counting.end();
            gateway().metrics().unmanaged();
        }
        if (finish != null) {
            finish.cancel();
        }
    }

    /// Whether the client has ended the stream.
    boolean isClean() {
        return finish != null && finish.isClean();
    }

    /// RFC 6120 section 4.6: a silent client is asked, one that stays silent is gone. A client that is busy
    /// sending or whose reading we stopped is not silent.
    @Override
    public void sweep(long now) {
        if (session.isMissing()) {
            gateway().announce(session, true);
        }
        if (management != null) {
            management.sweep(now);
        }
        if (!connection.in().isReading()) {
            return;
        }
        Acks counting = acks();
        if (counting != null) {
            counting.sweep(now);
            return;
        }
        C2sConfig.Timeouts timeouts = gateway().config().timeouts();
        long lastRead = connection.in().lastRead();
        long askedAt = pings == null ? 0 : pings.askedAt();
        if (askedAt == 0) {
            if (now - lastRead > timeouts.idle().toMillis()) {
                pings().send();
            }
        } else if (now - Math.max(askedAt, lastRead) > timeouts.ping().toMillis()) {
            connection.lose(TIMED_OUT);
        }
    }
}
