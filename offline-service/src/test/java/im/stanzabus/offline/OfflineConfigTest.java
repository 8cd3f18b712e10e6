package im.stanzabus.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.launcher.config.ConfigException;
import im.stanzabus.launcher.config.ConfigFile;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class OfflineConfigTest {
    private static OfflineConfig read(String yaml) {
        ConfigFile file = ConfigFile.of(yaml, Path.of("target"));
        OfflineConfig config = new OfflineModule().configure(file.root());
        file.check();
        return config;
    }

    @Test
    void keepsAThousandMessagesByDefault() {
        assertThat(read("")).isEqualTo(new OfflineConfig(1000, 100));
    }

    @Test
    void readsEveryKey() {
        assertThat(read("quota: 5\narchive-page: 30\n")).isEqualTo(new OfflineConfig(5, 30));
    }

    @Test
    void refusesBadValues() {
        assertThatThrownBy(() -> read("quota: 0\narchive-page: 0\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("quota")
                .hasMessageContaining("archive-page");
    }

    @Test
    void isFoundByTheLauncher() {
        assertThat(ServiceLoader.load(ServiceModule.class))
                .singleElement()
                .satisfies(module -> assertThat(module.name()).isEqualTo("offline-service"));
    }
}
