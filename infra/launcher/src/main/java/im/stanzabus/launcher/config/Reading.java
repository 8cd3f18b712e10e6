package im.stanzabus.launcher.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is collected while one configuration is read. Used by one thread.
final class Reading {
    private final String source;
    private final Path folder;
    private final Environment environment;
    private final List<ConfigError> errors = new ArrayList<>();
    private final Map<String, ConfigKey> keys = new LinkedHashMap<>();

    Reading(String source, Path folder, Environment environment) {
        this.source = source;
        this.folder = folder;
        this.environment = environment;
    }

    Environment environment() {
        return environment;
    }

    /// Where relative paths start.
    Path folder() {
        return folder;
    }

    String source() {
        return source;
    }

    void error(ConfigError error) {
        errors.add(error);
    }

    void error(int line, String key, String message) {
        errors.add(new ConfigError(source, line, key, message));
    }

    void errorInVariable(String variable, String key, String message) {
        errors.add(new ConfigError(variable, 0, key, message));
    }

    void key(String path, String type, String defaultText, String valueText) {
        String general = path.replaceAll("\\[[0-9]+]", "[]");
        keys.putIfAbsent(general, new ConfigKey(general, type, defaultText, valueText));
    }

    List<ConfigError> errors() {
        return errors;
    }

    Collection<ConfigKey> keys() {
        return keys.values();
    }
}
