package im.stanzabus.bus;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaType;
import org.jspecify.annotations.Nullable;

/// Where a stanza came in: the same for every attempt to hand it on, so that it can be recognised.
///
/// @param stream a random number of the stream, kept over resumptions (XEP-0198)
/// @param number the stanza's number on the stream, from 1
public record Origin(long stream, long number) implements BusMessage {
    /// What tells a stanza from all others. One of a client entails several presence stanzas at
    /// times, which name the same origin.
    ///
    /// @param presence the type of presence; null for other stanzas
    /// @param sender on whose behalf it is sent
    public Origin identity(@Nullable StanzaType presence, Jid sender) {
        return presence == null ? this : apart(31L * sender.bare().hashCode() + presence.ordinal() + 1);
    }

    /// One of several origins that follow from this.
    public Origin apart(long which) {
        return new Origin(stream ^ which * 0x9e3779b97f4a7c15L, number);
    }
}
