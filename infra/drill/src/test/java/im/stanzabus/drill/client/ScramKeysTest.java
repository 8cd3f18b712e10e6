package im.stanzabus.drill.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class ScramKeysTest {
    /// The example of RFC 7677 section 3.
    @Test
    void derivesTheKeysOfTheRfc() {
        ScramKeys keys = ScramKeys.derive("pencil", "W22ZaJ0SNY7soEsUEjb6gQ==", 4096);
        String message = "n=user,r=rOprNGfwEbeRWgbNEkqO,"
                + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
                + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

        assertThat(Base64.getEncoder().encodeToString(ScramKeys.hmac(keys.serverKey(), message)))
                .isEqualTo("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        byte[] signature = ScramKeys.hmac(ScramKeys.digest(keys.clientKey()), message);
        byte[] proof = keys.clientKey().clone();
        for (int i = 0; i < proof.length; i++) {
            proof[i] ^= signature[i];
        }
        assertThat(Base64.getEncoder().encodeToString(proof)).isEqualTo("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    }
}
