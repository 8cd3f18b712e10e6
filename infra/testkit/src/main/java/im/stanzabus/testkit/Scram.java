package im.stanzabus.testkit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// The client's side of a SCRAM login (RFC 5802), written from the RFC so that it does not share the server's mistakes.
/// One exchange each.
public final class Scram {
    private static final Base64.Encoder BASE64 = Base64.getEncoder();

    private final String hash;
    private final String password;
    private final String gs2Header;
    private final byte[] binding;
    private final String clientFirstBare;
    private final String nonce;
    private byte[] serverSignature = new byte[0];

    /// @param hash such as `SHA-256`
    /// @param gs2 `n`, `y` or `p=<type>`, the client's word on channel binding
    /// @param binding the data of the channel, empty without binding
    public Scram(String hash, String user, String password, String gs2, byte[] binding) {
        this.hash = hash;
        this.password = password;
        this.binding = binding.clone();
        byte[] random = new byte[18];
        new SecureRandom().nextBytes(random);
        nonce = BASE64.encodeToString(random);
        gs2Header = gs2 + ",,";
        clientFirstBare = "n=" + user.replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
    }

    /// The first message.
    public String first() {
        return gs2Header + clientFirstBare;
    }

    /// The answer to the server's first message.
    public String last(String serverFirst) {
        Map<String, String> fields = fields(serverFirst);
        String serverNonce = fields.getOrDefault("r", "");
        if (!serverNonce.startsWith(nonce) || serverNonce.equals(nonce)) {
            throw new AssertionError("the server's nonce does not continue the client's: " + serverFirst);
        }
        byte[] salt = Base64.getDecoder().decode(fields.getOrDefault("s", ""));
        int iterations = Integer.parseInt(fields.getOrDefault("i", "0"));
        String withoutProof = "c=" + BASE64.encodeToString(channel()) + ",r=" + serverNonce;
        String authMessage = clientFirstBare + "," + serverFirst + "," + withoutProof;
        byte[] salted = hi(salt, iterations);
        byte[] clientKey = hmac(salted, "Client Key");
        byte[] signature = hmac(digest(clientKey), authMessage);
        byte[] proof = new byte[clientKey.length];
        for (int i = 0; i < proof.length; i++) {
            proof[i] = (byte) (clientKey[i] ^ signature[i]);
        }
        serverSignature = hmac(hmac(salted, "Server Key"), authMessage);
        return withoutProof + ",p=" + BASE64.encodeToString(proof);
    }

    /// Checks that the server knows the password too.
    ///
    /// @throws AssertionError if it does not
    public void verify(String serverFinal) {
        byte[] claimed = Base64.getDecoder().decode(fields(serverFinal).getOrDefault("v", ""));
        if (!Arrays.equals(claimed, serverSignature)) {
            throw new AssertionError("the server's signature is wrong: " + serverFinal);
        }
    }

    private byte[] channel() {
        byte[] header = gs2Header.getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(header, header.length + binding.length);
        System.arraycopy(binding, 0, all, header.length, binding.length);
        return all;
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

    private byte[] hi(byte[] salt, int iterations) {
        try {
            int bits = MessageDigest.getInstance(hash).getDigestLength() * 8;
            String name = "PBKDF2WithHmac" + hash.replace("-", "");
            return SecretKeyFactory.getInstance(name)
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, bits))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] hmac(byte[] key, String text) {
        try {
            String name = "Hmac" + hash.replace("-", "");
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(key, name));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance(hash).digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
