package im.stanzabus.launcher.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/// One configuration: a YAML document and the environment's overrides. Reading never stops at an error;
/// when all keys have been read, {@link #errors()} has every one of them. Used by one thread.
public final class ConfigFile {
    private final Reading reading;
    private final YamlSettings root;

    private ConfigFile(String source, Path folder, String yaml, Map<String, String> environment) {
        reading = new Reading(source, folder, new Environment(environment));
        root = new YamlSettings(reading, "", 0, compose(yaml));
    }

    /// Reads a file; a file that cannot be read is an error like any other.
    public static ConfigFile load(Path file, Map<String, String> environment) {
        Path parent = file.toAbsolutePath().normalize().getParent();
        Path folder = parent == null ? file.toAbsolutePath() : parent;
        try {
            return new ConfigFile(file.toString(), folder, Files.readString(file), environment);
        } catch (IOException e) {
            ConfigFile empty = new ConfigFile(file.toString(), folder, "", environment);
            String reason = e instanceof CharacterCodingException
                    ? "is not UTF-8 text"
                    : Files.exists(file) ? "cannot be read" : "there is no such file";
            empty.reading.error(0, "", reason);
            return empty;
        }
    }

    /// Only defaults and the environment; relative paths start in the folder.
    public static ConfigFile defaults(Path folder, Map<String, String> environment) {
        return new ConfigFile("configuration", folder.toAbsolutePath().normalize(), "", environment);
    }

    /// A document at hand, without the environment; relative paths start in the folder.
    public static ConfigFile of(String yaml, Path folder) {
        return of(yaml, folder, Map.of());
    }

    /// A document at hand, with the given environment.
    public static ConfigFile of(String yaml, Path folder, Map<String, String> environment) {
        return new ConfigFile("stanzabus.yaml", folder.toAbsolutePath().normalize(), yaml, environment);
    }

    /// The whole document.
    public Settings root() {
        return root;
    }

    /// All errors so far, in the order of the file. To be asked when every section has been read: what
    /// nobody read is unknown.
    public List<ConfigError> errors() {
        int before = reading.errors().size();
        root.reportUnknown();
        List<ConfigError> all = new ArrayList<>(reading.errors());
        reading.errors().subList(before, reading.errors().size()).clear();
        all.addAll(reading.environment().unknown());
        return all.stream().distinct().sorted().toList();
    }

    /// @throws ConfigException if there is any error
    public void check() {
        List<ConfigError> errors = errors();
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
    }

    /// Every key that was read, in the order of reading.
    public List<ConfigKey> keys() {
        return List.copyOf(reading.keys());
    }

    private @Nullable MappingNode compose(String yaml) {
        try {
            LoadSettings settings = LoadSettings.builder().build();
            Node node = new Compose(settings).composeString(yaml).orElse(null);
            if (node == null || node instanceof MappingNode) {
                return (MappingNode) node;
            }
            reading.error(node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0), "", "must be keys and values");
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark();
            reading.error(mark.map(m -> m.getLine() + 1).orElse(0), "", "is not YAML: " + e.getProblem());
        } catch (StackOverflowError _) {
            reading.error(0, "", "is nested too deep");
        } catch (YamlEngineException e) {
            reading.error(
                    0,
                    "",
                    "is not YAML: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        return null;
    }
}
