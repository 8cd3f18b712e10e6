package im.stanzabus.s2s.remote;

import im.stanzabus.s2s.dns.IpFamily;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Hosts and connections that do what a test wants. A connection is the text of its address.
final class FakeNetwork implements Dialler<String>, Addresses {
    final List<String> log = new ArrayList<>();
    final List<String> closed = new ArrayList<>();
    private final FakeTimers timers;
    private final Map<String, Promise<String>> dialled = new HashMap<>();
    private final Map<String, Future<List<InetAddress>>> hosts = new HashMap<>();

    FakeNetwork(FakeTimers timers) {
        this.timers = timers;
    }

    /// The host has these addresses and no others.
    FakeNetwork host(String name, String... addresses) {
        for (IpFamily family : IpFamily.values()) {
            Stream<InetAddress> all = Arrays.stream(addresses).map(InetAddress::ofLiteral);
            hosts.put(
                    family + name,
                    Future.succeededFuture(
                            all.filter(address -> address instanceof Inet6Address == (family == IpFamily.V6))
                                    .toList()));
        }
        return this;
    }

    /// A look-up that the test ends.
    Promise<List<InetAddress>> slow(String name, IpFamily family) {
        Promise<List<InetAddress>> promise = Promise.promise();
        hosts.put(family + name, promise.future());
        return promise;
    }

    @Override
    public Future<List<InetAddress>> find(String host, IpFamily family) {
        return hosts.getOrDefault(family + host, Future.succeededFuture(List.of()));
    }

    @Override
    public Future<String> dial(InetSocketAddress address) {
        String text = NetUtil.toAddressString(address.getAddress()) + '/' + address.getPort();
        log.add(timers.now() + " " + text);
        Promise<String> promise = Promise.promise();
        dialled.put(text, promise);
        return promise.future();
    }

    @Override
    public void close(String connection) {
        closed.add(connection);
    }

    void accept(String address) {
        dialled.remove(address).complete(address);
    }

    void refuse(String address) {
        dialled.remove(address).fail(new ConnectException("Connection refused: /" + address));
    }

    /// Those that have not ended.
    List<String> underWay() {
        return dialled.keySet().stream().sorted().toList();
    }
}
