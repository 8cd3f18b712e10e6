package im.stanzabus.bench.load.client;

import im.stanzabus.bench.load.client.SaltedPasswords.Hash;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The client's side of one SCRAM exchange without channel binding (RFC 5802 section 3).
final class Scram {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 18;
    private static final String HEADER = "n,,";

    private final SaltedPasswords salted;
    private final Hash hash;
    private final String password;
    private final String nonce;
    private final String firstBare;
    private byte[] serverSignature = {};

    Scram(SaltedPasswords salted, String mechanism, Account account) {
        this(salted, mechanism, account, nonce());
    }

    Scram(SaltedPasswords salted, String mechanism, Account account, String nonce) {
        this.salted = salted;
        this.hash = Hash.of(mechanism);
        this.password = account.password();
        this.nonce = nonce;
        firstBare = "n=" + account.name().replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
    }

    private static String nonce() {
        byte[] random = new byte[NONCE_BYTES];
        RANDOM.nextBytes(random);
        return Base64.getEncoder().encodeToString(random);
    }

    String first() {
        return HEADER + firstBare;
    }

    /// The answer to the server's first message.
    ///
    /// @throws IllegalArgumentException if that is no such message, or answers somebody else
    String last(String serverFirst) {
        Map<Character, String> fields = fields(serverFirst);
        String serverNonce = fields.getOrDefault('r', "");
        if (!serverNonce.startsWith(nonce) || serverNonce.equals(nonce)) {
            throw new IllegalArgumentException("the server's nonce does not continue the client's");
        }
        byte[] key = salted.get(
                hash, password, fields.getOrDefault('s', ""), Integer.parseInt(fields.getOrDefault('i', "")));
        String withoutProof = "c=" + Text.encoded(HEADER) + ",r=" + serverNonce;
        String message = firstBare + "," + serverFirst + "," + withoutProof;
        byte[] clientKey = hmac(key, "Client Key");
        byte[] proof = hmac(digest(clientKey), message);
        for (int i = 0; i < proof.length; i++) {
            proof[i] ^= clientKey[i];
        }
        serverSignature = hmac(hmac(key, "Server Key"), message);
        return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
    }

    /// Whether the server knows the password too.
    boolean isVerified(String serverFinal) {
        byte[] claimed = Base64.getDecoder().decode(fields(serverFinal).getOrDefault('v', ""));
        return MessageDigest.isEqual(claimed, serverSignature);
    }

    private static Map<Character, String> fields(String message) {
        Map<Character, String> fields = new HashMap<>();
        for (String field : message.split(",", -1)) {
            if (field.length() > 1 && field.charAt(1) == '=') {
                fields.put(field.charAt(0), field.substring(2));
            }
        }
        return fields;
    }

    private byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(hash.hmac());
            mac.init(new SecretKeySpec(key, hash.hmac()));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance(hash.digest()).digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
