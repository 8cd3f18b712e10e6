package im.stanzabus.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CoveredSectionsTest {

    @Test
    void sectionsAreInTheOrderOfTheBook() {
        assertThat(List.of("10.1", "A.2", "4.9", "4.10", "4", "4.9.3").stream()
                        .sorted(CoveredSections::compareNumbers)
                        .toList())
                .containsExactly("4", "4.9", "4.9.3", "4.10", "10.1", "A.2");
    }
}
