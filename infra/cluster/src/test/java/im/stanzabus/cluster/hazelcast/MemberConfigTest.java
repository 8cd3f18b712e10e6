package im.stanzabus.cluster.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.spi.properties.ClusterProperty;
import com.hazelcast.spi.properties.HazelcastProperties;
import com.hazelcast.spi.properties.HazelcastProperty;
import im.stanzabus.bus.Member;
import im.stanzabus.bus.NodeId;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What Hazelcast reads from the configuration that it is given, by its own names: a property that is misspelt
/// here would leave its default there.
class MemberConfigTest {
    private static final NodeId NODE = new NodeId("n1");
    private static final List<InetSocketAddress> SEEDS =
            List.of(new InetSocketAddress("10.1.2.3", 5701), new InetSocketAddress("2001:db8::1", 5702));
    private static final JoinSettings SETTINGS =
            settings(JoinSettings.Way.SEEDS, "127.0.0.1", "", 5701, Duration.ofSeconds(5));

    private static JoinSettings settings(
            JoinSettings.Way way, String host, String publicHost, int port, Duration deadAfter) {
        return new JoinSettings(
                way,
                "verona",
                NODE,
                "1.0",
                3,
                "database-7",
                host,
                publicHost,
                port,
                List.of("ignored:1"),
                List.of(),
                Duration.ofSeconds(10),
                deadAfter);
    }

    private static Config filled(JoinSettings settings) {
        Config config = new Config();
        MemberConfig.fill(
                config,
                settings,
                SEEDS,
                new Announcements(new Member(settings.node(), settings.version(), List.of(), Set.of(), false)));
        return config;
    }

    private static long seconds(Config config, HazelcastProperty property) {
        return new HazelcastProperties(config).getPositiveMillisOrDefault(property, -1) / 1000;
    }

    private static boolean is(Config config, HazelcastProperty property) {
        return new HazelcastProperties(config).getBoolean(property);
    }

    /// Lite members were never found again when the only member with data had gone.
    @Test
    void everyProcessIsAFullMemberThatIsKnownByItsName() {
        Config config = filled(SETTINGS);
        assertThat(config.isLiteMember()).isFalse();
        assertThat(config.getInstanceName()).isEqualTo("n1");
        assertThat(config.getMemberAttributeConfig().getAttributes()).containsExactly(entry("__vertx.nodeId", "n1"));
        assertThat(config.getUserContext()).containsKey(Exchange.CONTEXT);
        assertThat(config.getSerializationConfig().getDataSerializableFactories())
                .containsKey(Exchange.FACTORY);
    }

    @ParameterizedTest
    @CsvSource({"2", "5", "30"})
    void whoIsSilentIsMissedWithinSeconds(int deadAfter) {
        Config config = filled(settings(JoinSettings.Way.SEEDS, "127.0.0.1", "", 5701, Duration.ofSeconds(deadAfter)));
        assertThat(seconds(config, ClusterProperty.HEARTBEAT_INTERVAL_SECONDS)).isEqualTo(1);
        assertThat(seconds(config, ClusterProperty.MAX_NO_HEARTBEAT_SECONDS)).isEqualTo(deadAfter);
    }

    @Test
    void halvesMergeAndNobodyWaitsForWhoIsGone() {
        Config config = filled(SETTINGS);
        assertThat(seconds(config, ClusterProperty.MERGE_FIRST_RUN_DELAY_SECONDS))
                .isEqualTo(3);
        assertThat(seconds(config, ClusterProperty.MERGE_NEXT_RUN_DELAY_SECONDS))
                .isEqualTo(3);
        assertThat(seconds(config, ClusterProperty.OPERATION_CALL_TIMEOUT_MILLIS))
                .isEqualTo(4);
        assertThat(new HazelcastProperties(config).getInteger(ClusterProperty.INVOCATION_MAX_RETRY_COUNT))
                .isEqualTo(15);
        assertThat(new HazelcastProperties(config).getSeconds(ClusterProperty.WAIT_SECONDS_BEFORE_JOIN))
                .isZero();
        assertThat(new HazelcastProperties(config)
                        .getSeconds(ClusterProperty.TCP_PREVIOUSLY_JOINED_MEMBER_ADDRESS_RETENTION_DURATION))
                .isZero();
        assertThat(seconds(config, ClusterProperty.GRACEFUL_SHUTDOWN_MAX_WAIT)).isEqualTo(3);
    }

    /// Nothing is kept in partitions, so that there are no backups.
    @Test
    void thereAreFewPartitionsAndBoundedQueues() {
        Config config = filled(SETTINGS);
        assertThat(new HazelcastProperties(config).getInteger(ClusterProperty.PARTITION_COUNT))
                .isEqualTo(31);
        assertThat(config.getExecutorConfig(MemberConfig.EXECUTOR).getQueueCapacity())
                .as("bounded")
                .isBetween(1, 100_000);
    }

    @Test
    void nothingIsToldToAnybodyElseAndTheProcessEndsAsWeSay() {
        Config config = filled(SETTINGS);
        assertThat(is(config, ClusterProperty.PHONE_HOME_ENABLED)).isFalse();
        assertThat(is(config, ClusterProperty.SHUTDOWNHOOK_ENABLED)).isFalse();
        assertThat(config.getMetricsConfig().isEnabled()).isFalse();
        assertThat(config.getProperty(ClusterProperty.LOGGING_TYPE.getName())).isEqualTo("slf4j");
    }

    @Test
    void membersAreFoundAtTheSeedsInEitherWayButMulticast() {
        for (JoinSettings.Way way : List.of(JoinSettings.Way.SEEDS, JoinSettings.Way.DNS)) {
            JoinConfig join = join(way);
            assertThat(join.getMulticastConfig().isEnabled()).isFalse();
            assertThat(join.getTcpIpConfig().isEnabled()).isTrue();
            assertThat(join.getTcpIpConfig().getMembers())
                    .containsExactly("10.1.2.3:5701", "[2001:db8:0:0:0:0:0:1]:5702");
            assertThat(join.getTcpIpConfig().getConnectionTimeoutSeconds()).isEqualTo(2);
        }
        JoinConfig multicast = join(JoinSettings.Way.MULTICAST);
        assertThat(multicast.getMulticastConfig().isEnabled()).isTrue();
        assertThat(multicast.getTcpIpConfig().isEnabled()).isFalse();
        assertThat(multicast.getTcpIpConfig().getMembers()).isEmpty();
    }

    /// And in no way that its surroundings suggest to Hazelcast.
    private static JoinConfig join(JoinSettings.Way way) {
        JoinConfig join = filled(settings(way, "127.0.0.1", "", 5701, Duration.ofSeconds(5)))
                .getNetworkConfig()
                .getJoin();
        assertThat(join.isAutoDetectionEnabled()).isFalse();
        assertThat(join.getKubernetesConfig().isEnabled()).isFalse();
        return join;
    }

    /// Only those go together that share a database and speak one language.
    @Test
    void theClustersNameSaysAllThatMustBeEqual() {
        assertThat(filled(SETTINGS).getClusterName()).isEqualTo("verona/database-7/3");
    }

    @Test
    void oneAddressIsListenedOnAtOnePort() {
        Config config = filled(SETTINGS);
        NetworkConfig network = config.getNetworkConfig();
        assertThat(network.getPort()).isEqualTo(5701);
        assertThat(network.isPortAutoIncrement()).isFalse();
        assertThat(network.getInterfaces().isEnabled()).isTrue();
        assertThat(network.getInterfaces().getInterfaces()).containsExactly("127.0.0.1");
        assertThat(network.getPublicAddress()).isNull();
        assertThat(is(config, ClusterProperty.SOCKET_BIND_ANY)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 5701, chat.example.org:5701",
        "::, 5701, chat.example.org:5701",
        "0.0.0.0, 0, chat.example.org"
    })
    void everyAddressIsListenedOnIfThatIsWishedAndThePublicOneIsTold(String host, int port, String told) {
        Config config = filled(settings(JoinSettings.Way.SEEDS, host, "chat.example.org", port, Duration.ofSeconds(5)));
        assertThat(config.getNetworkConfig().getInterfaces().isEnabled()).isFalse();
        assertThat(is(config, ClusterProperty.SOCKET_BIND_ANY)).isTrue();
        assertThat(config.getNetworkConfig().getPublicAddress()).isEqualTo(told);
    }

    @Test
    void aHostWithoutAnAddressIsTold() {
        assertThatThrownBy(() ->
                        filled(settings(JoinSettings.Way.SEEDS, "no-such-host.invalid", "", 0, Duration.ofSeconds(5))))
                .isInstanceOf(CannotJoin.class)
                .hasMessageContaining("no-such-host.invalid");
    }
}
