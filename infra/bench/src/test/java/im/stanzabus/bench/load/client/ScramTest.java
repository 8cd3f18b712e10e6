package im.stanzabus.bench.load.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScramTest {
    private static final Account USER = new Account(0, "user", "pencil", "example.org");

    /// The exchanges of RFC 5802 section 5 and RFC 7677 section 3.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SCRAM-SHA-1 | fyko+d2lbbFgONRv9qkxdawL | 3rfcNHYJY1ZVvWVs7j | QSXCR+Q6sek8bf92"
                        + " | v0X8v3Bz2T0CJGbJQyF0X+HI4Ts= | rmF9pqV8S7suAoZWja4dJRkFsKQ=",
                "SCRAM-SHA-256 | rOprNGfwEbeRWgbNEkqO | %hvYDpWUa2RaTCAfuxFIlj)hNlF$k0 | W22ZaJ0SNY7soEsUEjb6gQ=="
                        + " | dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ= | 6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
            })
    void provesThePasswordAndChecksTheServer(
            String mechanism, String nonce, String more, String salt, String proof, String signature) {
        Scram scram = new Scram(new SaltedPasswords(), mechanism, USER, nonce);

        assertThat(scram.first()).isEqualTo("n,,n=user,r=" + nonce);
        assertThat(scram.last("r=" + nonce + more + ",s=" + salt + ",i=4096"))
                .isEqualTo("c=biws,r=" + nonce + more + ",p=" + proof);
        assertThat(scram.isVerified("v=" + signature)).isTrue();
        assertThat(scram.isVerified("v=" + proof)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "r=other,s=QSXCR+Q6sek8bf92,i=4096",
                "r=mine,s=QSXCR+Q6sek8bf92,i=4096",
                "r=mine1,s=QSXCR+Q6sek8bf92,i=x",
                "e=no"
            })
    void takesNoOtherAnswer(String serverFirst) {
        Scram scram = new Scram(new SaltedPasswords(), "SCRAM-SHA-1", USER, "mine");

        assertThatThrownBy(() -> scram.last(serverFirst)).isInstanceOf(IllegalArgumentException.class);
    }
}
