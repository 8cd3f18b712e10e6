package im.stanzabus.auth.throttle;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/// What stands for a client's network in counters: an IPv4 address, or the /64 prefix of an IPv6 address,
/// for a single household has that many addresses.
public record PeerAddress(String network) {
    private static final int PREFIX_BYTES = 8;

    /// @param address the text of an IP address; any other text stands for itself
    public static PeerAddress of(String address) {
        if (address.indexOf(':') < 0) {
            return new PeerAddress(address);
        }
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            return parsed instanceof Inet6Address
                    ? new PeerAddress(HexFormat.of().formatHex(parsed.getAddress(), 0, PREFIX_BYTES) + "/64")
                    : new PeerAddress(parsed.getHostAddress());
        } catch (IllegalArgumentException e) {
            return new PeerAddress(address);
        }
    }
}
