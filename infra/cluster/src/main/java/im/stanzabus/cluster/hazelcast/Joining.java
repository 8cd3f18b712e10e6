package im.stanzabus.cluster.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes a member of this process, once. Blocks.
final class Joining {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
    private static final long RETRY_MILLIS = 500;

    /// What Hazelcast says before it has read its configuration goes where this property says.
    private static final String LOGGING = "hazelcast.logging.type";

    /// How long two processes that start at the same time may need to find together.
    private static final long MEETING_MILLIS = 6_000;

    private final JoinSettings settings;
    private final Announcements announcements;
    private final Seeds seeds;

    Joining(JoinSettings settings, Announcements announcements) {
        this.settings = settings;
        this.announcements = announcements;
        this.seeds = new Seeds(settings);
    }

    /// @param config empty, to be filled and used by the instance
    HazelcastInstance run(Config config) {
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, "slf4j");
        }
        NameCache.shorten();
        tryPort();
        boolean multicast = settings.way() == JoinSettings.Way.MULTICAST;
        List<InetSocketAddress> addresses = multicast ? seeds.resolved() : meetingPlace();
        HazelcastInstance instance = member(config, addresses);
        refuseStrangers(instance, addresses);
        return instance;
    }

    /// Hazelcast would tell of a port that is taken with a stack trace.
    private void tryPort() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(settings.host()), settings.port()));
        } catch (UnknownHostException e) {
            LOG.debug("no address", e);
            throw new CannotJoin("cluster.host '" + settings.host() + "' has no address");
        } catch (IOException e) {
            LOG.debug("no port", e);
            throw new CannotJoin("cluster.port " + settings.port() + " at cluster.host " + settings.host()
                    + " cannot be listened on: " + e.getMessage());
        }
    }

    /// The seeds, when one of them answers or this process is one itself, without those that are frozen: see
    /// {@link LostMembers}.
    private List<InetSocketAddress> meetingPlace() {
        long deadline = System.nanoTime() + settings.patience().toNanos();
        while (true) {
            List<InetSocketAddress> addresses = seeds.resolved();
            List<InetSocketAddress> others =
                    addresses.stream().filter(address -> !seeds.isOwn(address)).toList();
            if (others.size() < addresses.size() || others.stream().anyMatch(Seeds::answers)) {
                return addresses.stream()
                        .filter(address -> seeds.isOwn(address) || !Seeds.isSilent(address))
                        .toList();
            }
            if (System.nanoTime() > deadline) {
                throw new CannotJoin(addresses.isEmpty() ? nameless() : nobody());
            }
            pause();
        }
    }

    private String nameless() {
        return "the cluster '" + settings.cluster() + "' cannot be joined: " + String.join(", ", settings.seeds())
                + " has no addresses";
    }

    private String nobody() {
        return "the cluster '" + settings.cluster() + "' cannot be joined: none of " + places() + " answers within "
                + settings.patience().toSeconds()
                + " s, and this process is none of them, so it may not begin a cluster itself";
    }

    private String places() {
        return String.join(", ", settings.seeds());
    }

    private HazelcastInstance member(Config config, List<InetSocketAddress> addresses) {
        try {
            MemberConfig.fill(config, settings, addresses, announcements);
            return HazelcastInstanceFactory.newHazelcastInstance(
                    config, config.getInstanceName(), new PatientContext());
        } catch (HazelcastException | IllegalStateException e) {
            LOG.debug("no member", e);
            throw new CannotJoin("the cluster '" + settings.cluster() + "' cannot be joined: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    /// Hazelcast passes over a cluster of another name and begins one of its own: whoever is alone
    /// then although somebody answers at another seed has met strangers.
    private void refuseStrangers(HazelcastInstance instance, List<InetSocketAddress> addresses) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MEETING_MILLIS);
        List<InetSocketAddress> strangers = strangers(instance, addresses);
        while (!strangers.isEmpty() && System.nanoTime() < deadline) {
            pause();
            strangers = strangers(instance, strangers);
        }
        if (!strangers.isEmpty()) {
            instance.getLifecycleService().terminate();
            throw new CannotJoin("at "
                    + strangers.stream()
                            .map(address -> address.getAddress().getHostAddress() + ':' + address.getPort())
                            .collect(Collectors.joining(", "))
                    + " there is a cluster that this process does not belong to: "
                    + (settings.way() == JoinSettings.Way.MULTICAST ? "the network lets no multicast through, or " : "")
                    + "it has another database, another name than '" + settings.cluster()
                    + "', or a version that speaks another protocol than " + settings.protocol());
        }
    }

    private List<InetSocketAddress> strangers(HazelcastInstance instance, List<InetSocketAddress> addresses) {
        Set<InetSocketAddress> members = new HashSet<>();
        instance.getCluster().getMembers().forEach(member -> members.add(member.getSocketAddress()));
        if (members.size() > 1) {
            return List.of();
        }
        return addresses.stream()
                .filter(address -> !seeds.isOwn(address) && !members.contains(address) && Seeds.answers(address))
                .toList();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotJoin("joining was interrupted");
        }
    }
}
