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
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certification authority for tests. Safe from any thread.
public final class TestCertificates {
    static final ASN1ObjectIdentifier XMPP_ADDR = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.5");
    static final Duration BEGUN = Duration.ofDays(-10);
    static final Duration GOOD = Duration.ofDays(7);
    static final Duration OVER = Duration.ofDays(-1);
    private static final char[] NO_PASSWORD = {};
    private static final int KEY_BITS = 256;

    private final KeyPair keys = newKeys();
    private final X500Name name;
    private final X509Certificate authority;

    /// From when until when a certificate is good, from now on.
    record Validity(Duration from, Duration until) {}

    private record Signer(X500Name name, KeyPair keys) {}

    private record Subject(X500Name name, KeyPair keys, boolean authority) {}

    /// A key and the certificate for it.
    public record Issued(PrivateKey key, X509Certificate certificate, X509Certificate authority) {
        /// The certificate and the authority's, as a server's file holds them; a self-signed one alone.
        public String chainPem() {
            StringBuilder pem = new StringBuilder();
            for (X509Certificate link : chain()) {
                pem.append(pem("CERTIFICATE", encoded(link)));
            }
            return pem.toString();
        }

        private X509Certificate[] chain() {
            return certificate.equals(authority)
                    ? new X509Certificate[] {certificate}
                    : new X509Certificate[] {certificate, authority};
        }

        /// The key in PKCS #8, with the public key in it (RFC 5915 section 3): Java writes none, and
        /// Erlang finds none for the certificate without it.
        public String keyPem() {
            PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
            ASN1BitString open = SubjectPublicKeyInfo.getInstance(
                            certificate.getPublicKey().getEncoded())
                    .getPublicKeyData();
            try {
                ECPrivateKey own = ECPrivateKey.getInstance(info.parsePrivateKey());
                ECPrivateKey whole = new ECPrivateKey(KEY_BITS, own.getKey(), open, null);
                return pem("PRIVATE KEY", new PrivateKeyInfo(info.getPrivateKeyAlgorithm(), whole).getEncoded());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
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
                store.setKeyEntry("client", key, NO_PASSWORD, chain());
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
        authority = sign(
                new Signer(name, keys),
                new Subject(name, keys, true),
                List.of(),
                new Validity(BEGUN, Duration.ofDays(30)));
    }

    /// The authority's own certificate in PEM.
    public String authorityPem() {
        return pem("CERTIFICATE", encoded(authority));
    }

    /// A certificate for a domain.
    public Issued forDomain(String domain) {
        return forHost(domain).issue();
    }

    /// A certificate for a server that is still to be described.
    ///
    /// @param domains its `dNSName`s, which may begin with `*.`; there may be none
    public HostCertificate forHost(String... domains) {
        return new HostCertificate(this, domains);
    }

    /// A certificate that says whose it is by `id-on-xmppAddr` (RFC 6120 section 13.7.1.4).
    public Issued forClient(String... jids) {
        return issue(addresses(jids), new Validity(BEGUN, GOOD));
    }

    /// One like {@link #forClient} that was good until yesterday.
    public Issued expiredForClient(String jid) {
        return issue(addresses(jid), new Validity(BEGUN, OVER));
    }

    private static GeneralNames addresses(String... jids) {
        GeneralName[] names = new GeneralName[jids.length];
        for (int i = 0; i < jids.length; i++) {
            names[i] = otherName(XMPP_ADDR, new DERUTF8String(jids[i]));
        }
        return new GeneralNames(names);
    }

    /// A name of a kind that X.509 leaves to others (RFC 5280 section 4.2.1.6).
    static GeneralName otherName(ASN1ObjectIdentifier kind, ASN1Encodable value) {
        return new GeneralName(
                GeneralName.otherName,
                new DERSequence(new ASN1Encodable[] {kind, new DERTaggedObject(true, 0, value)}));
    }

    private Issued issue(GeneralNames subject, Validity validity) {
        return issue(List.of(extension(Extension.subjectAlternativeName, subject)), validity);
    }

    /// A certificate that this authority signs.
    Issued issue(List<Extension> extensions, Validity validity) {
        KeyPair pair = newKeys();
        X509Certificate certificate =
                sign(new Signer(name, keys), new Subject(new X500Name("CN=test"), pair, false), extensions, validity);
        return new Issued(pair.getPrivate(), certificate, authority);
    }

    /// A certificate that nobody signs but its owner.
    static Issued issueSelfSigned(List<Extension> extensions, Validity validity) {
        KeyPair pair = newKeys();
        X500Name own = new X500Name("CN=self");
        X509Certificate certificate = sign(new Signer(own, pair), new Subject(own, pair, false), extensions, validity);
        return new Issued(pair.getPrivate(), certificate, certificate);
    }

    static Extension extension(ASN1ObjectIdentifier kind, ASN1Encodable value) {
        try {
            return Extension.create(kind, false, value);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate sign(Signer signer, Subject subject, List<Extension> extensions, Validity validity) {
        Instant now = Instant.now();
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    signer.name,
                    new BigInteger(64, new SecureRandom()),
                    Date.from(now.plus(validity.from)),
                    Date.from(now.plus(validity.until)),
                    subject.name,
                    subject.keys.getPublic());
            builder.addExtension(
                    Extension.basicConstraints,
                    true,
                    subject.authority ? new BasicConstraints(0) : new BasicConstraints(false));
            for (Extension extension : extensions) {
                builder.addExtension(extension);
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(signer.keys.getPrivate())));
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
