package im.stanzabus.sender;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.launcher.config.ConfigFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SenderModuleTest {
    @Test
    void theLauncherFindsIt() {
        assertThat(ServiceLoader.load(ServiceModule.class))
                .anySatisfy(module -> assertThat(module.name()).isEqualTo("sender-service"));
    }

    @Test
    void defaults() {
        ConfigFile file = ConfigFile.of("", Path.of("target"));
        assertThat(SenderConfig.from(file.root())).isEqualTo(SenderConfig.DEFAULTS);
        assertThat(file.errors()).isEmpty();
    }

    @Test
    void everyKeyIsRead() {
        ConfigFile file = ConfigFile.of("{max-under-way: 7, poll: 3 s, keep-done: 0 s}", Path.of("target"));
        assertThat(SenderConfig.from(file.root())).isEqualTo(new SenderConfig(7, Duration.ofSeconds(3), Duration.ZERO));
        assertThat(file.errors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"max-under-way: 0, from 1 to 10000", "poll: 10 ms, must be at least 100 ms", "keep-done: never, a time"
    })
    void mistakesAreTold(String yaml, String message) {
        ConfigFile file = ConfigFile.of(yaml, Path.of("target"));
        SenderConfig.from(file.root());
        assertThat(file.errors()).singleElement().asString().contains(message);
    }
}
