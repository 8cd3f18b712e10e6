package im.stanzabus.launcher;

import im.stanzabus.stanza.DomainNames;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Self-signed certificates for domains that have none yet. All methods block.
public final class Certificates {
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);
    private static final Duration LIFETIME = Duration.ofDays(3650);
    private static final int MAX_COMMON_NAME = 64;

    private Certificates() {}

    /// The files `<domain>.crt` and `<domain>.key` of the folder, made with a self-signed ECDSA P-256
    /// certificate if they are not there. Whoever has a real certificate puts it in their place.
    ///
    /// @throws StartupException if only one of the two is there, or they cannot be written
    public static synchronized CertificateFiles ensure(Path folder, String domain) {
        String name = asciiName(domain);
        CertificateFiles files = new CertificateFiles(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
        boolean chain = Files.exists(files.chain());
        boolean key = Files.exists(files.key());
        if (chain && key) {
            return files;
        }
        if (chain || key) {
            throw new StartupException((chain ? files.key() : files.chain()) + " is missing, but "
                    + (chain ? files.chain() : files.key()) + " is there: a certificate needs both");
        }
        try {
            PrivateFile.createFolder(folder);
            KeyPair pair = keyPair();
            PrivateFile.write(files.key(), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            PrivateFile.write(
                    files.chain(), pem("CERTIFICATE", selfSigned(name, pair).getEncoded()));
            return files;
        } catch (IOException e) {
            throw new StartupException("cannot write a certificate to " + folder + ": " + e.getMessage());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("making a certificate for " + domain, e);
        }
    }

    /// The domain as it stands in certificates (RFC 6125 section 6.4.2), which also is a safe name of a file.
    private static String asciiName(String domain) {
        String ascii = domain.startsWith("[") ? domain.substring(1, domain.length() - 1) : DomainNames.ascii(domain);
        return ascii.replaceAll("[^A-Za-z0-9.-]", "_");
    }

    private static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X509CertificateHolder selfSigned(String name, KeyPair pair)
            throws IOException, OperatorCreationException {
        Instant now = Instant.now();
        X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
        if (name.length() <= MAX_COMMON_NAME) {
            subject.addRDN(BCStyle.CN, name);
        }
        X500Name self = subject.build();
        boolean address = name.matches("[0-9.]+") || name.contains("_");
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                self,
                new BigInteger(127, new SecureRandom()).setBit(126),
                Date.from(now.minus(CLOCK_SKEW)),
                Date.from(now.plus(LIFETIME)),
                self,
                pair.getPublic());
        builder.addExtension(
                Extension.subjectAlternativeName,
                self.getRDNs().length == 0,
                new GeneralNames(new GeneralName(
                        address ? GeneralName.iPAddress : GeneralName.dNSName,
                        address ? name.replace('_', ':') : name)));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
            KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
        }));
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
    }

    private static String pem(String type, byte[] der) {
        String lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
    }
}
