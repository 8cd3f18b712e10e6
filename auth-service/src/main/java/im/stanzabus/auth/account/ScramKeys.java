package im.stanzabus.auth.account;

/// What a server keeps of a password for one hash (RFC 5802 section 3). Nobody can log in with these alone.
///
/// @param salt random, one for each hash and account
/// @param iterations of PBKDF2
/// @param storedKey checks the client's proof
/// @param serverKey proves to the client that the server knows the account
public record ScramKeys(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
    /// How many bytes of salt there are, for real accounts and for made-up ones.
    public static final int SALT_BYTES = 16;
}
