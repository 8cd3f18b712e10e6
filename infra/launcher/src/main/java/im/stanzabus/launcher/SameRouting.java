package im.stanzabus.launcher;

import im.stanzabus.bus.Member;
import im.stanzabus.bus.Membership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.RouteRule;
import im.stanzabus.bus.View;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Warns of each member that has other hosts or routes than this process: what one of them sends to an
/// account, or answers it, the other takes for something to be sent to another server.
final class SameRouting {
    private static final Logger LOG = LoggerFactory.getLogger(SameRouting.class);
    private static final int DIGEST_BYTES = 8;

    private final NodeId self;
    private final String own;
    private final Set<NodeId> warned = new HashSet<>();

    private SameRouting(NodeId self, String own) {
        this.self = self;
        this.own = own;
    }

    /// Tells the others, and looks at them now and at each change.
    ///
    /// @return ends that
    static Runnable watch(Membership membership, List<VirtualHost> hosts, List<RouteRule> routes) {
        SameRouting routing = new SameRouting(membership.self(), digest(hosts, routes));
        membership.change(me -> me.withRouting(routing.own));
        Runnable end = membership.listen(routing::look);
        routing.look(membership.view());
        return end;
    }

    private static String digest(List<VirtualHost> hosts, List<RouteRule> routes) {
        StringBuilder all = new StringBuilder();
        hosts.stream()
                .map(VirtualHost::domain)
                .sorted()
                .forEach(host -> all.append(host).append('\n'));
        routes.forEach(route ->
                all.append(route.domains()).append('\t').append(route.service()).append('\n'));
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(all.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized void look(View view) {
        warned.removeIf(node -> !view.has(node));
        for (Member member : view.members()) {
            String theirs = member.routing();
            if (!member.node().equals(self) && theirs != null && !theirs.equals(own) && warned.add(member.node())) {
                LOG.warn(
                        "{} has other hosts or routes than this process: all of a cluster need the same, or stanzas"
                                + " do not reach whom they are for",
                        member.node());
            }
        }
    }
}
