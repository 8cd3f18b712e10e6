package im.stanzabus.profile;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.launcher.config.ConfigFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProfileConfigTest {
    @Test
    void defaults() {
        ConfigFile file = ConfigFile.of("", Path.of("."));
        assertThat(new ProfileModule().configure(file.root())).isEqualTo(new ProfileConfig(262_144, 65_536, 200));
        assertThat(file.errors()).isEmpty();
    }

    @Test
    void everyKey() {
        ConfigFile file = ConfigFile.of("""
                profile-service:
                  vcard-max-size: 128 KiB
                  private-max-size: 32 KiB
                  private-max-elements: 50
                """, Path.of("."));
        assertThat(new ProfileModule().configure(file.root().section("profile-service")))
                .isEqualTo(new ProfileConfig(131_072, 32_768, 50));
        assertThat(file.errors()).isEmpty();
    }

    @Test
    void bounds() {
        ConfigFile file = ConfigFile.of("""
                vcard-max-size: 17 MiB
                private-max-size: 10
                private-max-elements: 0
                """, Path.of("."));
        assertThat(new ProfileModule().configure(file.root())).isEqualTo(ProfileConfig.DEFAULT);
        assertThat(file.errors()).hasSize(3);
    }
}
