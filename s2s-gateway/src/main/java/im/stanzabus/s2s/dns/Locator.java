package im.stanzabus.s2s.dns;

import im.stanzabus.stanza.DomainNames;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Finds where a domain is served (RFC 6120 section 3.2, XEP-0368). Confined to its context.
final class Locator {
    /// For streams between servers (RFC 6120 section 14.7).
    private static final int PORT = 5269;

    private static final String DIRECT_TLS = "_xmpps-server._tcp.";
    private static final String PLAIN = "_xmpp-server._tcp.";
    private static final int MAX_NAME = 253;
    private static final int MAX_TARGETS = 16;

    private final DnsClient client;
    private final RandomGenerator random;

    Locator(DnsClient client, RandomGenerator random) {
        this.client = client;
        this.random = random;
    }

    /// @param domain the domainpart of a JID
    Future<Location> locate(String domain) {
        String literal = literal(domain);
        if (!literal.isEmpty()) {
            return Future.succeededFuture(atDefaultPort(literal));
        }
        String name = DomainNames.ascii(domain);
        if (name.length() > MAX_NAME) {
            return Future.succeededFuture(new Location.NotServed("the name is too long for DNS"));
        }
        Future<Answer> directTls = services(DIRECT_TLS + name);
        Future<Answer> plain = services(PLAIN + name);
        return Future.join(directTls, plain).transform(_ -> Future.succeededFuture(location(name, directTls, plain)));
    }

    /// The address that a domain is, without brackets (RFC 7622 section 3.2); empty for a name.
    private static String literal(String domain) {
        if (domain.startsWith("[") && domain.endsWith("]")) {
            return domain.substring(1, domain.length() - 1);
        }
        return NetUtil.isValidIpV4Address(domain) ? domain : "";
    }

    private static Location atDefaultPort(String host) {
        return new Location.Served(List.of(new Target(host, PORT, false)));
    }

    private Future<Answer> services(String name) {
        return name.length() > MAX_NAME ? Future.succeededFuture(Answer.NONE) : client.ask(name, RecordType.SRV);
    }

    /// Records of both kinds are tried as if they were of one (XEP-0368 section 3). Any record at all, also one
    /// that says that the service is not offered, means that the domain's own addresses are not tried (XEP-0368
    /// section 5).
    ///
    /// RFC 6120 section 3.2.1 would have them tried also if there is no answer. That is not done: who can make
    /// an answer fail to appear would choose where the domain is served, and dialback would believe it.
    private Location location(String name, Future<Answer> directTls, Future<Answer> plain) {
        List<WeightedTarget> offered = new ArrayList<>(offered(directTls, true));
        offered.addAll(offered(plain, false));
        if (!offered.isEmpty()) {
            List<Target> targets = WeightedTarget.order(offered, random);
            return new Location.Served(List.copyOf(targets.subList(0, Math.min(targets.size(), MAX_TARGETS))));
        }
        for (Future<Answer> asked : List.of(directTls, plain)) {
            if (asked.failed()) {
                return new Location.Unknown("DNS: " + asked.cause().getMessage());
            }
        }
        boolean none = directTls.result().records().isEmpty()
                && plain.result().records().isEmpty();
        return none ? atDefaultPort(name) : new Location.NotServed("the domain offers no XMPP service");
    }

    private static List<WeightedTarget> offered(Future<Answer> asked, boolean directTls) {
        List<WeightedTarget> targets = new ArrayList<>();
        if (asked.succeeded()) {
            for (ResourceRecord data : asked.result().records()) {
                if (data instanceof ResourceRecord.Srv srv && srv.isOffered()) {
                    Target target = new Target(srv.target(), srv.port(), directTls);
                    targets.add(new WeightedTarget(srv.priority(), srv.weight(), target));
                }
            }
        }
        return targets;
    }
}
