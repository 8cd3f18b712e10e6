package im.stanzabus.auth.account;

import im.stanzabus.stanza.Jid;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A random secret of the installation, kept in the database, from which other keys are made (RFC 5869 in
/// spirit: one HMAC per purpose). Safe from any thread.
public final class ServerSecret {
    /// The length of the secret and of all that is made of it.
    public static final int BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private final SecretKeySpec key;

    public ServerSecret(byte[] secret) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException("a secret of " + secret.length + " bytes");
        }
        this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    /// A key for one purpose; the same on every instance and after every start.
    public byte[] derive(String purpose, byte[] context) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return mac.doFinal(context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /// Keys for an account that does not exist, so that a login looks like one with a wrong password (RFC
    /// 5802 section 9): the salt is stable, no password fits.
    public ScramKeys madeUpKeys(ScramHash hash, Jid account, int iterations) {
        byte[] context = (hash.mechanismName() + '\0' + account).getBytes(StandardCharsets.UTF_8);
        byte[] salt = Arrays.copyOf(derive("salt", context), ScramKeys.SALT_BYTES);
        byte[] stored = Arrays.copyOf(derive("stored-key", context), hash.keyBytes());
        byte[] server = Arrays.copyOf(derive("server-key", context), hash.keyBytes());
        return new ScramKeys(salt, iterations, stored, server);
    }
}
