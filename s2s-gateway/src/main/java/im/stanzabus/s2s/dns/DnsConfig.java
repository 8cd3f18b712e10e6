package im.stanzabus.s2s.dns;

import im.stanzabus.launcher.config.Settings;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How name servers are asked.
///
/// @param servers asked one after the other until one answers; empty for those of the operating
///     system
/// @param timeout how long one server may take to answer one question
/// @param rounds how often each of them is asked
/// @param maxTtl how long an answer is remembered at most, whatever it says itself
/// @param maxNegativeTtl how long it is remembered at most that there are no records
/// @param cacheBytes how much memory the answers may take
public record DnsConfig(
        List<InetSocketAddress> servers,
        Duration timeout,
        int rounds,
        Duration maxTtl,
        Duration maxNegativeTtl,
        int cacheBytes) {
    private static final int DNS_PORT = 53;

    /// Reads the section `dns`.
    public static DnsConfig read(Settings settings) {
        Duration timeout = settings.duration("timeout", Duration.ofSeconds(3));
        if (timeout.isZero()) {
            settings.error("timeout", "must be more than 0");
        }
        return new DnsConfig(
                servers(settings),
                timeout,
                settings.number("rounds", 2, 1, 10),
                settings.duration("max-ttl", Duration.ofHours(1)),
                settings.duration("max-negative-ttl", Duration.ofMinutes(1)),
                settings.bytes("cache-bytes", 4 << 20, 1 << 16, 1 << 28));
    }

    private static List<InetSocketAddress> servers(Settings settings) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String text : settings.list("servers", List.of())) {
            InetSocketAddress server = server(text);
            if (server == null) {
                settings.error(
                        "servers", "must be IP addresses, such as 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:53");
            } else {
                servers.add(server);
            }
        }
        return List.copyOf(servers);
    }

    /// Null if the text is not an address with or without a port. An IPv6 address has brackets if a
    /// port follows.
    private static @Nullable InetSocketAddress server(String text) {
        if (NetUtil.isValidIpV4Address(text) || NetUtil.isValidIpV6Address(text)) {
            return at(text, DNS_PORT);
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            return null;
        }
        String host = text.substring(0, colon);
        int port = Integer.parseInt(text.substring(colon + 1));
        boolean v6 = host.startsWith("[") && host.endsWith("]");
        String address = v6 ? host.substring(1, host.length() - 1) : host;
        boolean valid = v6 ? NetUtil.isValidIpV6Address(address) : NetUtil.isValidIpV4Address(address);
        return valid && port >= 1 && port <= 65_535 ? at(address, port) : null;
    }

    private static InetSocketAddress at(String literal, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    }
}
