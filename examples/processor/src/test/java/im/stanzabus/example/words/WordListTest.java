package im.stanzabus.example.words;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordListTest {
    private final WordList words = WordList.parse(" Zounds, plague ,, ");

    @Test
    void blanksAndCapitalsDoNotCount() {
        assertThat(words.words()).containsExactly("zounds", "plague");
        assertThat(WordList.parse("").words()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "zounds,******",
        "A plague o' both your houses!,A ****** o' both your houses!",
        "ZOUNDS-plague,******-******",
        "plagued,plagued",
        "'',''"
    })
    void wordsAreFoundWhereTheyStandAlone(String text, String masked) {
        assertThat(words.mask(text)).isEqualTo(masked);
        assertThat(words.mask(masked)).isEqualTo(masked);
        assertThat(words.isIn(text)).isEqualTo(!text.equals(masked));
    }
}
