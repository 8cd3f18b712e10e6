package im.stanzabus.c2s.tls;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stream.testing.TestCertificates;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelBindingsTest {
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
    void theHashOfTheEndPointIsThatOfTheSignature(String algorithm, int bits, String signature, String hash) {
        TestCertificates server = TestCertificates.server(algorithm, bits, signature);
        assertThat(ChannelBindings.signatureHash(server.certificate())).isEqualTo(hash);
    }
}
