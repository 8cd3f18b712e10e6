package im.stanzabus.drill.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.drill.books.Label;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final Label ONE = new Label("u1/a", "u2", 0);
    private static final Label TWO = new Label("u1/a", "u2", 1);

    private final Outbox outbox = new Outbox();

    private void send() {
        outbox.sent(new Outbox.Sent("<presence/>", null));
        outbox.sent(new Outbox.Sent("<one/>", ONE));
        outbox.sent(new Outbox.Sent("<two/>", TWO));
    }

    @Test
    void coversWhatTheServerHasCounted() {
        send();

        assertThat(outbox.covered(1)).isEmpty();
        assertThat(outbox.covered(2)).containsExactly(ONE);
        assertThat(outbox.covered(2)).isEmpty();
        assertThat(outbox.stanzas()).containsExactly("<two/>");
        assertThat(outbox.covered(3)).containsExactly(TWO);
        assertThat(outbox.size()).isZero();
    }

    @Test
    void aServerCannotCountWhatWasNotSentNorBackwards() {
        send();
        outbox.covered(2);

        assertThatThrownBy(() -> outbox.covered(4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> outbox.covered(1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(outbox.size()).isEqualTo(1);
    }

    @Test
    void aNewStreamCountsFromZero() {
        send();
        outbox.covered(2);

        assertThat(outbox.restart()).containsExactly(TWO);
        assertThat(outbox.size()).isZero();
        outbox.sent(new Outbox.Sent("<two/>", TWO));
        assertThat(outbox.covered(1)).containsExactly(TWO);
    }
}
