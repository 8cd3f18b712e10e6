package im.stanzabus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.launcher.config.ConfigError;
import im.stanzabus.launcher.config.ConfigFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseSettingsTest {
    private static List<String> errors(String yaml, Map<String, String> environment) {
        ConfigFile file = ConfigFile.of(yaml, Path.of(""), environment);
        DatabaseSettings.read(file.root().section("database"));
        return file.errors().stream().map(ConfigError::toString).toList();
    }

    @Test
    void aServerOfSomebodyElsesHasAPort() {
        assertThat(errors("database:\n  host: db.internal\n  port: 0", Map.of()))
                .singleElement()
                .asString()
                .startsWith("stanzabus.yaml:3: database.port: must be from 1 to 65535 with a host, not '0'");
        assertThat(errors("database: {host: db.internal}", Map.of("STANZABUS_DATABASE_PORT", "0")))
                .singleElement()
                .asString()
                .startsWith("STANZABUS_DATABASE_PORT: database.port: must be");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "99999999999"})
    void thereIsNoSuchPort(String port) {
        for (String host : List.of("", "host: db.internal, ")) {
            assertThat(errors("database: {%sport: %s}".formatted(host, port), Map.of()))
                    .singleElement()
                    .asString()
                    .startsWith("stanzabus.yaml:1: database.port: must be a whole number from ")
                    .endsWith("to 65535, not '" + port + "'");
        }
    }

    @Test
    void theEmbeddedServerTakesAnyFreePort() {
        assertThat(errors("database: {port: 0}", Map.of())).isEmpty();
        assertThat(DatabaseSettings.read(ConfigFile.of("", Path.of("")).root().section("database")))
                .isEqualTo(new DatabaseSettings.Embedded(0, DatabaseSettings.DEFAULT_POOL_SIZE));
    }
}
