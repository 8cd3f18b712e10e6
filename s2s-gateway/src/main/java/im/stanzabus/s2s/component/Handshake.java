package im.stanzabus.s2s.component;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// How whoever opens a stream shows that it knows the secret (XEP-0114 section 3).
final class Handshake {
    private Handshake() {}

    /// The SHA-1 hash of both in hexadecimal digits in lower case.
    ///
    /// @param streamId what the other side has called the stream
    static String of(String streamId, String secret) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1").digest((streamId + secret).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Compares in constant time.
    static boolean isRight(String given, String streamId, String secret) {
        return MessageDigest.isEqual(
                of(streamId, secret).getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.UTF_8));
    }
}
