package im.stanzabus.profile;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.Jid;
import org.junit.jupiter.api.Test;

class ForgottenTest {
    private long nanos = Long.MAX_VALUE - 10; // the source of nanoseconds may overflow
    private final Forgotten forgotten = new Forgotten(() -> nanos);

    @Test
    void forAMinute() {
        forgotten.add(jid(1));
        nanos += Forgotten.KEPT_NANOS;
        assertThat(forgotten.contains(jid(1))).isTrue();
        assertThat(forgotten.contains(jid(2))).isFalse();
        nanos++;
        assertThat(forgotten.contains(jid(1))).isFalse();
    }

    @Test
    void againStartsAnew() {
        forgotten.add(jid(1));
        nanos += Forgotten.KEPT_NANOS / 2;
        forgotten.add(jid(2));
        forgotten.add(jid(1));
        nanos += Forgotten.KEPT_NANOS;
        assertThat(forgotten.contains(jid(1))).isTrue();
        nanos++;
        assertThat(forgotten.contains(jid(1))).isFalse();
    }

    @Test
    void neverTooMany() {
        for (int i = 0; i <= Forgotten.MAX; i++) {
            forgotten.add(jid(i));
        }
        assertThat(forgotten.contains(jid(0))).isFalse();
        assertThat(forgotten.contains(jid(1))).isTrue();
    }

    private static Jid jid(int number) {
        return Jid.of("u" + number + "@capulet.example");
    }
}
