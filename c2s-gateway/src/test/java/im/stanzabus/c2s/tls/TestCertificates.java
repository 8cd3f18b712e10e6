package im.stanzabus.c2s.tls;

import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/// Certificates made for a test, with their keys.
public record TestCertificates(X509Certificate certificate, PrivateKey key) {
    private static final ASN1ObjectIdentifier XMPP_ADDRESS = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.5");
    private static final Duration DAY = Duration.ofDays(1);

    public static TestCertificates authority(String name) throws Exception {
        KeyPair pair = keys("EC", 256);
        JcaX509v3CertificateBuilder builder =
                builder(new X500Name(name), name, pair, Instant.now().plus(DAY));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        return sign(builder, pair, pair.getPrivate(), "SHA256withECDSA");
    }

    /// A self-signed certificate of a server.
    public static TestCertificates server(String algorithm, int bits, String signature) throws Exception {
        KeyPair pair = keys(algorithm, bits);
        return sign(
                builder(
                        new X500Name("CN=server"),
                        "CN=server",
                        pair,
                        Instant.now().plus(DAY)),
                pair,
                pair.getPrivate(),
                signature);
    }

    public TestCertificates user(String... addresses) throws Exception {
        return user(Instant.now().plus(DAY), addresses);
    }

    public TestCertificates expiredUser(String... addresses) throws Exception {
        return user(Instant.now().minusSeconds(60), addresses);
    }

    private TestCertificates user(Instant end, String... addresses) throws Exception {
        KeyPair pair = keys("EC", 256);
        X500Name issuer =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        JcaX509v3CertificateBuilder builder = builder(issuer, "CN=user", pair, end);
        GeneralName[] names = new GeneralName[addresses.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = new GeneralName(GeneralName.otherName, new DERSequence(new ASN1Encodable[] {
                XMPP_ADDRESS, new DERTaggedObject(true, 0, new DERUTF8String(addresses[i]))
            }));
        }
        if (names.length > 0) {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        return sign(builder, pair, key, "SHA256withECDSA");
    }

    private static KeyPair keys(String algorithm, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (bits > 0) {
            generator.initialize(bits);
        }
        return generator.generateKeyPair();
    }

    private static JcaX509v3CertificateBuilder builder(X500Name issuer, String subject, KeyPair pair, Instant end) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(System.nanoTime()),
                Date.from(end.minus(DAY).minus(DAY)),
                Date.from(end),
                new X500Name(subject),
                pair.getPublic());
    }

    private static TestCertificates sign(
            JcaX509v3CertificateBuilder builder, KeyPair pair, PrivateKey issuer, String signature) throws Exception {
        return new TestCertificates(
                new JcaX509CertificateConverter().getCertificate(builder.build(signer(signature, issuer))),
                pair.getPrivate());
    }

    private static ContentSigner signer(String signature, PrivateKey issuer) throws Exception {
        return signature.equals("RSASSA-PSS")
                ? new PssSigner(issuer)
                : new JcaContentSignerBuilder(signature).build(issuer);
    }

    /// RSASSA-PSS with SHA-384, by the JDK.
    private record PssSigner(PrivateKey issuer, ByteArrayOutputStream getOutputStream) implements ContentSigner {
        PssSigner(PrivateKey issuer) {
            this(issuer, new ByteArrayOutputStream());
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return new DefaultSignatureAlgorithmIdentifierFinder().find("SHA384WITHRSAANDMGF1");
        }

        @Override
        public byte[] getSignature() {
            try {
                Signature signature = Signature.getInstance("RSASSA-PSS");
                signature.setParameter(new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1));
                signature.initSign(issuer);
                signature.update(getOutputStream.toByteArray());
                return signature.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    public String pem() throws Exception {
        return pem(certificate);
    }

    /// The key as OpenSSL used to write it.
    public String oldKeyPem() throws Exception {
        Object content = key instanceof ECPrivateKey ec
                ? new PemObject(
                        "EC PRIVATE KEY",
                        new org.bouncycastle.asn1.sec.ECPrivateKey(256, ec.getS(), SECObjectIdentifiers.secp256r1)
                                .getEncoded())
                : key;
        return pem(content);
    }

    private static String pem(Object object) throws Exception {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
