package im.stanzabus.stream.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.util.Base64;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;

/// A certificate made for a test, with its key.
public record TestCertificates(X509Certificate certificate, PrivateKey key) {

    public static TestCertificates authority(String name) {
        return new CertificateRequest(name).authority().selfSigned();
    }

    /// A self-signed certificate of a server.
    ///
    /// @param bits the size of the key; 0 where there is only one
    public static TestCertificates server(String algorithm, int bits, String signature) {
        return new CertificateRequest("CN=server")
                .key(algorithm, bits)
                .signature(signature)
                .selfSigned();
    }

    /// A certificate of a user that this authority has issued.
    public TestCertificates user(String... addresses) {
        return user(new CertificateRequest("CN=user"), addresses);
    }

    public TestCertificates expiredUser(String... addresses) {
        Instant end = Instant.now().minusSeconds(60);
        return user(new CertificateRequest("CN=user").valid(end.minusSeconds(3_600), end), addresses);
    }

    private TestCertificates user(CertificateRequest request, String... addresses) {
        for (String address : addresses) {
            request.xmppAddr(address);
        }
        return request.signedBy(this);
    }

    /// The certificate in PEM form.
    public String pem() throws IOException {
        return pem(certificate);
    }

    /// The key in the form of PKCS #8.
    public String keyPem() {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    /// The key as OpenSSL used to write it.
    public String oldKeyPem() throws IOException {
        Object content = key instanceof ECPrivateKey ec
                ? new PemObject(
                        "EC PRIVATE KEY",
                        new org.bouncycastle.asn1.sec.ECPrivateKey(256, ec.getS(), SECObjectIdentifiers.secp256r1)
                                .getEncoded())
                : key;
        return pem(content);
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
