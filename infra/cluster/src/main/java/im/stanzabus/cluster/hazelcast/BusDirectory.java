package im.stanzabus.cluster.hazelcast;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.View;
import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.shareddata.Counter;
import io.vertx.core.shareddata.Lock;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.NodeListener;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Tells Vert.x which node serves an address and where that node is. The address names its node, and members
/// tell each other where they are, so nothing is kept in the cluster or told of it. Vert.x calls it from any
/// thread.
final class BusDirectory implements ClusterManager {
    private final HazelcastMembership membership;
    private @Nullable RegistrationListener selector;
    private @Nullable Runnable silence;
    private volatile @Nullable NodeInfo own;
    private volatile boolean active;

    /// What Vert.x has been told about each node. It keeps that until it is told otherwise.
    private final Map<NodeId, Set<String>> told = new ConcurrentHashMap<>();

    BusDirectory(HazelcastMembership membership) {
        this.membership = membership;
    }

    @Override
    public void init(Vertx vertx) {
        // needs nothing of it
    }

    @Override
    public void registrationListener(RegistrationListener listener) {
        selector = listener;
    }

    @Override
    public void join(Completable<Void> promise) {
        active = true;
        silence = membership.listen(this::changed);
        promise.succeed();
    }

    private void changed(View view) {
        told.forEach((node, addresses) -> {
            if (!view.has(node)) {
                told.remove(node);
                addresses.forEach(this::takeBack);
            }
        });
    }

    private void takeBack(String address) {
        Objects.requireNonNull(selector).registrationsUpdated(new RegistrationUpdateEvent(address, List.of()));
    }

    @Override
    public void leave(Completable<Void> promise) {
        active = false;
        if (silence != null) {
            silence.run();
        }
        promise.succeed();
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public String getNodeId() {
        return membership.self().name();
    }

    @Override
    public List<String> getNodes() {
        return membership.view().members().stream()
                .map(member -> member.node().name())
                .toList();
    }

    @Override
    public void setNodeInfo(NodeInfo info, Completable<Void> promise) {
        own = info;
        membership.reachedAt(info.host(), info.port());
        promise.succeed();
    }

    @Override
    public @Nullable NodeInfo getNodeInfo() {
        return own;
    }

    @Override
    public void getNodeInfo(String node, Completable<NodeInfo> promise) {
        NodeInfo known = find(new NodeId(node));
        if (known == null) {
            promise.fail(new VertxException("not a member of the cluster: " + node, true));
        } else {
            promise.succeed(known);
        }
    }

    @Override
    public void addRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
        promise.succeed();
    }

    @Override
    public void removeRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
        promise.succeed();
    }

    @Override
    public void getRegistrations(String address, Completable<List<RegistrationInfo>> promise) {
        NodeId node = Addresses.nodeOf(address);
        if (find(node) == null) {
            promise.succeed(List.of());
        } else {
            told.computeIfAbsent(node, _ -> ConcurrentHashMap.newKeySet()).add(address);
            promise.succeed(List.of(new RegistrationInfo(node.name(), 0, false)));
        }
    }

    private @Nullable NodeInfo find(NodeId node) {
        Announcement announcement = membership.announcement(node);
        return announcement == null || announcement.busHost() == null
                ? null
                : new NodeInfo(announcement.busHost(), announcement.busPort(), null);
    }

    @Override
    public void nodeListener(NodeListener listener) {
        throw nothingIsShared();
    }

    @Override
    public <K, V> void getAsyncMap(String name, Completable<AsyncMap<K, V>> promise) {
        promise.fail(nothingIsShared());
    }

    @Override
    public <K, V> Map<K, V> getSyncMap(String name) {
        throw nothingIsShared();
    }

    @Override
    public void getLockWithTimeout(String name, long timeout, Completable<Lock> promise) {
        promise.fail(nothingIsShared());
    }

    @Override
    public void getCounter(String name, Completable<Counter> promise) {
        promise.fail(nothingIsShared());
    }

    private static UnsupportedOperationException nothingIsShared() {
        return new UnsupportedOperationException("members share a bus, and nothing else");
    }
}
