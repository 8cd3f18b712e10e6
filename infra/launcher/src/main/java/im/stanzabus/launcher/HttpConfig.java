package im.stanzabus.launcher;

import im.stanzabus.launcher.config.Settings;
import java.util.List;

/// Where health, metrics and administration are served.
///
/// @param port 0 for any free one
/// @param names host names, besides `localhost` and IP addresses, by which the listener may be called
public record HttpConfig(String host, int port, List<String> names) {
    static final int DEFAULT_PORT = 5280;

    static HttpConfig read(Settings settings) {
        return new HttpConfig(
                settings.text("host", "127.0.0.1"),
                settings.number("port", DEFAULT_PORT, 0, 65_535),
                settings.list("names", List.of()));
    }
}
