package im.stanzabus.c2s.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertifiedKeyTest {
    @TempDir
    Path folder;

    private Path file(String name, String content) throws Exception {
        return Files.writeString(folder.resolve(name), content);
    }

    private static String pkcs8(TestCertificates server) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(server.key().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    @ParameterizedTest
    @CsvSource({"EC, 384, SHA384withECDSA", "RSA, 2048, SHA256withRSA", "Ed25519, 0, Ed25519"})
    void keysOfAllKindsAreRead(String algorithm, int bits, String signature) throws Exception {
        TestCertificates server = TestCertificates.server(algorithm, bits, signature);
        Path chain =
                file("chain", server.pem() + TestCertificates.authority("CN=CA").pem());
        CertifiedKey read = CertifiedKey.read(chain, file("key", pkcs8(server)));
        assertThat(read.key()).isEqualTo(server.key());
        assertThat(read.chain()).hasSize(2).startsWith(server.certificate());
    }

    @ParameterizedTest
    @CsvSource({"EC, 256, SHA256withECDSA, EC PRIVATE KEY", "RSA, 2048, SHA256withRSA, RSA PRIVATE KEY"})
    void oldFormatsAreRead(String algorithm, int bits, String signature, String label) throws Exception {
        TestCertificates server = TestCertificates.server(algorithm, bits, signature);
        String key = server.oldKeyPem();
        assertThat(key).contains(label);
        CertifiedKey read = CertifiedKey.read(file("chain", server.pem()), file("key", key));
        assertThat(read.key().getAlgorithm()).isEqualTo(algorithm);
    }

    @Test
    void whatCannotBeUsedIsToldInASentence() throws Exception {
        TestCertificates server = TestCertificates.server("EC", 256, "SHA256withECDSA");
        TestCertificates other = TestCertificates.server("EC", 256, "SHA256withECDSA");
        Path chain = file("chain", server.pem());
        Path key = file("key", pkcs8(server));
        refused(chain, file("other", pkcs8(other)), "other is not the key of");
        refused(chain, file("none", "nothing"), "none holds no private key");
        refused(chain, file("bad", "-----BEGIN PRIVATE KEY-----\n*\n-----END PRIVATE KEY-----"), "bad");
        refused(file("empty", ""), key, "empty");
        refused(chain, file("broken", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----"), "broken");
    }

    /// One key cannot even read what the other one has signed then.
    @ParameterizedTest
    @CsvSource({"RSA, 2048, 3072, SHA256withRSA", "EC, 256, 384, SHA256withECDSA"})
    void aKeyOfAnotherSizeIsNotTheOne(String algorithm, int bits, int otherBits, String signature) throws Exception {
        TestCertificates server = TestCertificates.server(algorithm, bits, signature);
        TestCertificates other = TestCertificates.server(algorithm, otherBits, signature);
        refused(file("chain", server.pem()), file("other", pkcs8(other)), "other is not the key of");
    }

    private static void refused(Path chain, Path key, String message) {
        assertThatThrownBy(() -> CertifiedKey.read(chain, key))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining(message);
    }

    /// RFC 5929 section 4.1.
    @ParameterizedTest
    @CsvSource({
        "EC, 256, SHA256withECDSA, SHA-256",
        "EC, 384, SHA384withECDSA, SHA-384",
        "RSA, 2048, SHA512withRSA, SHA-512",
        "RSA, 2048, SHA1withRSA, SHA-256",
        "RSA, 2048, RSASSA-PSS, SHA-384",
        "Ed25519, 0, Ed25519, ",
    })
    void theHashOfTheEndPointIsThatOfTheSignature(String algorithm, int bits, String signature, String hash)
            throws Exception {
        TestCertificates server = TestCertificates.server(algorithm, bits, signature);
        assertThat(ChannelBindings.signatureHash(server.certificate())).isEqualTo(hash);
    }
}
