package im.stanzabus.cluster.hazelcast;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.LifecycleEvent;
import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.NodeId;
import io.vertx.core.Completable;
import io.vertx.core.Promise;
import io.vertx.core.VertxException;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells Vert.x which node serves an address and where that node is. The address names its node, and members
/// tell each other where they are, so nothing is looked up in the cluster. Vert.x's own way is a distributed
/// map: after a split of the network a member may be missing there for good, and asking it blocks while its
/// partitions move. The maps are still written, for members of versions that read them.
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // so that nobody waits
final class BusDirectory extends HazelcastClusterManager {
    private static final Logger LOG = LoggerFactory.getLogger(BusDirectory.class);

    private final HazelcastMembership membership;

    /// Writes the maps when members come and go. That may take as long as their partitions move, and the threads of
    /// Hazelcast that tell of it tell {@link HazelcastMembership} too.
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("stanzabus-bus-maps").factory());

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

    @Override
    public void memberAdded(MembershipEvent event) {
        write(() -> super.memberAdded(event));
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
        write(() -> super.memberRemoved(event));
    }

    @Override
    public void stateChanged(LifecycleEvent event) {
        write(() -> super.stateChanged(event));
    }

    @Override
    public void leave(Completable<Void> promise) {
        Promise<Void> left = Promise.promise();
        super.leave(left);
        left.future().andThen(_ -> writer.shutdown()).onComplete(promise);
    }

    private void write(Runnable what) {
        try {
            writer.execute(() -> {
                try {
                    what.run();
                } catch (RuntimeException e) {
                    LOG.debug("not all is in the maps", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("stopped meanwhile", e);
        }
    }

    private boolean isMember(String node) {
        try {
            return getNodes().contains(node);
        } catch (HazelcastInstanceNotActiveException e) {
            LOG.debug("stopped meanwhile", e);
            return false;
        }
    }

    private @Nullable NodeInfo find(NodeId node) {
        Announcement announcement = membership.announcement(node);
        return announcement == null || announcement.busHost() == null
                ? null
                : new NodeInfo(announcement.busHost(), announcement.busPort(), null);
    }
}
