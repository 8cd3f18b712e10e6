package im.stanzabus.bench.load;

import java.util.Locale;

/// The scenarios as they are called on the command line.
enum ScenarioName {
    LOGIN,
    CHAT,
    PRESENCE,
    IDLE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
