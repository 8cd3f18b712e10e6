package im.stanzabus.testkit;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certification authority for tests. Safe from any thread.
public final class TestCertificates {
    private static final ASN1ObjectIdentifier XMPP_ADDR = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.5");
    private static final char[] NO_PASSWORD = {};

    private final KeyPair keys = newKeys();
    private final X500Name name;
    private final X509Certificate authority;

    /// A key and the certificate for it.
    public record Issued(PrivateKey key, X509Certificate certificate, X509Certificate authority) {
        /// The certificate and the authority's, as a server's file holds them.
        public String chainPem() {
            return pem("CERTIFICATE", encoded(certificate)) + pem("CERTIFICATE", encoded(authority));
        }

        public String keyPem() {
            return pem("PRIVATE KEY", key.getEncoded());
        }

        /// Writes `<domain>.crt` and `<domain>.key`.
        public void write(Path folder, String domain) throws IOException {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(domain + ".key"), keyPem());
            Files.writeString(folder.resolve(domain + ".crt"), chainPem());
        }

        /// For a client that shows the certificate.
        public KeyManager[] keyManagers() {
            try {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, NO_PASSWORD);
                store.setKeyEntry("client", key, NO_PASSWORD, new Certificate[] {certificate, authority});
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(store, NO_PASSWORD);
                return factory.getKeyManagers();
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// A new authority.
    public TestCertificates(String commonName) {
        name = new X500Name("CN=" + commonName);
        authority = sign(name, keys, new BasicConstraints(0), null, Duration.ofDays(-1), Duration.ofDays(30));
    }

    /// The authority's own certificate in PEM.
    public String authorityPem() {
        return pem("CERTIFICATE", encoded(authority));
    }

    /// A certificate for a domain.
    public Issued forDomain(String domain) {
        return issue(new GeneralNames(new GeneralName(GeneralName.dNSName, domain)), Duration.ofDays(7));
    }

    /// A certificate that says whose it is by `id-on-xmppAddr` (RFC 6120 section 13.7.1.4).
    public Issued forClient(String... jids) {
        return issue(addresses(jids), Duration.ofDays(7));
    }

    /// One like {@link #forClient} that was good until yesterday.
    public Issued expiredForClient(String jid) {
        return issue(addresses(jid), Duration.ofDays(-1));
    }

    private static GeneralNames addresses(String... jids) {
        GeneralName[] names = new GeneralName[jids.length];
        for (int i = 0; i < jids.length; i++) {
            DERTaggedObject value = new DERTaggedObject(true, 0, new DERUTF8String(jids[i]));
            names[i] = new GeneralName(
                    GeneralName.otherName,
                    new DERSequence(new org.bouncycastle.asn1.ASN1Encodable[] {XMPP_ADDR, value}));
        }
        return new GeneralNames(names);
    }

    private Issued issue(GeneralNames subject, Duration until) {
        KeyPair pair = newKeys();
        X500Name unnamed = new X500Name("CN=test");
        X509Certificate certificate =
                sign(unnamed, pair, new BasicConstraints(false), subject, Duration.ofDays(-10), until);
        return new Issued(pair.getPrivate(), certificate, authority);
    }

    private X509Certificate sign(
            X500Name subject,
            KeyPair pair,
            BasicConstraints constraints,
            @org.jspecify.annotations.Nullable GeneralNames alternative,
            Duration from,
            Duration until) {
        Instant now = Instant.now();
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(64, new SecureRandom()),
                    Date.from(now.plus(from)),
                    Date.from(now.plus(until)),
                    subject,
                    pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, constraints);
            if (alternative != null) {
                builder.addExtension(Extension.subjectAlternativeName, false, alternative);
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + type + "-----\n";
    }
}
