package im.stanzabus.c2s;

import java.security.SecureRandom;
import java.util.Base64;

/// What streams are known by. Confined to its gateway.
final class Tokens {
    private static final int STREAM_ID_BYTES = 15;
    private static final int RESUME_ID_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private long pings;

    /// Unguessable (RFC 6120 section 4.7.3).
    String streamId() {
        return token(STREAM_ID_BYTES);
    }

    /// Unguessable, though it is of no use without the account's credentials (XEP-0198 section 10).
    String resumeId() {
        return token(RESUME_ID_BYTES);
    }

    private String token(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// By which owners recognise the stanzas of a stream.
    long streamNumber() {
        return random.nextLong();
    }

    String pingId() {
        return "ping-" + ++pings;
    }
}
