package im.stanzabus.bus;

import im.stanzabus.stanza.Jid;
import java.util.List;

/// Messages as a later version may have them. The name is as long as that of {@link SessionEvent}, which
/// takes its place in what is written.
final class ToleranceNew {
    private ToleranceNew() {}

    enum Mood {
        HAPPY
    }

    record Batch(List<Object> events, Mood mood) implements BusMessage {}

    /// Has more than the one that is known here.
    record Delivered(ConnectionId connection, Jid client, long number, String why, List<Future> more)
            implements BusMessage {}

    /// Is not known here.
    record Future(Jid account, String text) implements BusMessage {}

    /// Has less than the one that is known here.
    record FromClient(ConnectionId connection, Jid client, long number) implements BusMessage {}

    record Inbound(Object stanza) implements BusMessage {}
}
