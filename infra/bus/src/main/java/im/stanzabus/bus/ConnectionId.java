package im.stanzabus.bus;

/// One connection of a client: the gateway that holds its socket and the number that gateway gave it.
///
/// @param gateway the gateway's bus address
/// @param number unique within the gateway's life
public record ConnectionId(String gateway, long number) {
    @Override
    public String toString() {
        return gateway + '/' + number;
    }
}
