package im.stanzabus.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.stanza.Jid;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecentTextsTest {
    private static String text(String text) {
        byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
        return RecentTexts.text(bytes, 1, bytes.length - 2);
    }

    private static Jid jid(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return RecentTexts.jid(bytes, 0, bytes.length);
    }

    /// Texts that differ in one place only, of every length around those that are hashed in another way, or not at
    /// all.
    @Test
    void everyTextIsReadAsItIs() {
        for (int round = 0; round < 4; round++) {
            for (int length = 0; length < 140; length++) {
                for (int place = 0; place < length; place++) {
                    String written = "a".repeat(place) + "é" + "a".repeat(length - place - 1);
                    assertThat(text(written)).isEqualTo(written);
                }
            }
        }
    }

    @Test
    void whatComesAgainIsTheSameObject() {
        text("a name that comes again");
        String second = text("a name that comes again");
        assertThat(text("a name that comes again")).isSameAs(second);
        jid("juliet@example.org/a balcony that comes again");
        Jid again = jid("juliet@example.org/a balcony that comes again");
        assertThat(jid("juliet@example.org/a balcony that comes again")).isSameAs(again);
    }

    @Test
    void addressesAndOtherTextsThatAreTheSame() {
        String shared = "capulet.example.org";
        IntStream.range(0, 3).forEach(_ -> {
            assertThat(text(shared)).isEqualTo(shared);
            assertThat(jid(shared)).isEqualTo(Jid.of(shared));
        });
    }

    @Test
    void whatIsNoAddressIsRefusedEachTime() {
        for (int round = 0; round < 4; round++) {
            assertThatThrownBy(() -> jid("@no address"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("@no address");
        }
    }
}
