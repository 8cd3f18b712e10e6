package im.stanzabus.launcher.config;

import java.util.List;

/// Where the value of a key is written, for a mistake that shows only when the value is put to use.
///
/// @param source the file as it was named, or the environment variable
/// @param line from 1; 0 if the key has no line
/// @param key the full key such as `c2s-gateway.certificates`
public record ConfigPlace(String source, int line, String key) {
    /// What to throw for a mistake in this place.
    public ConfigException mistake(String message) {
        return new ConfigException(List.of(error(message)));
    }

    ConfigError error(String message) {
        return new ConfigError(source, line, key, message);
    }
}
