package im.stanzabus.cluster.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.NodeId;
import io.vertx.core.Completable;
import io.vertx.core.VertxException;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells Vert.x which node serves an address and where that node is. The address names its node, and members
/// tell each other where they are, so nothing is looked up in the cluster. Vert.x's own way is a distributed
/// map: after a split of the network a member may be missing there for good, and asking it blocks while its
/// partitions move. The maps are still written, for members of versions that read them.
final class BusDirectory extends HazelcastClusterManager {
    private final HazelcastMembership membership;

    BusDirectory(HazelcastInstance instance, HazelcastMembership membership) {
        super(instance);
        this.membership = membership;
    }

    @Override
    public void setNodeInfo(NodeInfo info, Completable<Void> promise) {
        membership.reachedAt(info.host(), info.port());
        super.setNodeInfo(info, promise);
    }

    @Override
    public void getNodeInfo(String node, Completable<NodeInfo> promise) {
        NodeInfo known = find(new NodeId(node));
        if (known != null) {
            promise.succeed(known);
        } else if (isMember(node)) {
            super.getNodeInfo(node, promise);
        } else {
            promise.fail(new VertxException("not a member of the cluster any more: " + node, true));
        }
    }

    @Override
    public void getRegistrations(String address, Completable<List<RegistrationInfo>> promise) {
        NodeId node = Addresses.nodeOf(address);
        if (find(node) != null) {
            promise.succeed(List.of(new RegistrationInfo(node.name(), 0, false)));
        } else if (isMember(node.name())) {
            super.getRegistrations(address, promise);
        } else {
            promise.succeed(List.of());
        }
    }

    private boolean isMember(String node) {
        return getNodes().contains(node);
    }

    private @Nullable NodeInfo find(NodeId node) {
        Announcement announcement = membership.announcement(node);
        return announcement == null || announcement.busHost() == null
                ? null
                : new NodeInfo(announcement.busHost(), announcement.busPort(), null);
    }
}
