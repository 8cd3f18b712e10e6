package im.stanzabus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.launcher.config.ConfigError;
import im.stanzabus.launcher.config.ConfigFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterConfigTest {
    private static ClusterConfig read(ConfigFile file) {
        return ClusterConfig.read(file.root().section("cluster"));
    }

    private static ConfigFile file(String section) {
        return ConfigFile.of("cluster: {" + section + "}", Path.of(""));
    }

    @Test
    void isAloneByDefault() {
        ConfigFile file = file("");
        ClusterConfig config = read(file);

        assertThat(config.isAlone()).isTrue();
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.port()).isEqualTo(5701);
        assertThat(file.errors()).isEmpty();
    }

    @Test
    void seedsHaveTheOwnPortUnlessTheyHaveAnother() {
        ConfigFile file = file(
                "join: seeds, host: 10.0.0.1, seeds: [a.example, 'b.example:6000', '[2001:db8::1]', 10.0.0.1], dead-after: 2 s");
        ClusterConfig config = read(file);

        assertThat(config.seeds())
                .containsExactly("a.example:5701", "b.example:6000", "[2001:db8::1]:5701", "10.0.0.1:5701");
        assertThat(config.deadAfter()).isEqualTo(Duration.ofSeconds(2));
        assertThat(file.errors()).isEmpty();
    }

    /// A process beside another one on its machine, with the configuration of that.
    @Test
    void whoListensAnywhereLooksForSeedsWhereTheyAre() {
        ConfigFile file = file("join: seeds, host: 10.0.0.1, seeds: [a.example, 'b.example:6000'], port: 0");

        assertThat(read(file).seeds()).containsExactly("a.example:5701", "b.example:6000");
        assertThat(file.errors()).isEmpty();
    }

    @Test
    void everyKeyCanBeSetByTheEnvironment() {
        ConfigFile file = ConfigFile.of(
                "",
                Path.of(""),
                Map.of(
                        "STANZABUS_CLUSTER_JOIN", "dns",
                        "STANZABUS_CLUSTER_DNS", "members.example",
                        "STANZABUS_CLUSTER_HOST", "10.1.2.3",
                        "STANZABUS_CLUSTER_NODE", "pod-1"));
        ClusterConfig config = read(file);

        assertThat(config.join()).isEqualTo(ClusterConfig.Join.DNS);
        assertThat(config.newNode().name()).matches("pod-1-[0-9a-f]{8}");
        assertThat(config.newNode()).isNotEqualTo(config.newNode());
        assertThat(config.joining(config.newNode(), "i", List.of()).seeds()).containsExactly("members.example:5701");
        assertThat(file.errors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            join: sometimes                         | cluster.join: must be one of none, seeds, dns, multicast, not 'sometimes'
            join: seeds                             | cluster.seeds: is missing, which cluster.join: seeds needs
            join: dns                               | cluster.dns: is missing, which cluster.join: dns needs
            seeds: [a.example]                      | cluster.seeds: has no use without cluster.join: seeds
            join: multicast, dns: a.example         | cluster.dns: has no use without cluster.join: dns
            join: seeds, seeds: ['a:b']             | cluster.seeds: 'a:b' is not of the form host:port
            join: dns, dns: a, port: 0              | cluster.port: must be the same fixed one for all members that are found by DNS
            name: a@b                               | cluster.name: must be letters, digits, dots, hyphens and underscores, not 'a@b'
            node: ''                                | cluster.node: must be letters, digits, dots, hyphens and underscores, not ''
            host: ''                                | cluster.host: is empty; 0.0.0.0 is every address of this machine
            port: 6000, bus-port: 6000              | cluster.bus-port: is the same as port
            port: 70000                             | cluster.port: must be a whole number from 0 to 65535, not '70000'
            dead-after: 500 ms                      | cluster.dead-after: must be whole seconds from 2 s to 5 min
            join-timeout: 1 h                       | cluster.join-timeout: must be whole seconds from 2 s to 5 min
            host: 0.0.0.0, public-host: '::'        | cluster.public-host: '::' is no address that other members could use
            seed: [a]                               | cluster.seed: unknown key; did you mean 'seeds'?
            """)
    void everyMistakeIsToldWithItsLine(String section, String error) {
        ConfigFile file = file(section);
        read(file);

        assertThat(file.errors().stream().map(ConfigError::toString)).contains("stanzabus.yaml:1: " + error);
    }

    /// A process that others cannot reach, or that takes their seeds for itself, would begin a cluster of its own.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            join: seeds, seeds: [10.0.0.1]                             | host: is 127.0.0.1, where only this machine can reach it; the seed 10.0.0.1:5701 needs
            join: seeds, seeds: [a.example], host: localhost           | host: is localhost, where only this machine can reach it; the seed a.example:5701 needs
            join: dns, dns: members                                    | host: is 127.0.0.1, where only this machine can reach it; cluster.dns 'members' needs
            join: multicast                                            | host: is 127.0.0.1, where only this machine can reach it; cluster.join: multicast needs
            join: dns, dns: a, host: 0.0.0.0, public-host: '::1'       | public-host: is ::1, where only this machine can reach it; cluster.dns 'a' needs
            join: seeds, seeds: [127.0.0.1, 10.0.0.2], host: 10.0.0.2  | seeds: 127.0.0.1:5701 is every machine itself, and 10.0.0.2:5701 is not
            join: seeds, seeds: [localhost], host: 10.0.0.2            | seeds: localhost:5701 is every machine itself, and cluster.host is 10.0.0.2
            join: seeds, seeds: ['[::1]'], host: 0.0.0.0               | seeds: [::1]:5701 is every machine itself, and cluster.host is 0.0.0.0
            """)
    void addressesThatOnlyThisMachineReachesDoNotGoWithOtherMachines(String section, String error) {
        ConfigFile file = file(section);
        read(file);

        assertThat(file.errors())
                .singleElement()
                .satisfies(found -> assertThat(found.toString()).startsWith("stanzabus.yaml:1: cluster." + error));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "join: seeds, seeds: [127.0.0.1]",
                "join: seeds, seeds: ['127.0.0.1:1', 'localhost:2', '[::1]:3'], host: 127.0.0.2",
                "join: seeds, seeds: ['[::1]'], host: '::1'",
                "join: dns, dns: localhost",
                "join: seeds, seeds: [10.0.0.1, 10.0.0.2], host: 10.0.0.2",
                "join: seeds, seeds: [10.0.0.1], host: 127.0.0.1, public-host: gate.example",
                "join: dns, dns: members, host: 0.0.0.0",
                "join: multicast, host: 192.168.0.7"
            })
    void addressesThatGoTogetherAreTaken(String section) {
        ConfigFile file = file(section);
        read(file);

        assertThat(file.errors()).isEmpty();
    }

    @Test
    void aClusterNeedsADatabaseThatIsShared() {
        ConfigFile file = ConfigFile.of("\ncluster: {join: multicast, host: 10.0.0.1}\nhttp: {port: 0}", Path.of(""));

        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> ServerConfig.read(file, List.of())))
                .hasMessage("stanzabus.yaml:2: cluster.join: needs a database that all processes share, not the"
                        + " embedded one; see database.host");
    }
}
