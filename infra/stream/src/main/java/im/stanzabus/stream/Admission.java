package im.stanzabus.stream;

import java.net.InetAddress;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// How many connections there may be, in all and from one address (XEP-0205 section 4.1). One for all
/// instances of a process; safe from any thread. What it remembers is bounded by the connections that there
/// are.
public final class Admission {
    private static final int IPV6_NETWORK_BYTES = 8;

    private final int most;
    private final int mostPerAddress;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentHashMap<String, Integer> byNetwork = new ConcurrentHashMap<>();

    /// @param connections in all; 0 for no limit
    /// @param connectionsPerAddress from one address; 0 for no limit
    public Admission(int connections, int connectionsPerAddress) {
        most = connections == 0 ? Integer.MAX_VALUE : connections;
        mostPerAddress = connectionsPerAddress == 0 ? Integer.MAX_VALUE : connectionsPerAddress;
    }

    /// Counts a connection, unless there are too many. What is counted is to be released.
    public boolean admit(String address) {
        if (all.incrementAndGet() > most) {
            all.decrementAndGet();
            return false;
        }
        String network = network(address);
        if (byNetwork.merge(network, 1, Integer::sum) > mostPerAddress) {
            release(address);
            return false;
        }
        return true;
    }

    /// A connection that was counted is gone.
    public void release(String address) {
        all.decrementAndGet();
        byNetwork.computeIfPresent(network(address), (_, count) -> count == 1 ? null : count - 1);
    }

    /// An IPv6 customer has a whole network of addresses (RFC 6177), which counts as one.
    private static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            byte[] bytes = InetAddress.ofLiteral(address).getAddress();
            return bytes.length <= IPV6_NETWORK_BYTES
                    ? address
                    : HexFormat.of().formatHex(bytes, 0, IPV6_NETWORK_BYTES);
        } catch (IllegalArgumentException e) {
            return address;
        }
    }
}
