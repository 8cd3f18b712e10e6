package im.stanzabus.s2s;

import im.stanzabus.bus.delivery.Intake;

/// A stanza for another server.
///
/// @param until on the clock, when it is given up if no stream can take it; it stays the same if a
///     stream loses it
record QueuedStanza(Intake.Taken taken, long until) {
    /// What a stanza takes beside its payload, about.
    private static final int OVERHEAD = 200;

    /// How many bytes it takes, about.
    int bytes() {
        return taken.stanza().payload().bytes().length + OVERHEAD;
    }
}
