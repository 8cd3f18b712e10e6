package im.stanzabus.bench.load.client;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Salted passwords, computed once as RFC 5802 section 5.1 lets clients do. To be used by one thread.
final class SaltedPasswords {
    private static final int BITS_PER_BYTE = 8;

    private final Map<Key, byte[]> known = new HashMap<>();

    private record Key(Hash hash, String password, String salt, int iterations) {}

    /// The hash of a mechanism.
    enum Hash {
        SHA_1("SHA-1", 20),
        SHA_256("SHA-256", 32);

        private final String text;
        private final int length;

        Hash(String text, int length) {
            this.text = text;
            this.length = length;
        }

        /// The one that the name of a SCRAM mechanism tells.
        static Hash of(String mechanism) {
            return mechanism.endsWith("256") ? SHA_256 : SHA_1;
        }

        String digest() {
            return text;
        }

        String hmac() {
            return "Hmac" + text.replace("-", "");
        }
    }

    /// @param salt in Base64
    byte[] get(Hash hash, String password, String salt, int iterations) {
        return known.computeIfAbsent(new Key(hash, password, salt, iterations), SaltedPasswords::compute);
    }

    private static byte[] compute(Key key) {
        try {
            PBEKeySpec spec = new PBEKeySpec(
                    key.password.toCharArray(),
                    Base64.getDecoder().decode(key.salt),
                    key.iterations,
                    key.hash.length * BITS_PER_BYTE);
            return SecretKeyFactory.getInstance("PBKDF2With" + key.hash.hmac())
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
