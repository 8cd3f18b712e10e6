package im.stanzabus.launcher.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The environment variables that override keys of the configuration. Remembers which ones were asked for,
/// so that the others can be reported.
final class Environment {
    static final String PREFIX = "STANZABUS_";

    /// Variables with this prefix that are no keys: they belong to the command itself.
    static final Set<String> RESERVED = Set.of("STANZABUS_CONFIG", "STANZABUS_JAVA_OPTS", "STANZABUS_HOME");

    private final Map<String, String> variables = new TreeMap<>();
    private final Set<String> known = new TreeSet<>();

    Environment(Map<String, String> environment) {
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !RESERVED.contains(name)) {
                variables.put(name, value);
            }
        });
    }

    /// The variable that overrides a key: `hosts[0].domain` by `STANZABUS_HOSTS_0_DOMAIN`.
    static String nameOf(String path) {
        return PREFIX
                + path.replace("]", "")
                        .replace('[', '_')
                        .replace('.', '_')
                        .replace('-', '_')
                        .toUpperCase(Locale.ROOT);
    }

    /// The value that overrides a key, or null.
    @Nullable
    String value(String path) {
        String name = nameOf(path);
        known.add(name);
        return variables.get(name);
    }

    /// One more than the highest index of a list of sections that a variable names.
    int entries(String path) {
        Pattern entry = Pattern.compile(Pattern.quote(nameOf(path)) + "_([0-9]{1,3})_.*");
        int entries = 0;
        for (String name : variables.keySet()) {
            Matcher matcher = entry.matcher(name);
            if (matcher.matches()) {
                entries = Math.max(entries, Integer.parseInt(matcher.group(1)) + 1);
            }
        }
        return entries;
    }

    /// Variables that override nothing.
    List<ConfigError> unknown() {
        return variables.keySet().stream()
                .filter(name -> !known.contains(name))
                .map(name -> {
                    String meant = Spelling.nearest(name, known);
                    return new ConfigError(
                            name,
                            0,
                            "",
                            "this environment variable sets no key of the configuration"
                                    + (meant == null ? "" : "; did you mean " + meant + "?"));
                })
                .toList();
    }
}
