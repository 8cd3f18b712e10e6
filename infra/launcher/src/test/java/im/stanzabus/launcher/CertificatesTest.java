package im.stanzabus.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificatesTest {
    @TempDir
    Path folder;

    private static X509Certificate certificate(CertificateFiles files) throws Exception {
        try (InputStream in = Files.newInputStream(files.chain())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static PrivateKey key(CertificateFiles files) throws Exception {
        String pem = Files.readString(files.key());
        assertThat(pem).startsWith("-----BEGIN PRIVATE KEY-----\n").endsWith("\n-----END PRIVATE KEY-----\n");
        String body = pem.replaceAll("-----[A-Z ]+-----", "").replace("\n", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
    }

    @Test
    void makesASelfSignedCertificateForTheDomain() throws Exception {
        CertificateFiles files = Certificates.ensure(folder.resolve("certificates"), "montague.example");

        X509Certificate certificate = certificate(files);
        assertThat(certificate.getSubjectAlternativeNames()).containsExactly(List.of(2, "montague.example"));
        assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(((ECPublicKey) certificate.getPublicKey())
                        .getParams()
                        .getCurve()
                        .getField()
                        .getFieldSize())
                .isEqualTo(256);
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        certificate.verify(certificate.getPublicKey());
        certificate.checkValidity();
        certificate.checkValidity(Date.from(Instant.now().plus(Duration.ofDays(3600))));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.key())))
                .isEqualTo("rw-------");
    }

    @Test
    void theKeyBelongsToTheCertificate() throws Exception {
        CertificateFiles files = Certificates.ensure(folder, "localhost");
        byte[] message = {1, 2, 3};

        Signature signing = Signature.getInstance("SHA256withECDSA");
        signing.initSign(key(files));
        signing.update(message);
        byte[] signature = signing.sign();
        Signature checking = Signature.getInstance("SHA256withECDSA");
        checking.initVerify(certificate(files));
        checking.update(message);

        assertThat(checking.verify(signature)).isTrue();
    }

    @Test
    void keepsWhatIsThere() throws Exception {
        byte[] first =
                Files.readAllBytes(Certificates.ensure(folder, "localhost").chain());

        assertThat(Certificates.ensure(folder, "localhost").chain()).hasBinaryContent(first);
    }

    @Test
    void doesNotOverwriteHalfOfAPair() throws Exception {
        Files.writeString(folder.resolve("localhost.crt"), "a certificate");

        assertThatThrownBy(() -> Certificates.ensure(folder, "localhost"))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("localhost.key is missing");
        assertThat(folder.resolve("localhost.crt")).hasContent("a certificate");
    }

    @ParameterizedTest
    @CsvSource({
        "bücher.example,xn--bcher-kva.example,2,xn--bcher-kva.example",
        "fußball.example,xn--fuball-cta.example,2,xn--fuball-cta.example",
        "127.0.0.1,127.0.0.1,7,127.0.0.1",
        "[2001:db8::1],2001_db8__1,7,2001:db8:0:0:0:0:0:1"
    })
    void namesFilesAndSubjectInAscii(String domain, String file, int type, String subject) throws Exception {
        CertificateFiles files = Certificates.ensure(folder, domain);

        assertThat(files.chain()).isEqualTo(folder.resolve(file + ".crt"));
        assertThat(certificate(files).getSubjectAlternativeNames()).containsExactly(List.of(type, subject));
    }
}
