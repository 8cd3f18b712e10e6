package im.stanzabus.c2s;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The stream is over, its end tag written or about to be; what the client sends is not read any more. What
/// the owner still hands to the connection is kept to be given back.
final class Closed implements StreamState {
    final @Nullable Jid client;
    final String reason;

    /// True if the client may still be sending: our side is closed first and the client's is waited for, or
    /// a reset could overtake the error that we wrote.
    final boolean lingering;

    /// Ends the connection of a client that does not close its side, or does not read.
    final long timer;

    final List<Stanza> late = new ArrayList<>();

    /// True once the owner of the account was told.
    boolean reported;

    Closed(@Nullable Jid client, String reason, boolean lingering, long timer) {
        this.client = client;
        this.reason = reason;
        this.lingering = lingering;
        this.timer = timer;
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
