package im.stanzabus.bus;

/// The stream management of a connection (XEP-0198). Counters of the stream start at 0 where numbers of
/// the bus stand at a base: `h` is the number of the bus less the base.
///
/// @param resumeId by which the client may resume; empty if it may not
/// @param seconds how long after the connection is lost
/// @param inBase the number of the last stanza from the client before stream management was enabled
/// @param outBase the number of the last stanza to the client before
public record Management(String resumeId, int seconds, long inBase, long outBase) implements BusMessage {
    public boolean isResumable() {
        return !resumeId.isEmpty();
    }
}
