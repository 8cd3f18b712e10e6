package im.stanzabus.s2s.remote;

import im.stanzabus.s2s.dns.IpFamily;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;

/// Finds the addresses of a host: an empty list if it has none of the family, a failure if that is not known.
interface Addresses {
    Future<List<InetAddress>> find(String host, IpFamily family);
}
