package im.stanzabus.auth.account;

/// The keys of one password for all hashes. All have the same number of iterations.
public record Credentials(ScramKeys sha512, ScramKeys sha256, ScramKeys sha1) {
    /// The keys for one of the hashes.
    public ScramKeys of(ScramHash hash) {
        return switch (hash) {
            case SHA_512 -> sha512;
            case SHA_256 -> sha256;
            case SHA_1 -> sha1;
        };
    }
}
