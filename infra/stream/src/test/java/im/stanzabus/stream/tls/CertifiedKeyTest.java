package im.stanzabus.stream.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.stream.testing.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
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

    @ParameterizedTest
    @CsvSource({"EC, 384, SHA384withECDSA", "RSA, 2048, SHA256withRSA", "Ed25519, 0, Ed25519"})
    void keysOfAllKindsAreRead(String algorithm, int bits, String signature) throws Exception {
        TestCertificates server = TestCertificates.server(algorithm, bits, signature);
        Path chain =
                file("chain", server.pem() + TestCertificates.authority("CN=CA").pem());
        CertifiedKey read = CertifiedKey.read(chain, file("key", server.keyPem()));
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
        Path key = file("key", server.keyPem());
        refused(chain, file("other", other.keyPem()), "other is not the key of");
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
        refused(file("chain", server.pem()), file("other", other.keyPem()), "other is not the key of");
    }

    private static void refused(Path chain, Path key, String message) {
        assertThatThrownBy(() -> CertifiedKey.read(chain, key))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining(message);
    }
}
