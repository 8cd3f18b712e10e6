package im.stanzabus.bus.delivery;

import im.stanzabus.bus.Origin;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;

/// A stanza that must not be lost on its way.
///
/// @param <O> on whose behalf stanzas are sent, such as accounts
/// @param origin where it came in: the receiver recognises by it what is sent again
/// @param sender the address on whose behalf it is sent
/// @param owner as `sender`, for whoever sends
/// @param waiting is told what becomes of it
public record Parcel<O>(Stanza stanza, Origin origin, Jid sender, O owner, Waiting waiting) {
    /// Is told once what becomes of a stanza, on the context that sends.
    public interface Waiting {
        /// The receiver has taken it over.
        void accepted();

        /// Nobody serves the receiver any more. The stanza may have been taken over.
        void unreachable();

        /// The same stanza is sent anew, and this is told nothing any more.
        default void replaced() {}
    }
}
