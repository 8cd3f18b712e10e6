package im.stanzabus.cluster.hazelcast;

import com.hazelcast.config.TcpIpConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells Hazelcast where members that were lost may be found again, once they answer: wherever this process
/// has met one, and at the seeds as their names resolve now. Hazelcast itself would try the same addresses
/// for ever and wait several seconds for each frozen process. Confined to one thread, which it blocks for
/// about a second.
final class LostMembers {
    private static final Logger LOG = LoggerFactory.getLogger(LostMembers.class);
    private static final int REMEMBERED = 256;

    private final Seeds seeds;
    private final TcpIpConfig config;
    private final HazelcastInstance instance;
    private final Set<InetSocketAddress> met = new LinkedHashSet<>();

    /// @param config what the instance was made with
    LostMembers(Seeds seeds, TcpIpConfig config, HazelcastInstance instance) {
        this.seeds = seeds;
        this.config = config;
        this.instance = instance;
    }

    /// Looks again who answers without being a member.
    void look() {
        try {
            Set<InetSocketAddress> members = new LinkedHashSet<>();
            instance.getCluster().getMembers().forEach(member -> members.add(member.getSocketAddress()));
            met.addAll(members);
            while (met.size() > REMEMBERED) {
                met.remove(met.iterator().next());
            }
            Set<InetSocketAddress> candidates = new LinkedHashSet<>(seeds.resolved());
            candidates.addAll(met);
            candidates.removeAll(members);
            candidates.removeIf(seeds::isOwn);
            config.setMembers(
                    answering(candidates).stream().map(MemberConfig::place).toList());
        } catch (HazelcastInstanceNotActiveException e) {
            LOG.debug("stopped meanwhile", e);
        }
    }

    /// All are asked at the same time.
    private static List<InetSocketAddress> answering(Set<InetSocketAddress> candidates) {
        List<InetSocketAddress> answering = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (InetSocketAddress candidate : candidates) {
                threads.execute(() -> {
                    if (Seeds.answers(candidate)) {
                        synchronized (answering) {
                            answering.add(candidate);
                        }
                    }
                });
            }
        }
        return answering;
    }
}
