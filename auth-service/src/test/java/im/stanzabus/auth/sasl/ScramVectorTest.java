package im.stanzabus.auth.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.auth.AuthServer;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Jid;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The example exchanges of the RFCs, byte for byte.
class ScramVectorTest {
    private static SaslFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new SaslFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    /// RFC 5802 section 5.
    @Test
    void sha1() {
        fixture.account(Jid.of("user@example.org"), "pencil", "QSXCR+Q6sek8bf92", 4096);
        fixture.nonce = "3rfcNHYJY1ZVvWVs7j";

        SaslReply.Challenge challenge =
                (SaslReply.Challenge) fixture.step("SCRAM-SHA-1", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", null);
        assertThat(new String(challenge.data(), StandardCharsets.UTF_8))
                .isEqualTo("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096");

        SaslReply.Success success = (SaslReply.Success) fixture.step(
                "SCRAM-SHA-1",
                "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
                challenge.state());
        assertThat(new String(success.data(), StandardCharsets.UTF_8)).isEqualTo("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");
    }

    /// RFC 7677 section 3.
    @Test
    void sha256() {
        // The same name as in the other example, with another salt: the account is made anew.
        AuthServer.await(fixture.database.pool().query("DELETE FROM account").execute());
        fixture.account(Jid.of("user@example.org"), "pencil", "W22ZaJ0SNY7soEsUEjb6gQ==", 4096);
        fixture.nonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

        SaslReply.Challenge challenge =
                (SaslReply.Challenge) fixture.step("SCRAM-SHA-256", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO", null);
        assertThat(new String(challenge.data(), StandardCharsets.UTF_8))
                .isEqualTo("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");

        SaslReply.Success success = (SaslReply.Success) fixture.step(
                "SCRAM-SHA-256",
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                challenge.state());
        assertThat(new String(success.data(), StandardCharsets.UTF_8))
                .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        AuthServer.await(fixture.database.pool().query("DELETE FROM account").execute());
    }
}
