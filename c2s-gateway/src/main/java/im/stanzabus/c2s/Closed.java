package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamEvent;
import org.jspecify.annotations.Nullable;

/// The stream is over, its end tag written or about to be; what the client sends is not read any more.
final class Closed implements StreamState {
    final @Nullable Jid client;
    final String reason;

    /// True if the client may still be sending: our side is closed first and the client's is waited for, or
    /// a reset could overtake the error that we wrote.
    final boolean lingering;

    /// Ends the connection of a client that does not close its side, or does not read.
    final long timer;

    /// What its owner is to be told the end of; null if there is nothing to tell.
    private @Nullable Session session;

    Closed(@Nullable Jid client, @Nullable Session session, String reason, boolean lingering, long timer) {
        this.client = client;
        this.session = session;
        this.reason = reason;
        this.lingering = lingering;
        this.timer = timer;
    }

    @Nullable
    Session session() {
        return session;
    }

    /// The session, for its owner to be told that it is over; null if there is none or it was told before.
    @Nullable
    Session part() {
        Session over = session;
        session = null;
        return over;
    }

    /// The socket has taken everything up to this delivery.
    void taken(long number) {
        if (session != null) {
            session.confirm(0, number);
        }
    }

    @Override
    public boolean owner(String owner, ConnectionEvent event) {
        Session ending = session;
        if (ending == null) {
            return false;
        }
        if (owner.equals(ending.owner())) {
            switch (event) {
                case ConnectionEvent.Deliver deliver -> ending.deliver(deliver);
                case ConnectionEvent.Handled handled -> ending.handled(handled.number());
                case ConnectionEvent.Remember remember -> ending.remember(remember);
                case ConnectionEvent.Disconnect _ -> session = null;
                default -> {}
            }
        }
        return true;
    }

    @Override
    public void stanza(Stanza stanza) {}

    @Override
    public void badStanza(StreamEvent.BadStanza stanza) {}

    @Override
    public void nonza(Element element) {}

    @Override
    public void sweep(long now) {}
}
