package im.stanzabus.s2s.dialback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialbackKeyTest {
    private static final DomainPair PAIR = new DomainPair("capulet.example", "montague.example");

    private static DialbackKey key(String secret) {
        return new DialbackKey(secret.getBytes(StandardCharsets.UTF_8));
    }

    /// The examples of XEP-0185 section 3 and of XEP-0220 sections 2.1.1 and 2.2.2.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            s3cr3tf0rd14lb4ck | example.org      | xmpp.example.com | D60000229F | 37c69b1cf07a3f67c04a5ef5902fa5114f2c76fe4a2686482ba5b89323075643
            s3cr3tf0rd14lb4ck | capulet.example  | montague.example | D60000229F | b4835385f37fe2895af6c196b59097b16862406db80559900d96bf6fa7d23df3
            d14lb4ck43v3r     | montague.example | capulet.example  | 417GAF25   | 225cc5aa6a071133249d25fef42ae516fc7a86c523aa1c6980a7f73e784c972d
            """)
    void theKeysOfTheSpecifications(String secret, String sender, String target, String id, String expected) {
        DomainPair pair = new DomainPair(sender, target);

        assertThat(key(secret).write(pair, id)).isEqualTo(expected);
        assertThat(key(secret).isValid(expected, pair, id)).isTrue();
    }

    @Test
    void aKeyIsForOnePairOneStreamAndOneSecret() {
        DialbackKey key = key("s3cr3tf0rd14lb4ck");
        String written = key.write(PAIR, "D60000229F");

        assertThat(key.isValid(written, PAIR, "D60000229F")).isTrue();
        assertThat(key.isValid(written, PAIR, "D60000229G")).isFalse();
        assertThat(key.isValid(written, PAIR.reversed(), "D60000229F")).isFalse();
        assertThat(key.isValid(written, new DomainPair("rooms.capulet.example", PAIR.target()), "D60000229F"))
                .isFalse();
        assertThat(key.isValid(written, new DomainPair(PAIR.sender(), "chat.montague.example"), "D60000229F"))
                .isFalse();
        assertThat(key("another").isValid(written, PAIR, "D60000229F")).isFalse();
    }

    @Test
    void nothingElseIsAKey() {
        DialbackKey key = key("s3cr3tf0rd14lb4ck");
        String written = key.write(PAIR, "1");

        for (String wrong :
                new String[] {"", written.substring(1), written + "0", written.toUpperCase(Locale.ROOT), " " + written
                }) {
            assertThat(key.isValid(wrong, PAIR, "1")).as(wrong).isFalse();
        }
    }

    /// Without the spaces both would be one text (XEP-0185 section 2).
    @Test
    void partsAreNotRunTogether() {
        DialbackKey key = key("s3cr3tf0rd14lb4ck");

        assertThat(key.write(new DomainPair("rm.example.org", "example.info"), "1"))
                .isNotEqualTo(key.write(new DomainPair("form.example.org", "example.in"), "1"));
    }
}
