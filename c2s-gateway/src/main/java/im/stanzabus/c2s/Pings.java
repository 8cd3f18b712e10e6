package im.stanzabus.c2s;

import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;

/// The gateway asks a client without stream management whether it is there (XEP-0199): after a long silence, and behind
/// what the owner wants to be sure of. There for as long as an answer is awaited or anything is to be confirmed.
///
/// Invariant: `known` <= `wanted`: the delivery that the client is known to have, the last that the owner wants to know
/// of. While they differ, a ping is under way or about to be written behind that stanza.
final class Pings {
    private final Connection connection;
    private final Session session;
    private long wanted;
    private long known;
    private long taken;

    /// Null while no answer is awaited.
    private @org.jspecify.annotations.Nullable String id;

    private long behind;
    private long sentAt;

    Pings(Connection connection, Session session) {
        this.connection = connection;
        this.session = session;
    }

    /// The owner wants to be told when the client has this.
    void want(long number) {
        wanted = number;
    }

    /// The socket has taken everything up to this number.
    ///
    /// @return true if the client has more than before
    boolean taken(long number) {
        taken = number;
        return session.confirm(known, taken);
    }

    /// Called when output is about to be flushed.
    void beforeFlush() {
        if (wanted > known && id == null) {
            send();
        }
    }

    /// Asks for a sign of life.
    void send() {
        id = connection.gateway().tokens().pingId();
        behind = session.delivered();
        sentAt = connection.gateway().now();
        connection.send(Stanza.iq(
                StanzaType.GET,
                id,
                Jid.of(session.client.domain()),
                session.client,
                Element.of("ping", Namespaces.PING)));
    }

    boolean isAnswer(Stanza iq) {
        return id != null && id.equals(iq.id());
    }

    /// The client has answered, an error as well: what was written before the ping has arrived.
    void answered() {
        id = null;
        if (wanted > known) {
            known = behind;
            if (session.confirm(known, taken)) {
                session.unreported = 0;
                connection
                        .gateway()
                        .tell(
                                session.owner(),
                                new SessionEvent.Delivered(session.id, session.client, session.confirmed()));
            }
            if (wanted > known) {
                connection.gateway().flusher().wake(connection);
            }
        }
    }

    boolean isNeeded() {
        return id != null || wanted > known;
    }

    /// When the ping was sent whose answer is awaited; 0 if none is.
    long askedAt() {
        return id == null ? 0 : sentAt;
    }
}
