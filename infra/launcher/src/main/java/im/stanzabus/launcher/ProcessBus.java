package im.stanzabus.launcher;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.Membership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.cluster.hazelcast.HazelcastMembership;
import im.stanzabus.cluster.lease.BusNode;
import im.stanzabus.cluster.lease.Isolation;
import im.stanzabus.cluster.lease.NodeHeartbeat;
import im.stanzabus.cluster.lease.PgLeases;
import im.stanzabus.storage.DatabaseConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bus of a process: one of its own, or its place on that of a cluster. A process that is alone never
/// touches Hazelcast. Used by the starting thread and the stopping one.
final class ProcessBus {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessBus.class);
    private static final Duration STEP_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    /// Leaving a cluster waits three seconds at most for what is moved to the others.
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(6);

    private final Bus bus;
    private final boolean alone;
    private final @Nullable NodeHeartbeat heartbeat;
    private final Isolation isolation;

    private ProcessBus(Bus bus, boolean alone, @Nullable NodeHeartbeat heartbeat) {
        this.bus = bus;
        this.alone = alone;
        this.heartbeat = heartbeat;
        this.isolation = heartbeat == null ? Isolation.none() : heartbeat.isolation();
    }

    /// Opens the bus; blocks. What has been started is stopped by the sequence.
    ///
    /// @param alone true if it is not to be a member of a cluster
    /// @throws RuntimeException what keeps it from that, for {@link StartFailure}
    static ProcessBus open(ServerConfig config, boolean alone, StopSequence stops) {
        ClusterConfig cluster = config.cluster();
        NodeId node = cluster.newNode();
        NodeHeartbeat heartbeat = config.database() instanceof DatabaseSettings.External external
                ? enter(external.config(), cluster.busNode(node, alone), stops)
                : null;
        if (alone || heartbeat == null) {
            Vertx vertx = ProcessVertx.create();
            stops.add("Vert.x", STOP_LIMIT, vertx::close);
            LocalMembership membership = new LocalMembership(node, Version.CURRENT);
            return joined(vertx, membership, "", true, heartbeat);
        }
        return join(cluster, node, heartbeat, stops);
    }

    private static NodeHeartbeat enter(DatabaseConfig database, BusNode me, StopSequence stops) {
        Vertx heart = ProcessVertx.small();
        stops.add("heartbeat's Vert.x", STOP_LIMIT, heart::close);
        NodeHeartbeat heartbeat =
                Blocking.await(NodeHeartbeat.enter(heart, database, me), STEP_LIMIT, "entering the database");
        stops.add("heartbeat", STOP_LIMIT, heartbeat::leave);
        return heartbeat;
    }

    private static ProcessBus join(ClusterConfig cluster, NodeId node, NodeHeartbeat heartbeat, StopSequence stops) {
        warn(cluster);
        tryPort(cluster);
        List<String> known = heartbeat.others().stream()
                .map(BusNode::address)
                .filter(address -> !address.isEmpty())
                .toList();
        HazelcastMembership membership =
                HazelcastMembership.join(cluster.joining(node, heartbeat.installation(), known));
        stops.add("membership", LEAVE_LIMIT, () -> leave(membership));
        new SharedDatabase(heartbeat::living).check(membership);
        Runnable silence = membership.listen(new MemberLog(membership.view()));
        stops.add("member log", STOP_LIMIT, StopSequence.blocking(silence));
        Vertx vertx = Blocking.await(
                ProcessVertx.clustered(membership.clusterManager(), cluster, membership.publicHost()),
                STEP_LIMIT,
                "opening the bus");
        stops.add("Vert.x", STOP_LIMIT, vertx::close);
        return joined(vertx, membership, membership.address(), false, heartbeat);
    }

    private static ProcessBus joined(
            Vertx vertx, Membership membership, String address, boolean alone, @Nullable NodeHeartbeat heartbeat) {
        if (heartbeat != null) {
            heartbeat.joined(membership, address);
        }
        return new ProcessBus(new Bus(vertx, membership), alone, heartbeat);
    }

    /// On a thread of its own, so that one that hangs does not hang the rest.
    private static Future<Void> leave(HazelcastMembership membership) {
        Promise<Void> left = Promise.promise();
        Thread.ofPlatform().daemon().name("stanzabus-leave").start(() -> {
            membership.leave();
            left.complete();
        });
        return left.future();
    }

    private static void warn(ClusterConfig cluster) {
        try {
            if (!InetAddress.getByName(cluster.host()).isLoopbackAddress()) {
                LOG.warn(
                        "members of the cluster are taken in at {} without a password and without TLS: only they may"
                                + " reach cluster.port and cluster.bus-port",
                        cluster.host());
            }
        } catch (UnknownHostException e) {
            throw new StartupException("cluster.host '" + cluster.host() + "' has no address");
        }
    }

    /// Vert.x would tell of a port that is taken with a stack trace, and not which one it is.
    private static void tryPort(ClusterConfig cluster) {
        if (cluster.busPort() == 0) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(cluster.host()), cluster.busPort()));
        } catch (IOException e) {
            LOG.debug("no port", e);
            throw new StartupException("cluster.bus-port " + cluster.busPort() + " at cluster.host " + cluster.host()
                    + " cannot be listened on: " + e.getMessage());
        }
    }

    Bus bus() {
        return bus;
    }

    /// Makes the leases of this process. While it is isolated it holds none.
    PgLeases leasesIn(Pool database) {
        PgLeases leases = new PgLeases(database, alone, isolation);
        isolation.listen(isolated -> {
            if (isolated) {
                leases.releaseAll(bus.self()).onFailure(failure -> LOG.debug("not given back", failure));
            }
        });
        return leases;
    }

    Isolation isolation() {
        return isolation;
    }

    /// Takes the process off the database, before it leaves the bus.
    Future<Void> leaveDatabase() {
        return heartbeat == null ? Future.succeededFuture() : heartbeat.leave();
    }
}
