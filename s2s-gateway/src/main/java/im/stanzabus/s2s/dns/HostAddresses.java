package im.stanzabus.s2s.dns;

import io.netty.util.NetUtil;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Function;

/// Finds the addresses of hosts: literals, the hosts file of the operating system, name servers, in this order.
/// Confined to its context.
final class HostAddresses {
    private static final int MAX_ADDRESSES = 16;

    private final DnsClient client;
    private final Function<String, List<InetAddress>> hostsFile;

    /// @param hostsFile empty lists for names that are not in it
    HostAddresses(DnsClient client, Function<String, List<InetAddress>> hostsFile) {
        this.client = client;
        this.hostsFile = hostsFile;
    }

    /// The addresses of one family; empty if there are none. Fails with {@link DnsFailure} if that is not
    /// known.
    Future<List<InetAddress>> find(String host, IpFamily family) {
        List<InetAddress> known = NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)
                ? List.of(InetAddress.ofLiteral(host))
                : hostsFile.apply(host);
        if (!known.isEmpty()) {
            return Future.succeededFuture(
                    known.stream().filter(family::includes).toList());
        }
        RecordType type = family == IpFamily.V6 ? RecordType.AAAA : RecordType.A;
        return client.ask(host, type)
                .map(answer -> answer.records().stream()
                        .filter(ResourceRecord.Address.class::isInstance)
                        .map(data -> ((ResourceRecord.Address) data).address())
                        .limit(MAX_ADDRESSES)
                        .toList());
    }
}
