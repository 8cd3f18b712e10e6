package im.stanzabus.auth;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.auth.sasl.Mechanism;
import im.stanzabus.auth.throttle.LoginThrottle;
import im.stanzabus.launcher.config.ConfigFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthConfigTest {
    private static ConfigFile file(String yaml) {
        return ConfigFile.of(yaml, Path.of("target"));
    }

    @Test
    void defaults() {
        ConfigFile file = file("");

        assertThat(new AuthModule().configure(file.root()))
                .isEqualTo(new AuthConfig(
                        EnumSet.allOf(Mechanism.class),
                        10_000,
                        2,
                        200,
                        new LoginThrottle.Limits(Duration.ofMinutes(5), 10, 100, 200),
                        3,
                        Duration.ofHours(1),
                        Duration.ofSeconds(30)));
        assertThat(file.errors()).isEmpty();
    }

    @Test
    void everyKey() {
        ConfigFile file = file("""
                mechanisms: [SCRAM-SHA-256-PLUS, SCRAM-SHA-256]
                iterations: 20000
                password-threads: 4
                password-queue: 50
                removal-retry: 2 min
                throttle:
                  window: 10 min
                  per-account-and-address: 5
                  per-address: 6
                  per-account: 7
                registration:
                  per-address: 8
                  window: 2 h
                """);

        assertThat(new AuthModule().configure(file.root()))
                .isEqualTo(new AuthConfig(
                        EnumSet.of(Mechanism.SCRAM_SHA_256_PLUS, Mechanism.SCRAM_SHA_256),
                        20_000,
                        4,
                        50,
                        new LoginThrottle.Limits(Duration.ofMinutes(10), 5, 6, 7),
                        8,
                        Duration.ofHours(2),
                        Duration.ofMinutes(2)));
        assertThat(file.errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "iterations: 4095",
                "mechanisms: [SCRAM-SHA-256, DIGEST-MD5]",
                "mechanisms: []",
                "removal-retry: 10 ms",
                "throttle: {window: 0 s}",
                "registration: {window: 0 s}",
                "unknown: 1",
            })
    void notesWhatIsWrong(String yaml) {
        ConfigFile file = file(yaml);

        new AuthModule().configure(file.root());

        assertThat(file.errors()).hasSize(1);
    }
}
