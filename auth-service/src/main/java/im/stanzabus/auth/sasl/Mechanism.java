package im.stanzabus.auth.sasl;

import im.stanzabus.auth.account.ScramHash;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The mechanisms that this service knows, in the order in which they are offered, strongest first.
///
/// SCRAM-SHA-512 is no IANA-registered name; clients take it if they know it. The one that every XMPP
/// client of today has is SCRAM-SHA-1 (RFC 6120 section 13.8), the recommended one SCRAM-SHA-256 (RFC 7677).
public enum Mechanism {
    EXTERNAL("EXTERNAL", null, false),
    SCRAM_SHA_512_PLUS("SCRAM-SHA-512-PLUS", ScramHash.SHA_512, true),
    SCRAM_SHA_256_PLUS("SCRAM-SHA-256-PLUS", ScramHash.SHA_256, true),
    SCRAM_SHA_1_PLUS("SCRAM-SHA-1-PLUS", ScramHash.SHA_1, true),
    SCRAM_SHA_512("SCRAM-SHA-512", ScramHash.SHA_512, false),
    SCRAM_SHA_256("SCRAM-SHA-256", ScramHash.SHA_256, false),
    SCRAM_SHA_1("SCRAM-SHA-1", ScramHash.SHA_1, false),
    PLAIN("PLAIN", null, false),
    ANONYMOUS("ANONYMOUS", null, false);

    private static final Map<String, Mechanism> BY_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Mechanism::wire, Function.identity()));

    private final String wire;
    private final @Nullable ScramHash hash;
    private final boolean plus;

    Mechanism(String wire, @Nullable ScramHash hash, boolean plus) {
        this.wire = wire;
        this.hash = hash;
        this.plus = plus;
    }

    /// The mechanism of a name; null for an unknown one.
    public static @Nullable Mechanism byName(String name) {
        return BY_NAME.get(name);
    }

    /// The name on the wire.
    public String wire() {
        return wire;
    }

    /// The hash of a SCRAM mechanism; null for the others.
    @Nullable
    ScramHash hash() {
        return hash;
    }

    /// True if the client must bind its login to the TLS channel.
    boolean isPlus() {
        return plus;
    }

    /// True if it means nothing, or gives the password away, without TLS.
    boolean needsEncryption() {
        return plus || this == PLAIN || this == EXTERNAL;
    }
}
