package im.stanzabus.s2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.StanzaIds;
import im.stanzabus.cluster.lease.Isolation;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.launcher.config.ConfigPlace;
import im.stanzabus.s2s.component.ComponentsConfig;
import im.stanzabus.s2s.dialback.DialbackKey;
import im.stanzabus.s2s.dialback.DialbackLimits;
import im.stanzabus.s2s.dialback.DomainPair;
import im.stanzabus.s2s.dns.DnsConfig;
import im.stanzabus.s2s.policy.DomainPolicies;
import im.stanzabus.s2s.policy.DomainPolicy;
import im.stanzabus.s2s.policy.PeerLimits;
import im.stanzabus.s2s.policy.QueueLimits;
import im.stanzabus.s2s.policy.StreamTimeouts;
import im.stanzabus.s2s.remote.Backoff;
import im.stanzabus.stanza.xml.StreamLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S2sConfigTest {
    private static final String NAME = "s2s-gateway";
    private static final DomainPair PAIR = new DomainPair("capulet.example", "montague.example");

    @TempDir
    Path folder;

    private S2sConfig read(String yaml) {
        ConfigFile file = ConfigFile.of(yaml, folder);
        S2sConfig config = S2sConfig.read(file.root().section(NAME));
        assertThat(file.errors()).isEmpty();
        return config;
    }

    private static S2sConfig.Written written(String path, int line, String key) {
        return new S2sConfig.Written(Path.of(path), new ConfigPlace("stanzabus.yaml", line, NAME + "." + key));
    }

    @Test
    void defaults() {
        S2sConfig config = read("{}");

        assertThat(config)
                .isEqualTo(new S2sConfig(
                        "0.0.0.0",
                        5269,
                        true,
                        5270,
                        written("", 0, "certificates"),
                        Duration.ofSeconds(5),
                        written("", 0, "authorities"),
                        new DnsConfig(
                                List.of(),
                                Duration.ofSeconds(3),
                                2,
                                Duration.ofHours(1),
                                Duration.ofMinutes(1),
                                4 << 20),
                        "",
                        true,
                        true,
                        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                        new DomainPolicies(List.of()),
                        new QueueLimits(1_000, 4 << 20, Duration.ofSeconds(30)),
                        new PeerLimits(
                                0,
                                1_000,
                                10,
                                new StreamLimits(16_384, 16, 32, 512),
                                65_536,
                                new StreamLimits(524_288, 64, 64, 512),
                                0,
                                1_000,
                                4 << 20,
                                8 << 20),
                        new DialbackLimits(500, 20, 50, 200),
                        new StreamTimeouts(
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(20),
                                Duration.ofMinutes(10),
                                Duration.ofMinutes(2),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(2)),
                        new Backoff.Rule(Duration.ofSeconds(2), Duration.ofMinutes(5), Duration.ofMinutes(1)),
                        Duration.ofSeconds(5),
                        components("{}")));
        assertThat(config.authorities().isGiven()).isFalse();
    }

    @Test
    void everyKey() throws Exception {
        assertThat(read("""
                s2s-gateway:
                  host: 127.0.0.1
                  port: 1
                  direct-tls: {enabled: false, port: 2}
                  certificates: certs
                  certificate-check: 1 min
                  authorities: servers.pem
                  dns: {servers: [127.0.0.1, '127.0.0.1:5353', '::1', '[::1]:5353'], timeout: 4 s, rounds: 5, max-ttl: 6 s,
                        max-negative-ttl: 7 s, cache-bytes: 1 MiB}
                  dialback-secret: s3cr3tf0rd14lb4ck
                  bidirectional: false
                  stream-management: false
                  instances: 3
                  policies: [{domain: a.example, blocked: true}]
                  queue: {stanzas: 4, bytes: 1 MiB, time: 5 s}
                  limits:
                    connections: 6
                    connections-per-address: 7
                    streams-per-pair: 8
                    stanza-bytes-before-authentication: 6000
                    bytes-before-authentication: 9000
                    stanza-bytes: 10000
                    depth: 11
                    attributes: 12
                    bytes-per-second: 13
                    unconfirmed-stanzas: 114
                    unconfirmed-bytes: 3 MiB
                    outgoing-bytes: 2 MiB
                    domains-per-stream: 15
                    pending-dialbacks: 16
                    failed-dialbacks: 17
                    dialback-questions: 18
                  timeouts:
                    connect: 19 s
                    handshake: 20 s
                    authentication: 21 s
                    dialback: 22 s
                    idle: 24 s
                    keep-alive: 23 s
                    answer: 25 s
                    close: 26 s
                  retry: {first: 27 s, longest: 28 s, settled: 30 s}
                  drain: 29 s
                  components: {port: 31}
                """))
                .isEqualTo(new S2sConfig(
                        "127.0.0.1",
                        1,
                        false,
                        2,
                        written(folder.resolve("certs").toString(), 5, "certificates"),
                        Duration.ofMinutes(1),
                        written(folder.resolve("servers.pem").toString(), 7, "authorities"),
                        new DnsConfig(
                                List.of(
                                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 53),
                                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 5353),
                                        new InetSocketAddress(InetAddress.ofLiteral("::1"), 53),
                                        new InetSocketAddress(InetAddress.ofLiteral("::1"), 5353)),
                                Duration.ofSeconds(4),
                                5,
                                Duration.ofSeconds(6),
                                Duration.ofSeconds(7),
                                1 << 20),
                        "s3cr3tf0rd14lb4ck",
                        false,
                        false,
                        3,
                        policies(),
                        new QueueLimits(4, 1 << 20, Duration.ofSeconds(5)),
                        new PeerLimits(
                                6,
                                7,
                                8,
                                new StreamLimits(6_000, 16, 32, 512),
                                9_000,
                                new StreamLimits(10_000, 11, 12, 512),
                                13,
                                114,
                                3 << 20,
                                2 << 20),
                        new DialbackLimits(15, 16, 17, 18),
                        new StreamTimeouts(
                                Duration.ofSeconds(19),
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(21),
                                Duration.ofSeconds(22),
                                Duration.ofSeconds(24),
                                Duration.ofSeconds(23),
                                Duration.ofSeconds(25),
                                Duration.ofSeconds(26)),
                        new Backoff.Rule(Duration.ofSeconds(27), Duration.ofSeconds(28), Duration.ofSeconds(30)),
                        Duration.ofSeconds(29),
                        components("port: 31")));
    }

    private ComponentsConfig components(String yaml) {
        return ComponentsConfig.read(ConfigFile.of(yaml, folder).root());
    }

    private DomainPolicies policies() {
        DomainPolicies policies =
                DomainPolicies.read(ConfigFile.of("policies: [{domain: a.example, blocked: true}]", folder)
                        .root());
        assertThat(policies.of("a.example").blocked()).isTrue();
        assertThat(policies.of("b.example")).isEqualTo(DomainPolicy.DEFAULT);
        return policies;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            port: 65536                                  | port: must be a whole number from 0 to 65535
            ports: 5269                                  | ports: unknown key; did you mean 'port'?
            direct-tls: {port: 5269}                     | direct-tls.port: is the same as s2s-gateway.port
            direct-tls: true                             | direct-tls: must be a section
            dialback-secret: short                       | dialback-secret: must have at least 16 characters
            dialback-secret-file: none                   | dialback-secret-file: does not exist
            bidirectional: perhaps                       | bidirectional: must be true or false
            instances: 0                                 | instances: must be a whole number from 1 to 256
            policies: [{domain: 'a b'}]                  | policies[0].domain: must be a domain
            queue: {time: 0}                             | queue.time: must be more than 0
            queue: {stanzas: 0}                          | queue.stanzas: must be a whole number from 1
            queue: {bytes: 1 KiB}                        | queue.bytes: must be a size
            limits: {stanza-bytes: 9999}                 | limits.stanza-bytes: must be a size such as 10000 or 256 KiB, from 10000
            limits: {streams-per-pair: 0}              | limits.streams-per-pair: must be a whole number from 1
            limits: {pending-dialbacks: 0}               | limits.pending-dialbacks: must be a whole number from 1
            timeouts: {connect: 0}                       | timeouts.connect: must be more than 0
            timeouts: {handshake: 10}                    | timeouts.handshake: must be a time
            timeouts: {idle: 2 min}                      | timeouts.keep-alive: must be less than idle
            timeouts: {keep-alive: 10 min}               | timeouts.keep-alive: must be less than idle
            retry: {first: 10 min}                       | retry.first: must not be more than longest
            retry: {first: 0 s}                          | retry.first: must be more than 0
            dns: {timeout: 0 s}                          | dns.timeout: must be more than 0
            components: {port: -1}                       | components.port: must be a whole number from 0 to 65535
            components: {port: 5269, domains: [{domain: a.example, secret: s3cr3t-of-a}]} | components.port: is one that other servers
            components: {port: 5270, domains: [{domain: a.example, secret: s3cr3t-of-a}]} | components.port: is one that other servers
            """)
    void mistakesAreToldWithTheirLine(String line, String message) {
        ConfigFile file = ConfigFile.of("s2s-gateway:\n  " + line, folder);
        S2sConfig.read(file.root().section(NAME));

        assertThat(file.errors()).singleElement().asString().startsWith("stanzabus.yaml:2: s2s-gateway." + message);
    }

    @Test
    void streamsMayStayForEver() {
        assertThat(read("s2s-gateway: {timeouts: {idle: 0, keep-alive: 20 min}}")
                        .timeouts()
                        .idle())
                .isZero();
        assertThat(read("s2s-gateway: {timeouts: {keep-alive: 0}}").timeouts().keepAlive())
                .isZero();
    }

    /// What a process is given to start with; here only the key counts.
    private static ServiceContext process(SecretKey installation) {
        return new ServiceContext(
                "1",
                null,
                null,
                null,
                null,
                Isolation.none(),
                null,
                List.of(),
                null,
                1,
                installation,
                null,
                Path.of(""),
                ServiceContext::poolOnly);
    }

    @Test
    void aKeyOfOneProcessIsConfirmedByAnother() {
        SecretKey installation = StanzaIds.newKey();
        S2sConfig config = read("{}");
        String key = config.dialbackKey(process(installation)).write(PAIR, "1");

        assertThat(config.dialbackKey(process(StanzaIds.key(installation.getEncoded())))
                        .isValid(key, PAIR, "1"))
                .isTrue();
        assertThat(config.dialbackKey(process(StanzaIds.newKey())).isValid(key, PAIR, "1"))
                .isFalse();
        assertThat(new DialbackKey(installation.getEncoded()).isValid(key, PAIR, "1"))
                .isFalse();
    }

    @Test
    void aSecretMayBeGivenForServersThatAreNotOfTheInstallation() {
        String key = read("s2s-gateway: {dialback-secret: s3cr3tf0rd14lb4ck}")
                .dialbackKey(process(StanzaIds.newKey()))
                .write(PAIR, "1");

        assertThat(new DialbackKey("s3cr3tf0rd14lb4ck".getBytes(StandardCharsets.UTF_8)).isValid(key, PAIR, "1"))
                .isTrue();
    }

    /// Whoever adds a key tells people about it.
    @Test
    void theReadmeNamesEveryKey() throws Exception {
        ConfigFile file =
                ConfigFile.of("s2s-gateway: {policies: [{domain: a.example}], components: {domains: [{}]}}", folder);
        S2sConfig.read(file.root().section(NAME));
        String readme = Files.readString(Path.of("README.md"));
        assertThat(file.keys())
                .isNotEmpty()
                .allSatisfy(key -> assertThat(readme).contains("`" + key.path().substring(NAME.length() + 1) + "`"));
    }
}
