package im.stanzabus.server;

import im.stanzabus.launcher.config.ConfigKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Writes the reference page from the sample's sentences and the keys that the code reads.
final class ConfigReference {
    private static final String INTRODUCTION = """
            # Configuration

            One YAML file, `stanzabus.yaml` in the folder where the server is started, or the file that `--config` or
            `STANZABUS_CONFIG` names. What is left out has its default, so no file at all is needed to begin with.

            - `stanzabus config check` shows every error with its line. A key that does not exist is an error.
            - `stanzabus config sample` writes a file with every key, its default and its meaning.
            - Times have a unit: `200 ms`, `30 s`, `5 min`, `2 h`, `14 d`. Sizes can have one: `10000`, `256 KiB`, `4 MiB`.
            - Relative files and folders start in the folder of the file.
            - Every key can be overridden by the environment: `c2s-gateway.direct-tls.port` by
              `STANZABUS_C2S_GATEWAY_DIRECT_TLS_PORT`, the domain of the first host by `STANZABUS_HOSTS_0_DOMAIN`; lists are
              written with commas. A variable that starts with `STANZABUS_` and sets no key is an error.
            - A secret such as `password` can be read from a file: `password-file` names it, its first line is the secret.

            This page is written by `ConfigReferenceTest` from the sample file and the code.
            """;

    private final Map<String, ConfigKey> keys = new HashMap<>();

    ConfigReference(List<ConfigKey> keys) {
        keys.forEach(key -> this.keys.put(key.path(), key));
    }

    String page(List<SampleConfig.Entry> entries) {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        for (SampleConfig.Entry entry : entries) {
            boolean top = entry.path().indexOf('.') < 0;
            if (top) {
                page.append("\n## `")
                        .append(entry.path())
                        .append("`\n\n")
                        .append(entry.meaning())
                        .append('\n');
                page.append("\n| key | value | default | meaning |\n|---|---|---|---|\n");
            }
            ConfigKey key = keys.get(entry.path());
            if (key != null) {
                page.append(row(entry, key));
            } else if (!top) {
                page.append("| `")
                        .append(entry.path())
                        .append(".…` | | | ")
                        .append(entry.meaning())
                        .append(" |\n");
            }
        }
        return page.toString();
    }

    private static String row(SampleConfig.Entry entry, ConfigKey key) {
        String value = entry.example() || key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`";
        return "| `%s` | %s | %s | %s |\n".formatted(entry.path(), key.type(), value, entry.meaning());
    }
}
