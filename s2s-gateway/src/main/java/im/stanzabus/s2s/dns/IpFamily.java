package im.stanzabus.s2s.dns;

import java.net.Inet6Address;
import java.net.InetAddress;

/// The two kinds of IP addresses.
public enum IpFamily {
    V6,
    V4;

    boolean includes(InetAddress address) {
        return address instanceof Inet6Address == (this == V6);
    }
}
