package im.stanzabus.s2s.dns;

import com.github.benmanes.caffeine.cache.Ticker;
import io.netty.resolver.DefaultHostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.net.InetAddress;
import java.util.List;
import java.util.random.RandomGenerator;

/// What DNS says of remote domains and their hosts. Answers are remembered for as long as they allow. Never
/// blocks. Confined to its context, which must be one of an event loop.
public final class Dns implements AutoCloseable {
    private final NettyDnsClient client;
    private final Locator locator;
    private final HostAddresses hosts;

    public Dns(Context context, DnsConfig config) {
        client = new NettyDnsClient((ContextInternal) context, config);
        AnswerCache cache = new AnswerCache(client, config, Ticker.systemTicker());
        locator = new Locator(cache, RandomGenerator.getDefault());
        DefaultHostsFileEntriesResolver hostsFile = new DefaultHostsFileEntriesResolver();
        hosts = new HostAddresses(cache, host -> {
            List<InetAddress> found = hostsFile.addresses(host, ResolvedAddressTypes.IPV6_PREFERRED);
            return found == null ? List.of() : found;
        });
    }

    /// Finds where a domain is served. Always succeeds.
    ///
    /// @param domain the domainpart of a JID
    public Future<Location> locate(String domain) {
        return locator.locate(domain);
    }

    /// The addresses of a host that are of one family; empty if it has none. Fails with {@link DnsFailure} if
    /// that is not known.
    ///
    /// @param host as in {@link Target}
    public Future<List<InetAddress>> addresses(String host, IpFamily family) {
        return hosts.find(host, family);
    }

    @Override
    public void close() {
        client.close();
    }
}
