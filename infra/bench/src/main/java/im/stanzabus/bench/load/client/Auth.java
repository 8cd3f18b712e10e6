package im.stanzabus.bench.load.client;

import java.util.List;
import java.util.Locale;

/// How users prove who they are (RFC 6120 section 6).
public enum Auth {
    /// The strongest that both sides have.
    AUTO(List.of("SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN")),
    PLAIN(List.of("PLAIN")),
    SCRAM_SHA_1(List.of("SCRAM-SHA-1")),
    SCRAM_SHA_256(List.of("SCRAM-SHA-256"));

    private final List<String> mechanisms;

    Auth(List<String> mechanisms) {
        this.mechanisms = mechanisms;
    }

    /// Names of mechanisms, the best first.
    public List<String> mechanisms() {
        return mechanisms;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
