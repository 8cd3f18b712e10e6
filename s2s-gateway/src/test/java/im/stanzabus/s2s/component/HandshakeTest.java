package im.stanzabus.s2s.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static final String ID = "3BF96D32";
    private static final String EXAMPLE = "aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e";

    /// That of XEP-0114 section 3, whose secret is `test`.
    @Test
    void theExample() {
        assertThat(Handshake.of(ID, "test")).isEqualTo(EXAMPLE);
        assertThat(Handshake.isRight(EXAMPLE, ID, "test")).isTrue();
    }

    @Test
    void anotherSecretOrStreamOrNothingIsWrong() {
        assertThat(Handshake.isRight(EXAMPLE, ID, "tesT")).isFalse();
        assertThat(Handshake.isRight(EXAMPLE, "3BF96D33", "test")).isFalse();
        assertThat(Handshake.isRight("", ID, "test")).isFalse();
        assertThat(Handshake.isRight(EXAMPLE.toUpperCase(Locale.ROOT), ID, "test"))
                .isFalse();
        assertThat(Handshake.isRight(EXAMPLE + "0", ID, "test")).isFalse();
    }

    @Test
    void secretsAreUtf8() {
        assertThat(Handshake.of(ID, "p\u00e4ssword")).isEqualTo("f9bd1f2eb19723233868db43911b8ece9bcda489");
    }
}
