package im.stanzabus.s2s.dialback;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes and checks the keys of dialback (XEP-0185 section 2): HMAC-SHA256 under the hash of a
/// secret, of the two domains and the id of the stream. Nothing is remembered, so whoever has the
/// secret can confirm what another has made. Safe from any thread.
public final class DialbackKey {
    private static final String MAC = "HmacSHA256";
    private static final HexFormat HEX = HexFormat.of();

    private final SecretKeySpec hashed;

    /// @param secret what all servers have that speak for the same domains
    public DialbackKey(byte[] secret) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret);
            // XEP-0185 section 2: the hash counts in hexadecimal digits, not as bytes
            hashed = new SecretKeySpec(HEX.formatHex(hash).getBytes(StandardCharsets.US_ASCII), MAC);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The key with which the sender's server asks for a pair.
    ///
    /// @param streamId the id that the target's server gave to the stream
    public String write(DomainPair pair, String streamId) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(hashed);
            // A domain has no space in it, so no two inputs are one text.
            String input = pair.target() + ' ' + pair.sender() + ' ' + streamId;
            return HEX.formatHex(mac.doFinal(input.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Whether a key was made for a pair on a stream. Takes as long for one that is nearly right
    /// as for any other.
    public boolean isValid(String key, DomainPair pair, String streamId) {
        return MessageDigest.isEqual(
                key.getBytes(StandardCharsets.UTF_8), write(pair, streamId).getBytes(StandardCharsets.UTF_8));
    }
}
