package im.stanzabus.auth.account;

import com.ongres.scram.common.ScramMechanism;

/// The hashes for which the keys of a password are kept, strongest first.
public enum ScramHash {
    SHA_512("SCRAM-SHA-512", ScramMechanism.SCRAM_SHA_512, 64),
    SHA_256("SCRAM-SHA-256", ScramMechanism.SCRAM_SHA_256, 32),
    SHA_1("SCRAM-SHA-1", ScramMechanism.SCRAM_SHA_1, 20);

    private final String mechanismName;
    private final ScramMechanism functions;
    private final int keyBytes;

    ScramHash(String mechanismName, ScramMechanism functions, int keyBytes) {
        this.mechanismName = mechanismName;
        this.functions = functions;
        this.keyBytes = keyBytes;
    }

    /// The mechanism without channel binding.
    public String mechanismName() {
        return mechanismName;
    }

    /// Selects the hash in the functions of RFC 5802 section 3.
    public ScramMechanism functions() {
        return functions;
    }

    /// The length of keys, proofs and signatures.
    public int keyBytes() {
        return keyBytes;
    }
}
