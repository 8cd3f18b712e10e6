package im.stanzabus.s2s.policy;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The SHA-256 of a public key as certificates hold it (SubjectPublicKeyInfo in DER, RFC 7469
/// section 2.4). It stays the same when a certificate is renewed for the same key.
///
/// @param hex 64 digits in lower case
public record PublicKeyPin(String hex) {
    private static final HexFormat HEX = HexFormat.of();
    private static final int BYTES = 32;

    /// With or without colons between the bytes.
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}|[0-9a-f]{2}(:[0-9a-f]{2}){31}");

    public static PublicKeyPin of(PublicKey key) {
        try {
            return new PublicKeyPin(
                    HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Reads a pin as programs write it, in hexadecimal digits or in base64; null if it is none.
    public static @Nullable PublicKeyPin parse(String text) {
        String digits = text.toLowerCase(Locale.ROOT);
        if (DIGITS.matcher(digits).matches()) {
            return new PublicKeyPin(digits.replace(":", ""));
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            return bytes.length == BYTES ? new PublicKeyPin(HEX.formatHex(bytes)) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
