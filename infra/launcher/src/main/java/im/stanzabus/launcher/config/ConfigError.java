package im.stanzabus.launcher.config;

import java.util.Comparator;

/// Something wrong in the configuration, in words for the person who wrote it.
///
/// @param source the file as it was named, or the environment variable
/// @param line from 1; 0 if the error has no line
/// @param key the full key such as `c2s-gateway.port`; empty if the error is about no key
public record ConfigError(String source, int line, String key, String message) implements Comparable<ConfigError> {
    private static final Comparator<ConfigError> ORDER = Comparator.comparing(
                    (ConfigError error) -> error.line == 0 ? Integer.MAX_VALUE : error.line)
            .thenComparing(ConfigError::source)
            .thenComparing(ConfigError::key)
            .thenComparing(ConfigError::message);

    /// By line; what has no line, such as an environment variable, comes last.
    @Override
    public int compareTo(ConfigError other) {
        return ORDER.compare(this, other);
    }

    /// One line such as `stanzabus.yaml:12: c2s-gateway.port: must be …`.
    @Override
    public String toString() {
        return source + (line == 0 ? "" : ":" + line) + ": " + (key.isEmpty() ? "" : key + ": ") + message;
    }
}
