package im.stanzabus.session;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import org.jspecify.annotations.Nullable;

/// The stanza that presence follows from. It is not done before the owners of the receivers have taken that over: if
/// this one dies before, the stanza comes again, and what follows from it too.
///
/// @param origin where it came in; null if that is not known
/// @param tracked true if somebody sends it again
/// @param more told that it is not done before one {@code done} more
record Cause(@Nullable Origin origin, boolean tracked, boolean retry, Runnable more, Runnable done) {
    static Cause of(Resource client, SessionEvent.FromClient from) {
        long number = from.number();
        return new Cause(
                new Origin(client.stream, number),
                true,
                from.retry(),
                () -> client.progress.more(number),
                () -> client.done(number));
    }

    static Cause of(SessionEvent.Inbound inbound, Acceptances.Open open) {
        return new Cause(inbound.origin(), open.isTracked(), inbound.retry(), open::more, open::done);
    }
}
