package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.launcher.config.ConfigPlace;
import im.stanzabus.stanza.xml.StreamLimits;
import im.stanzabus.stream.tls.TlsEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class C2sConfigTest {
    @TempDir
    Path folder;

    private C2sConfig read(String yaml) {
        ConfigFile file = ConfigFile.of(yaml, folder);
        C2sConfig config = C2sConfig.read(file.root().section("c2s-gateway"));
        assertThat(file.errors()).isEmpty();
        return config;
    }

    private static C2sConfig.Written written(String path, int line, String key) {
        return new C2sConfig.Written(Path.of(path), new ConfigPlace("stanzabus.yaml", line, "c2s-gateway." + key));
    }

    @Test
    void theLauncherWaitsForTheWholeDrain() {
        C2sConfig config = read("c2s-gateway: {drain: 40 s, timeouts: {close: 3 s}}");

        assertThat(config.closing(config.drain().toMillis())).isGreaterThan(Duration.ofSeconds(43));
        assertThat(new C2sModule().stopLimit(config)).isGreaterThan(config.closing(40_000));
    }

    @Test
    void defaults() {
        assertThat(read("{}"))
                .isEqualTo(new C2sConfig(
                        "0.0.0.0",
                        5222,
                        C2sConfig.StartTls.REQUIRED,
                        true,
                        5223,
                        TlsEngine.JDK,
                        written("", 0, "certificates"),
                        Duration.ofSeconds(5),
                        written("", 0, "client-authorities"),
                        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                        new C2sConfig.Limits(
                                0,
                                1_000,
                                new StreamLimits(16_384, 16, 32, 512),
                                65_536,
                                StreamLimits.DEFAULT,
                                0,
                                5,
                                256,
                                4 << 20),
                        new C2sConfig.Timeouts(
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(60),
                                Duration.ofMinutes(5),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(2)),
                        new C2sConfig.StreamManagement(300, 900, 256 << 20, ""),
                        Duration.ofSeconds(5)));
    }

    @Test
    void everyKey() {
        assertThat(read("""
                c2s-gateway:
                  host: 127.0.0.1
                  port: 1
                  starttls: optional
                  direct-tls: {enabled: false, port: 2}
                  tls-engine: openssl
                  certificates: certs
                  certificate-check: 1 min
                  client-authorities: users.pem
                  instances: 3
                  limits:
                    connections: 4
                    connections-per-address: 5
                    stanza-bytes-before-login: 6000
                    bytes-before-login: 9000
                    stanza-bytes: 10000
                    depth: 11
                    attributes: 12
                    bytes-per-second: 13
                    login-attempts: 14
                    unconfirmed-stanzas: 115
                    outgoing-bytes: 1 MiB
                  timeouts: {handshake: 16 s, login: 17 s, idle: 18 s, ping: 19 s, close: 20 s}
                  stream-management: {resume-seconds: 21, max-resume-seconds: 22, detached-bytes: 3 MiB, location: "gateway.example:5222"}
                  drain: 23 s
                """))
                .isEqualTo(new C2sConfig(
                        "127.0.0.1",
                        1,
                        C2sConfig.StartTls.OPTIONAL,
                        false,
                        2,
                        TlsEngine.OPENSSL,
                        written(folder.resolve("certs").toString(), 7, "certificates"),
                        Duration.ofMinutes(1),
                        written(folder.resolve("users.pem").toString(), 9, "client-authorities"),
                        3,
                        new C2sConfig.Limits(
                                4,
                                5,
                                new StreamLimits(6_000, 16, 32, 512),
                                9_000,
                                new StreamLimits(10_000, 11, 12, 512),
                                13,
                                14,
                                115,
                                1 << 20),
                        new C2sConfig.Timeouts(
                                Duration.ofSeconds(16),
                                Duration.ofSeconds(17),
                                Duration.ofSeconds(18),
                                Duration.ofSeconds(19),
                                Duration.ofSeconds(20)),
                        new C2sConfig.StreamManagement(21, 22, 3 << 20, "gateway.example:5222"),
                        Duration.ofSeconds(23)));
    }

    @Test
    void whatIsUsualIsNotMoreThanWhatIsPossible() {
        ConfigFile file = ConfigFile.of("""
                c2s-gateway:
                  stream-management:
                    max-resume-seconds: 600
                    resume-seconds: 601
                """, folder);
        C2sConfig.read(file.root().section("c2s-gateway"));
        assertThat(file.errors())
                .singleElement()
                .asString()
                .contains(":4:", "c2s-gateway.stream-management.resume-seconds", "max-resume-seconds", "600");
    }

    @Test
    void theUsualTimeIsNotMoreThanAShorterLongest() {
        assertThat(read("c2s-gateway: {stream-management: {max-resume-seconds: 60}}")
                        .streamManagement())
                .isEqualTo(new C2sConfig.StreamManagement(60, 60, 256 << 20, ""));
    }

    @Test
    void aPortIsForOneWayToBegin() {
        String yaml = "c2s-gateway:\n  port: 5223\n  direct-tls:\n    enabled: %s\n    port: 5223";
        ConfigFile file = ConfigFile.of(yaml.formatted(true), folder);
        C2sConfig.read(file.root().section("c2s-gateway"));
        assertThat(file.errors())
                .singleElement()
                .hasToString("stanzabus.yaml:5: c2s-gateway.direct-tls.port: is the same as c2s-gateway.port");
        assertThat(read(yaml.formatted(false)).port()).isEqualTo(5223);
        assertThat(read("c2s-gateway: {port: 0, direct-tls: {port: 0}}").directTlsPort())
                .isZero();
    }

    @Test
    void thePortToComeBackToIsOne() {
        for (String wrong : List.of("gateway.example:0", "gateway.example:65536", "[::1]:x", "gateway.example:")) {
            ConfigFile file = ConfigFile.of("c2s-gateway: {stream-management: {location: '" + wrong + "'}}", folder);
            C2sConfig.read(file.root().section("c2s-gateway"));
            assertThat(file.errors())
                    .singleElement()
                    .asString()
                    .startsWith("stanzabus.yaml:1: c2s-gateway.stream-management.location: must be a host name");
        }
        for (String right : List.of("gateway.example:65535", "[::1]:5222", "[::1]", "::1", "gateway.example")) {
            assertThat(read("c2s-gateway: {stream-management: {location: '" + right + "'}}")
                            .streamManagement()
                            .location())
                    .isEqualTo(right);
        }
    }

    /// Whoever adds a key tells people about it.
    @Test
    void theReadmeNamesEveryKey() throws Exception {
        ConfigFile file = ConfigFile.of("{}", folder);
        C2sConfig.read(file.root().section("c2s-gateway"));
        String readme = Files.readString(Path.of("README.md"));
        assertThat(file.keys())
                .isNotEmpty()
                .allSatisfy(
                        key -> assertThat(readme).contains("`" + key.path().substring("c2s-gateway.".length()) + "`"));
    }
}
