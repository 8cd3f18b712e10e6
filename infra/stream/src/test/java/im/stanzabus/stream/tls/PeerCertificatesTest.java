package im.stanzabus.stream.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.stream.testing.CertificateRequest;
import im.stanzabus.stream.testing.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// RFC 5280 section 6 and RFC 6120 section 13.7.2: which certificates of servers are trusted.
class PeerCertificatesTest {
    private static final String DOMAIN = "montague.example";
    private static final TestCertificates ROOT = TestCertificates.authority("CN=Root");
    private static final TestCertificates MIDDLE =
            new CertificateRequest("CN=Middle").authority().signedBy(ROOT);
    private static final Instant NOW = Instant.now();

    @TempDir
    Path folder;

    private PeerCertificates trusted;

    @BeforeEach
    void trustTheRoot() throws Exception {
        trusted = trusting(ROOT);
    }

    private PeerCertificates trusting(TestCertificates... authorities) throws Exception {
        StringBuilder pem = new StringBuilder();
        for (TestCertificates authority : authorities) {
            pem.append(authority.pem());
        }
        return PeerCertificates.trusting(Files.writeString(folder.resolve("authorities.pem"), pem));
    }

    private static CertificateRequest server() {
        return new CertificateRequest("CN=server").dns(DOMAIN);
    }

    private PeerCertificate judged(TestCertificates... chain) {
        return trusted.judge(
                Arrays.stream(chain).map(TestCertificates::certificate).toArray(X509Certificate[]::new));
    }

    private void accepted(TestCertificates... chain) {
        PeerCertificate judged = judged(chain);
        assertThat(judged.refusal(DOMAIN)).isNull();
        assertThat(judged.isTrusted()).isTrue();
        assertThat(judged.isFor(DOMAIN)).isTrue();
    }

    private void refused(String reason, TestCertificates... chain) {
        PeerCertificate judged = judged(chain);
        assertThat(judged.refusal(DOMAIN)).matches("(?s)" + reason);
        assertThat(judged.isFor(DOMAIN)).isFalse();
    }

    @Test
    void oneOfATrustedAuthority() {
        accepted(server().signedBy(ROOT));
        accepted(server().signedBy(MIDDLE), MIDDLE);
        accepted(server().signedBy(MIDDLE), MIDDLE, ROOT);
    }

    @Test
    void theRestOfTheChainMayBeInAnyOrderAndMore() {
        TestCertificates lower = new CertificateRequest("CN=Lower").authority().signedBy(MIDDLE);
        TestCertificates stranger = TestCertificates.authority("CN=Stranger");
        accepted(server().signedBy(lower), ROOT, stranger, MIDDLE, lower);
    }

    @Test
    void oneForAnotherDomainIsTrustedButNotForThis() {
        TestCertificates other = new CertificateRequest("CN=" + DOMAIN)
                .dns("capulet.example")
                .xmppAddr("verona.example")
                .signedBy(ROOT);
        assertThat(judged(other).isTrusted()).isTrue();
        assertThat(judged(other).isFor("capulet.example")).isTrue();
        refused("it is for capulet.example, verona.example", other);
    }

    @Test
    void itsOwnTime() {
        Instant hour = NOW.minus(1, ChronoUnit.HOURS);
        refused(
                "it has expired on " + hour.truncatedTo(ChronoUnit.SECONDS),
                server().valid(hour.minusSeconds(60), hour).signedBy(ROOT));
        Instant later = NOW.plus(1, ChronoUnit.HOURS);
        refused(
                "it is not valid before " + later.truncatedTo(ChronoUnit.SECONDS),
                server().valid(later, later.plusSeconds(60)).signedBy(ROOT));
    }

    @Test
    void theTimeOfItsIssuers() {
        CertificateRequest middle = new CertificateRequest("CN=Middle").authority();
        TestCertificates past =
                middle.valid(NOW.minusSeconds(7_200), NOW.minusSeconds(3_600)).signedBy(ROOT);
        refused("CN=Middle in its chain has expired", server().signedBy(past), past);
        TestCertificates future =
                middle.valid(NOW.plusSeconds(3_600), NOW.plusSeconds(7_200)).signedBy(ROOT);
        refused("CN=Middle in its chain is not valid yet", server().signedBy(future), future);
    }

    @Test
    void strangers() {
        refused("it is self-signed", server().selfSigned());
        TestCertificates stranger = TestCertificates.authority("CN=Stranger");
        refused("its issuer CN=Stranger is not trusted, or .* is missing", server().signedBy(stranger));
        refused("its issuer CN=Stranger is not trusted", server().signedBy(stranger), stranger);
    }

    @Test
    void theIssuerIsMissing() {
        refused("its issuer CN=Middle is not trusted, or .* is missing", server().signedBy(MIDDLE));
        refused("its issuer CN=Middle is not trusted, or .* is missing", server().signedBy(MIDDLE), ROOT);
    }

    /// Who only takes the name of an authority has not its key.
    @Test
    void oneThatPretends() {
        TestCertificates pretender = TestCertificates.authority("CN=Root");
        refused("its issuer CN=Root is not trusted", server().signedBy(pretender), pretender);
        refused("its issuer CN=Root is not trusted, or .* is missing", server().signedBy(pretender), ROOT);
    }

    /// RFC 5280 section 4.2.1.9: whoever has a certificate is no authority yet.
    @Test
    void aServerIssuesNothing() {
        TestCertificates server =
                new CertificateRequest("CN=capulet").dns("capulet.example").signedBy(ROOT);
        refused("CN=capulet in its chain does not pass: .*", server().signedBy(server), server);
    }

    @Test
    void whatItIsFor() {
        accepted(server().purpose(KeyPurposeId.id_kp_serverAuth).signedBy(ROOT));
        accepted(server().purpose(KeyPurposeId.id_kp_clientAuth)
                .purpose(KeyPurposeId.id_kp_serverAuth)
                .signedBy(ROOT));
        accepted(server().purpose(KeyPurposeId.anyExtendedKeyUsage).signedBy(ROOT));
        refused(
                "it is not for servers",
                server().purpose(KeyPurposeId.id_kp_clientAuth).signedBy(ROOT));
        refused(
                "it is not for servers",
                server().purpose(KeyPurposeId.id_kp_codeSigning).signedBy(ROOT));
        accepted(server().usage(KeyUsage.digitalSignature).signedBy(ROOT));
        refused(
                "its key may not sign handshakes",
                server().usage(KeyUsage.keyAgreement).signedBy(ROOT));
    }

    /// What the JDK holds for too weak (`jdk.certpath.disabledAlgorithms`).
    @Test
    void aKeyThatIsTooShort() {
        refused("it does not pass: .*", server().key("RSA", 512).signedBy(ROOT));
    }

    @Test
    void aCertificateThatIsTrustedByItself() throws Exception {
        TestCertificates self = server().selfSigned();
        trusted = trusting(ROOT, self);
        accepted(self);
        refused("it is self-signed", server().selfSigned());
        TestCertificates old =
                server().valid(NOW.minusSeconds(60), NOW.minusSeconds(10)).selfSigned();
        trusted = trusting(old);
        refused("it has expired on .*", old);
    }

    /// Two certificates of one authority's key, as after a renewal.
    @Test
    void ofTwoIssuersTheOneIsTakenWhoseTimeIsNotOver() {
        TestCertificates old = new CertificateRequest("CN=Middle")
                .authority()
                .valid(NOW.minusSeconds(7_200), NOW.minusSeconds(3_600))
                .renewing(MIDDLE)
                .signedBy(ROOT);
        accepted(server().signedBy(MIDDLE), old, MIDDLE);
        accepted(server().signedBy(MIDDLE), MIDDLE, old);
    }

    @Test
    void theSystemTrustsNoStranger() throws Exception {
        trusted = PeerCertificates.trustingSystem();
        refused("its issuer CN=Root is not trusted", server().signedBy(ROOT), ROOT);
    }

    @Test
    void theDigestOfTheKeyStaysWhenTheCertificateIsRenewed() throws Exception {
        TestCertificates first = server().selfSigned();
        TestCertificates renewed = server().renewing(first).signedBy(ROOT);
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(first.certificate().getPublicKey().getEncoded());
        assertThat(judged(first).keyDigest()).isEqualTo(HexFormat.of().formatHex(digest));
        assertThat(judged(renewed).keyDigest()).isEqualTo(judged(first).keyDigest());
        assertThat(judged(server().selfSigned()).keyDigest())
                .isNotEqualTo(judged(first).keyDigest());
    }

    @Test
    void aFileThatCannotBeUsedIsNamed() {
        assertThatThrownBy(() -> PeerCertificates.trusting(folder.resolve("absent")))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessage(folder.resolve("absent") + " does not exist");
    }
}
