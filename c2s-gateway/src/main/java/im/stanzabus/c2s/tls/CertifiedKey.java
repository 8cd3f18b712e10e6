package im.stanzabus.c2s.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// A private key with the chain of its certificate, the server's own certificate first.
record CertifiedKey(PrivateKey key, X509Certificate[] chain) {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final byte[] PROBE = "stanzabus".getBytes(StandardCharsets.US_ASCII);

    /// Reads a pair of PEM files: PKCS #8 keys, and what OpenSSL writes for RSA and EC.
    ///
    /// @throws GeneralSecurityException if they are not what they should be or do not belong together;
    ///     the message is fit for people
    static CertifiedKey read(Path chainFile, Path keyFile) throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(chainFile)));
        X509Certificate[] chain =
                certificates.stream().map(X509Certificate.class::cast).toArray(X509Certificate[]::new);
        if (chain.length == 0) {
            throw new GeneralSecurityException(chainFile + " holds no certificate");
        }
        PublicKey publicKey = chain[0].getPublicKey();
        PrivateKey key = privateKey(keyFile, publicKey.getAlgorithm());
        if (!belong(key, publicKey)) {
            throw new GeneralSecurityException(keyFile + " is not the key of " + chainFile);
        }
        return new CertifiedKey(key, chain);
    }

    private static PrivateKey privateKey(Path file, String algorithm) throws IOException, GeneralSecurityException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        Matcher pem = KEY.matcher(text);
        if (!pem.find()) {
            throw new GeneralSecurityException(file + " holds no unencrypted private key in PEM form");
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
        } catch (IllegalArgumentException | InvalidKeySpecException e) {
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
        signature.initSign(key);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(PROBE);
        return signature.verify(signed);
    }
}
