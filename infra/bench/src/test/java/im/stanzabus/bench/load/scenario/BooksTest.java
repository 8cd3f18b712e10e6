package im.stanzabus.bench.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BooksTest {
    private final Books books = new Books();

    @BeforeEach
    void sendThree() {
        for (int number = 0; number < 3; number++) {
            assertThat(books.sent()).isEqualTo(number);
        }
    }

    @Test
    void whatArrivesOnceInAnyOrderIsFine() {
        assertThat(books.arrived(2, true)).isTrue();
        assertThat(books.arrived(0, true)).isTrue();
        assertThat(books.missing()).isEqualTo(1);
        assertThat(books.arrived(1, true)).isTrue();

        assertThat(books.losses().areNone()).isTrue();
    }

    @Test
    void aCopyDoesNotStandForWhatIsLost() {
        assertThat(books.arrived(0, true)).isTrue();
        assertThat(books.arrived(0, true)).isFalse();
        assertThat(books.arrived(1, true)).isTrue();

        assertThat(books.losses()).isEqualTo(new Losses(1, 1, 0));
    }

    @Test
    void whatArrivesAtSomebodyElseOrWasNeverSentIsAstray() {
        assertThat(books.arrived(0, false)).isFalse();
        assertThat(books.arrived(3, true)).isFalse();

        assertThat(books.losses()).isEqualTo(new Losses(3, 0, 2));
        assertThat(books.losses().areNone()).isFalse();
    }
}
