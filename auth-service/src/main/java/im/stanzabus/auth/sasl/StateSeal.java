package im.stanzabus.auth.sasl;

import im.stanzabus.auth.account.ServerSecret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals what an exchange must remember between two steps, while a gateway keeps it: AES-GCM with a key of
/// its own for each state, so that no nonce is ever used twice. A state opens only for its host and
/// mechanism, only for a while, and
/// on any instance. Safe from any thread.
public final class StateSeal {
    /// How long a login may take from its first step; longer than any gateway waits for it.
    public static final Duration LIFE = Duration.ofMinutes(2);

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int RANDOM_BYTES = 16;
    private static final GCMParameterSpec FIXED_NONCE = new GCMParameterSpec(128, new byte[12]);

    private final ServerSecret secret;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public StateSeal(ServerSecret secret, InstantSource clock) {
        this.secret = secret;
        this.clock = clock;
    }

    /// What was sealed.
    ///
    /// @param began when the exchange began
    record Opened(Instant began, byte[] content) {}

    Instant now() {
        return clock.instant();
    }

    byte[] seal(String host, Mechanism mechanism, Instant began, byte[] content) {
        byte[] salt = new byte[RANDOM_BYTES];
        random.nextBytes(salt);
        ByteBuffer plain = ByteBuffer.allocate(Long.BYTES + content.length);
        plain.putLong(ChronoUnit.MICROS.between(Instant.EPOCH, began)).put(content);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, salt, host, mechanism);
            byte[] sealed = cipher.doFinal(plain.array());
            return ByteBuffer.allocate(salt.length + sealed.length)
                    .put(salt)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + CIPHER, e);
        }
    }

    /// Opens a state; refuses one that is too old or was not made for this host and mechanism.
    Opened open(String host, Mechanism mechanism, byte[] state) {
        if (state.length < RANDOM_BYTES) {
            throw notOurs();
        }
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(state, RANDOM_BYTES), host, mechanism);
            ByteBuffer plain = ByteBuffer.wrap(cipher.doFinal(state, RANDOM_BYTES, state.length - RANDOM_BYTES));
            Instant began = Instant.EPOCH.plus(plain.getLong(), ChronoUnit.MICROS);
            if (began.plus(LIFE).isBefore(clock.instant())) {
                throw SaslRefusal.of(SaslCondition.TEMPORARY_AUTH_FAILURE, "the login took too long");
            }
            byte[] content = new byte[plain.remaining()];
            plain.get(content);
            return new Opened(began, content);
        } catch (GeneralSecurityException e) {
            throw notOurs();
        }
    }

    private Cipher cipher(int mode, byte[] salt, String host, Mechanism mechanism) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, new SecretKeySpec(secret.derive("sasl-state", salt), "AES"), FIXED_NONCE);
        cipher.updateAAD((host + '\0' + mechanism.wire()).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static SaslRefusal notOurs() {
        return SaslRefusal.malformed("not a step of this exchange");
    }
}
