package im.stanzabus.cluster.hazelcast;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.config.TcpIpConfig;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.LifecycleEvent;
import im.stanzabus.bus.Member;
import im.stanzabus.bus.Membership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.View;
import io.vertx.core.spi.cluster.ClusterManager;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Membership of a cluster. Hazelcast says who lives; what members serve they tell each other directly: at
/// every change, when somebody comes or two halves find together again, and every two seconds. Safe from any
/// thread.
public final class HazelcastMembership implements Membership {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastMembership.class);
    private static final long EXCHANGE_MILLIS = 2_000;
    private static final Duration INTRODUCTIONS = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 10;

    private final NodeId self;
    private final HazelcastInstance instance;
    private final Announcements announcements;
    private final AtomicBoolean exchangeIsDue = new AtomicBoolean();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("stanzabus-members").factory());

    private final ScheduledExecutorService searcher = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("stanzabus-lost-members").factory());
    private @Nullable ScheduledFuture<?> routine;
    private @Nullable ScheduledFuture<?> search;

    private HazelcastMembership(NodeId self, HazelcastInstance instance, Announcements announcements) {
        this.self = self;
        this.instance = instance;
        this.announcements = announcements;
    }

    /// Joins the cluster; blocks until every member has introduced itself, or it is clear that nobody is
    /// there and this process may begin.
    ///
    /// @throws CannotJoin if it may not, or finds another cluster
    public static HazelcastMembership join(JoinSettings settings) {
        Announcements announcements =
                new Announcements(new Member(settings.node(), settings.version(), List.of(), Set.of(), false));
        Config config = new Config();
        HazelcastInstance instance = new Joining(settings, announcements).run(config);
        HazelcastMembership membership = new HazelcastMembership(settings.node(), instance, announcements);
        TcpIpConfig places = config.getNetworkConfig().getJoin().getTcpIpConfig();
        membership.start(new LostMembers(new Seeds(settings), places, instance));
        return membership;
    }

    private void start(LostMembers lost) {
        search = searcher.scheduleWithFixedDelay(lost::look, 0, EXCHANGE_MILLIS, TimeUnit.MILLISECONDS);
        instance.getCluster().addMembershipListener(new Comings());
        instance.getLifecycleService().addLifecycleListener(this::changed);
        living();
        routine = thread.scheduleWithFixedDelay(this::routine, 0, EXCHANGE_MILLIS, TimeUnit.MILLISECONDS);
        long deadline = System.nanoTime() + INTRODUCTIONS.toNanos();
        try {
            while (!announcements.isComplete() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What Vert.x needs to span the bus over the members. To be used for one Vert.x.
    public ClusterManager clusterManager() {
        return new BusDirectory(this);
    }

    void reachedAt(String host, int port) {
        announcements.reachedAt(host, port);
        exchangeSoon();
    }

    @Nullable
    Announcement announcement(NodeId node) {
        return announcements.of(node);
    }

    /// The host by which the others know this process.
    public String publicHost() {
        return instance.getCluster().getLocalMember().getAddress().getHost();
    }

    /// Where others join this process, `host:port`.
    public String address() {
        int port = instance.getCluster().getLocalMember().getAddress().getPort();
        return publicHost().contains(":") ? '[' + publicHost() + "]:" + port : publicHost() + ':' + port;
    }

    @Override
    public NodeId self() {
        return self;
    }

    @Override
    public View view() {
        return announcements.view();
    }

    @Override
    public Runnable listen(Consumer<View> listener) {
        return announcements.listen(listener);
    }

    @Override
    public void change(UnaryOperator<Member> change) {
        if (announcements.change(change)) {
            exchangeSoon();
        }
    }

    /// Leaves the cluster in good order; blocks for some seconds at most. The Vert.x on it must be closed.
    public void leave() {
        end();
        instance.getLifecycleService().shutdown();
    }

    /// Is gone as if the process had been killed.
    void die() {
        end();
        instance.getLifecycleService().terminate();
    }

    private void end() {
        cancel(routine);
        cancel(search);
        thread.shutdown();
        searcher.shutdown();
    }

    private static void cancel(@Nullable ScheduledFuture<?> task) {
        if (task != null) {
            task.cancel(false);
        }
    }

    private void changed(LifecycleEvent event) {
        if (event.getState() == LifecycleEvent.LifecycleState.MERGED) {
            living();
            exchangeSoon();
        }
    }

    private void routine() {
        living();
        announcements.prune();
        exchange();
    }

    /// Asks Hazelcast itself instead of trusting that no event was missed.
    private void living() {
        try {
            Set<NodeId> nodes = new HashSet<>(Set.of(self));
            for (com.hazelcast.cluster.Member member : instance.getCluster().getMembers()) {
                String node = member.getAttribute(MemberConfig.NODE);
                if (node != null) {
                    nodes.add(new NodeId(node));
                }
            }
            announcements.living(nodes);
        } catch (HazelcastInstanceNotActiveException e) {
            LOG.debug("stopped meanwhile", e);
        }
    }

    /// Several changes in a row are told together.
    private void exchangeSoon() {
        if (exchangeIsDue.compareAndSet(false, true)) {
            try {
                thread.execute(this::exchange);
            } catch (RejectedExecutionException e) {
                LOG.debug("stopped meanwhile", e);
            }
        }
    }

    private void exchange() {
        exchangeIsDue.set(false);
        try {
            Exchange exchange = new Exchange(announcements.own());
            Cluster cluster = instance.getCluster();
            for (com.hazelcast.cluster.Member member : cluster.getMembers()) {
                if (!member.localMember()) {
                    instance.getExecutorService(MemberConfig.EXECUTOR).submitToMember(exchange, member, new Answer());
                }
            }
        } catch (RuntimeException e) {
            LOG.debug("not told to everybody; the next time is soon", e);
        }
    }

    private final class Answer implements ExecutionCallback<byte[]> {
        @Override
        public void onResponse(byte[] answer) {
            announcements.learn(answer);
        }

        @Override
        public void onFailure(Throwable failure) {
            LOG.debug("a member did not answer; the next time is soon", failure);
        }
    }

    private final class Comings implements MembershipListener {
        @Override
        public void memberAdded(MembershipEvent event) {
            living();
            exchangeSoon();
        }

        @Override
        public void memberRemoved(MembershipEvent event) {
            living();
        }
    }
}
