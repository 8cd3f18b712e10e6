package im.stanzabus.stream.tls;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// A private key with the chain of its certificate, the server's own certificate first.
record CertifiedKey(PrivateKey key, X509Certificate[] chain) {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([^-]*)-----END \\1-----", Pattern.DOTALL);

    /// Of PKCS #8 and of what OpenSSL wrote before.
    private static final Pattern ENCRYPTED =
            Pattern.compile("-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED", Pattern.MULTILINE);

    private static final byte[] PROBE = "stanzabus".getBytes(StandardCharsets.US_ASCII);

    /// Reads a pair of PEM files: PKCS #8 keys, and what OpenSSL writes for RSA and EC.
    ///
    /// @throws GeneralSecurityException if they are not what they should be or do not belong together;
    ///     the message is fit for people and names the file
    static CertifiedKey read(Path chainFile, Path keyFile) throws GeneralSecurityException {
        X509Certificate[] chain = new PemFile(chainFile).certificates();
        PublicKey publicKey = chain[0].getPublicKey();
        PrivateKey key = privateKey(new PemFile(keyFile), publicKey.getAlgorithm());
        if (!belong(key, publicKey)) {
            throw new GeneralSecurityException(keyFile + " is not the key of " + chainFile);
        }
        return new CertifiedKey(key, chain);
    }

    boolean isSame(CertifiedKey other) {
        return key.equals(other.key) && Arrays.equals(chain, other.chain);
    }

    private static PrivateKey privateKey(PemFile file, String algorithm) throws GeneralSecurityException {
        String text = file.text();
        if (ENCRYPTED.matcher(text).find()) {
            throw new GeneralSecurityException(file + " is protected by a password; the key must be there without one");
        }
        Matcher pem = KEY.matcher(text);
        if (!pem.find()) {
            throw new GeneralSecurityException(file + " holds no private key in PEM form");
        }
        try {
            if (pem.group(1).equals("PRIVATE KEY")) {
                byte[] encoded = Base64.getMimeDecoder().decode(pem.group(2));
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            }
            try (PEMParser parser = new PEMParser(new StringReader(pem.group()))) {
                if (parser.readObject() instanceof PEMKeyPair pair) {
                    return new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo());
                }
            }
        } catch (IOException | IllegalArgumentException | IllegalStateException | InvalidKeySpecException e) {
            throw new GeneralSecurityException(file + " holds no valid key of the certificate's kind", e);
        }
        throw new GeneralSecurityException(file + " holds a " + pem.group(1) + ", which is not supported");
    }

    private static boolean belong(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(publicKey.getAlgorithm())) {
            return key.getAlgorithm().startsWith("Ed")
                    && publicKey.getAlgorithm().startsWith("Ed");
        }
        String name = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
        Signature signature = Signature.getInstance(name);
        try {
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (SignatureException | InvalidKeyException _) {
            // keys of different sizes make signatures that the other one cannot even read
            return false;
        }
    }
}
