package im.stanzabus.cluster.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.ExecutorConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;

/// How Hazelcast is set up: every process a full member, death noticed within seconds. Nothing is kept there.
final class MemberConfig {
    static final String EXECUTOR = "stanzabus.announcements";

    /// The attribute of a member that names its node.
    static final String NODE = "__vertx.nodeId";

    private static final int QUEUE = 10_000;
    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("hazelcast.logging.type", "slf4j"),
            Map.entry("hazelcast.phone.home.enabled", "false"),
            Map.entry("hazelcast.shutdownhook.enabled", "false"),
            Map.entry("hazelcast.graceful.shutdown.max.wait", "3"),
            Map.entry("hazelcast.wait.seconds.before.join", "0"),
            Map.entry("hazelcast.partition.count", "31"),
            Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
            Map.entry("hazelcast.merge.first.run.delay.seconds", "3"),
            Map.entry("hazelcast.merge.next.run.delay.seconds", "3"),
            Map.entry("hazelcast.tcp.join.previously.joined.member.address.retention.seconds", "0"),
            // what is asked of members that are gone must end before their cluster has merged with another
            Map.entry("hazelcast.invocation.max.retry.count", "15"),
            Map.entry("hazelcast.operation.call.timeout.millis", "4000"));

    private MemberConfig() {}

    static void fill(Config config, JoinSettings settings, List<InetSocketAddress> seeds, Announcements announcements) {
        config.setInstanceName(settings.node().name());
        config.setClusterName(clusterName(settings));
        config.getMemberAttributeConfig().setAttribute(NODE, settings.node().name());
        PROPERTIES.forEach(config::setProperty);
        config.setProperty(
                "hazelcast.max.no.heartbeat.seconds",
                Long.toString(settings.deadAfter().toSeconds()));
        config.getMetricsConfig().setEnabled(false);
        config.getUserContext().put(Exchange.CONTEXT, announcements);
        config.getSerializationConfig().addDataSerializableFactory(Exchange.FACTORY, _ -> new Exchange());
        config.addExecutorConfig(new ExecutorConfig(EXECUTOR, 1).setQueueCapacity(QUEUE));
        network(config, settings);
        join(config.getNetworkConfig().getJoin(), settings, seeds);
    }

    /// Hazelcast never joins or merges clusters of different names, so the name says all that must be equal.
    private static String clusterName(JoinSettings settings) {
        return settings.cluster() + '/' + settings.installation() + '/' + settings.protocol();
    }

    private static void network(Config config, JoinSettings settings) {
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(settings.port()).setPortAutoIncrement(false).setReuseAddress(true);
        boolean any = isAny(settings.host());
        config.setProperty("hazelcast.socket.bind.any", Boolean.toString(any));
        if (!any) {
            network.getInterfaces().setEnabled(true).addInterface(address(settings.host()));
        }
        if (!settings.publicHost().isEmpty()) {
            network.setPublicAddress(
                    settings.port() == 0 ? settings.publicHost() : settings.publicHost() + ':' + settings.port());
        }
    }

    private static void join(JoinConfig join, JoinSettings settings, List<InetSocketAddress> seeds) {
        boolean multicast = settings.way() == JoinSettings.Way.MULTICAST;
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(multicast);
        join.getTcpIpConfig().setEnabled(!multicast).setConnectionTimeoutSeconds(2);
        if (!multicast) {
            seeds.forEach(seed -> join.getTcpIpConfig().addMember(place(seed)));
        }
    }

    /// An address as Hazelcast reads it.
    static String place(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? '[' + host + ']' : host) + ':' + address.getPort();
    }

    static boolean isAny(String host) {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    private static String address(String host) {
        try {
            return InetAddress.getByName(host).getHostAddress();
        } catch (UnknownHostException e) {
            throw new CannotJoin("cluster.host '" + host + "' has no address on this machine");
        }
    }
}
