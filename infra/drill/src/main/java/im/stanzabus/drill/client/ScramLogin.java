package im.stanzabus.drill.client;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/// One login by SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677). Messages are base64 as on the wire.
final class ScramLogin {
    static final String MECHANISM = "SCRAM-SHA-256";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String GS2_HEADER = "n,,";

    private final Account account;
    private final String nonce;
    private final String firstBare;
    private byte[] serverSignature = new byte[0];

    ScramLogin(Account account) {
        this.account = account;
        byte[] random = new byte[18];
        RANDOM.nextBytes(random);
        nonce = Base64.getEncoder().encodeToString(random);
        firstBare = "n=" + account.name() + ",r=" + nonce;
    }

    String first() {
        return encode(GS2_HEADER + firstBare);
    }

    /// The answer to the server's challenge.
    ///
    /// @throws IllegalStateException if the challenge is not for this login
    String answer(String challenge) {
        String serverFirst = decode(challenge);
        Map<String, String> fields = fields(serverFirst);
        String serverNonce = fields.getOrDefault("r", "");
        if (!serverNonce.startsWith(nonce) || serverNonce.length() == nonce.length()) {
            throw new IllegalStateException("the server's nonce does not continue the client's");
        }
        ScramKeys keys = account.keys(fields.getOrDefault("s", ""), Integer.parseInt(fields.getOrDefault("i", "0")));
        String withoutProof = "c=" + encode(GS2_HEADER) + ",r=" + serverNonce;
        String message = firstBare + ',' + serverFirst + ',' + withoutProof;
        byte[] signature = ScramKeys.hmac(ScramKeys.digest(keys.clientKey()), message);
        byte[] proof = keys.clientKey().clone();
        for (int i = 0; i < proof.length; i++) {
            proof[i] ^= signature[i];
        }
        serverSignature = ScramKeys.hmac(keys.serverKey(), message);
        return encode(withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof));
    }

    /// Whether the server knows the password too.
    boolean isServersProof(String success) {
        byte[] claimed = Base64.getDecoder().decode(fields(decode(success)).getOrDefault("v", ""));
        return MessageDigest.isEqual(claimed, serverSignature);
    }

    private static Map<String, String> fields(String message) {
        Map<String, String> fields = new HashMap<>();
        for (String field : message.split(",", -1)) {
            if (field.length() > 1 && field.charAt(1) == '=') {
                fields.put(field.substring(0, 1), field.substring(2));
            }
        }
        return fields;
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }
}
