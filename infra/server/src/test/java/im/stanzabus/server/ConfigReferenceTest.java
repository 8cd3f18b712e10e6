package im.stanzabus.server;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.launcher.LaunchOptions;
import im.stanzabus.launcher.Launcher;
import im.stanzabus.launcher.config.ConfigError;
import im.stanzabus.launcher.config.ConfigException;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.launcher.config.ConfigKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The sample file and the reference page say what the code does. After a change of keys,
/// `mvn test -pl infra/server -Dtest=ConfigReferenceTest -Dstanzabus.write-docs=true` writes the page anew.
class ConfigReferenceTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "configuration.md");

    @TempDir
    Path folder;

    private SampleConfig sample;

    @BeforeEach
    void readSample() throws Exception {
        sample = SampleConfig.read();
    }

    /// What the launcher and all services read from a document.
    private List<ConfigKey> read(String yaml) {
        ConfigFile file = ConfigFile.of(yaml, folder);
        Launcher.check(LaunchOptions.of(file));
        return file.keys();
    }

    @Test
    void theSampleIsRightAndItsValuesAreTheDefaults() {
        assertThat(read(sample.text()))
                .filteredOn(key -> !key.path().equals("hosts[].domain"))
                .allSatisfy(key -> assertThat(key.valueText()).as(key.path()).isEqualTo(key.defaultText()));
    }

    @Test
    void theSampleHasEveryKeyAndNoOther() {
        Set<String> known = read(sample.text()).stream().map(ConfigKey::path).collect(Collectors.toSet());
        Set<String> shown =
                sample.entries().stream().map(SampleConfig.Entry::path).collect(Collectors.toSet());

        assertThat(shown).containsAll(known);
        assertThat(shown)
                .allSatisfy(path -> assertThat(known)
                        .as(path)
                        .anyMatch(
                                key -> key.equals(path) || key.startsWith(path + ".") || key.startsWith(path + "[].")));
    }

    @Test
    void everyKeyIsExplained() {
        assertThat(sample.entries())
                .allSatisfy(entry -> assertThat(entry.meaning())
                        .as(entry.path())
                        .endsWith(".")
                        .hasSizeGreaterThan(10));
    }

    @Test
    void theExamplesAreRight() {
        ConfigFile file = ConfigFile.of(sample.textWithExamples(), folder);
        List<ConfigError> errors = List.of();
        try {
            Launcher.check(LaunchOptions.of(file));
        } catch (ConfigException e) {
            errors = e.errors();
        }

        assertThat(errors)
                .as("a secret is given once")
                .extracting(ConfigError::toString)
                .satisfiesExactly(
                        error -> assertThat(error)
                                .contains("database.password-file: is given together with database.password"),
                        error -> assertThat(error)
                                .contains("s2s-gateway.dialback-secret-file: is given together with"
                                        + " s2s-gateway.dialback-secret"));
    }

    @Test
    void thePageIsUpToDate() throws Exception {
        String page = new ConfigReference(read(sample.text())).page(sample.entries());
        if (Boolean.getBoolean("stanzabus.write-docs")) {
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE).hasContent(page);
    }
}
