package im.stanzabus.bus;

/// The name of one process on the bus. Never the localpart of a JID.
public record NodeId(String name) {
    @Override
    public String toString() {
        return name;
    }
}
