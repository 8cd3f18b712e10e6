package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Stanza;
import java.util.List;

/// What an owner is told of a session that it knows nothing or not enough of.
final class Announcement {
    private Announcement() {}

    /// What a new owner must know.
    ///
    /// @param attached false if the connection is lost
    static SessionEvent.Announce of(Session session, boolean attached) {
        session.unreported = 0;
        return new SessionEvent.Announce(
                session.id,
                session.client,
                session.state(),
                session.management(),
                attached,
                session.peer,
                session.stream,
                session.handled(),
                session.confirmed(),
                session.lastLogId(),
                List.copyOf(session.unconfirmed()),
                session.logSince(),
                session.origins(),
                session.announce());
    }

    /// What an owner must know that heard nothing of the session before its end. While there is something that
    /// the client sent, it is announced as if it lived, for that to be handled first; {@link #gone} follows.
    static SessionEvent.Announce ofEnded(Session session) {
        return new SessionEvent.Announce(
                session.id,
                session.client,
                session.state(),
                null,
                !session.isHandled(),
                session.peer,
                session.stream,
                session.handled(),
                session.confirmed(),
                session.lastLogId(),
                List.copyOf(session.unconfirmed()),
                session.logSince(),
                session.origins());
    }

    /// What the client sent and no owner has confirmed, to be sent again.
    static List<SessionEvent> again(Session session) {
        return session.unhandled().stream().map(Announcement::again).toList();
    }

    /// One of these.
    static SessionEvent again(SessionEvent event) {
        return switch (event) {
            case SessionEvent.FromClient sent ->
                new SessionEvent.FromClient(sent.connection(), sent.client(), sent.number(), true, sent.stanza());
            case SessionEvent.Answered answered ->
                new SessionEvent.Answered(
                        answered.connection(), answered.client(), answered.number(), true, answered.answer());
            default -> throw new IllegalStateException("not a stanza of the client");
        };
    }

    /// The stream is over.
    static SessionEvent.Gone gone(Session session) {
        session.unreported = 0;
        return new SessionEvent.Gone(session.id, session.client, session.confirmed());
    }

    /// True if an owner that has not heard of the end would go on with something.
    static boolean isMissed(Session session) {
        return !session.isHandled()
                || !session.unconfirmed().isEmpty()
                || session.lastLogId() != 0
                || session.state().presence() != null
                || !session.state().directed().isEmpty();
    }

    /// The size of what is on its way in both directions.
    static long bytes(Session session) {
        long bytes = 0;
        for (SessionEvent event : session.unhandled()) {
            bytes += event instanceof SessionEvent.FromClient sent ? bytes(sent.stanza()) : 0;
        }
        for (ConnectionEvent.Deliver deliver : session.unconfirmed()) {
            bytes += bytes(deliver.stanza());
        }
        return bytes;
    }

    private static int bytes(Stanza stanza) {
        return stanza.payload().bytes().length;
    }
}
