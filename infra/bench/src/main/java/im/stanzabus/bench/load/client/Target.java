package im.stanzabus.bench.load.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The server and how to get in.
///
/// @param addresses where users connect to, in turn
/// @param tls whether to use STARTTLS (RFC 6120 section 5)
/// @param from addresses of this machine that connections come from, in turn; empty for any
public record Target(
        List<InetSocketAddress> addresses,
        String domain,
        boolean tls,
        Auth auth,
        String resource,
        List<InetAddress> from) {
    public Target {
        addresses = List.copyOf(addresses);
        from = List.copyOf(from);
    }

    InetSocketAddress address(int index) {
        return addresses.get(index % addresses.size());
    }

    @Nullable
    InetAddress from(int index) {
        return from.isEmpty() ? null : from.get(index % from.size());
    }
}
