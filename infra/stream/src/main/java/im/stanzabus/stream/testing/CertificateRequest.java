package im.stanzabus.stream.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/// What is to be in a certificate that is made for a test: at first an EC key, a day of validity
/// and no names.
public final class CertificateRequest {
    private static final ASN1ObjectIdentifier XMPP_ADDRESS = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.5");
    private static final ASN1ObjectIdentifier SRV_NAME = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.7");

    private final String subject;
    private final List<GeneralName> names = new ArrayList<>();
    private final List<KeyPurposeId> purposes = new ArrayList<>();
    private Instant from = Instant.now().minus(1, ChronoUnit.DAYS);
    private Instant until = Instant.now().plus(1, ChronoUnit.DAYS);
    private String algorithm = "EC";
    private int bits = 256;
    private String signature = "SHA256withECDSA";
    private boolean authority;
    private int usage;
    private @Nullable KeyPair pair;

    public CertificateRequest(String subject) {
        this.subject = subject;
    }

    public CertificateRequest dns(String name) {
        names.add(new GeneralName(GeneralName.dNSName, name));
        return this;
    }

    /// An SRVName (RFC 4985), such as `_xmpp-server.example.org`.
    public CertificateRequest srv(String name) {
        names.add(other(SRV_NAME, new DERIA5String(name)));
        return this;
    }

    /// An id-on-xmppAddr (RFC 6120 section 13.7.1.4).
    public CertificateRequest xmppAddr(String address) {
        names.add(other(XMPP_ADDRESS, new DERUTF8String(address)));
        return this;
    }

    private static GeneralName other(ASN1ObjectIdentifier type, ASN1Encodable value) {
        return new GeneralName(
                GeneralName.otherName,
                new DERSequence(new ASN1Encodable[] {type, new DERTaggedObject(true, 0, value)}));
    }

    /// An extended key usage; without any, the key may be used for everything.
    public CertificateRequest purpose(KeyPurposeId purpose) {
        purposes.add(purpose);
        return this;
    }

    /// @param bits those of {@link KeyUsage}
    public CertificateRequest usage(int bits) {
        usage = bits;
        return this;
    }

    public CertificateRequest authority() {
        authority = true;
        return this;
    }

    public CertificateRequest valid(Instant begin, Instant end) {
        from = begin;
        until = end;
        return this;
    }

    /// @param size in bits; 0 where there is only one
    public CertificateRequest key(String kind, int size) {
        algorithm = kind;
        bits = size;
        return this;
    }

    /// The key of another certificate.
    public CertificateRequest renewing(TestCertificates other) {
        pair = new KeyPair(other.certificate().getPublicKey(), other.key());
        return this;
    }

    /// How the issuer, whose key must fit, signs.
    public CertificateRequest signature(String kind) {
        signature = kind;
        return this;
    }

    public TestCertificates selfSigned() {
        KeyPair own = pair();
        return make(new X500Name(subject), own, own.getPrivate());
    }

    public TestCertificates signedBy(TestCertificates issuer) {
        X500Name name = X500Name.getInstance(
                issuer.certificate().getSubjectX500Principal().getEncoded());
        return make(name, pair(), issuer.key());
    }

    private KeyPair pair() {
        if (pair != null) {
            return pair;
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private TestCertificates make(X500Name issuer, KeyPair own, PrivateKey issuerKey) {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(System.nanoTime()),
                Date.from(from),
                Date.from(until),
                new X500Name(subject),
                own.getPublic());
        try {
            extend(builder);
            return new TestCertificates(
                    new JcaX509CertificateConverter().getCertificate(builder.build(signer(issuerKey))),
                    own.getPrivate());
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void extend(JcaX509v3CertificateBuilder builder) throws IOException {
        if (authority) {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        }
        if (usage != 0) {
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
        }
        if (!purposes.isEmpty()) {
            builder.addExtension(
                    Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
        }
        if (!names.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
        }
    }

    private ContentSigner signer(PrivateKey key) throws OperatorCreationException {
        return signature.equals("RSASSA-PSS") ? new PssSigner(key) : new JcaContentSignerBuilder(signature).build(key);
    }
}
