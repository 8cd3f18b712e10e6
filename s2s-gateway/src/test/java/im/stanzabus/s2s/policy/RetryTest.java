package im.stanzabus.s2s.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryTest {
    private static final Retry RETRY = new Retry(Duration.ofSeconds(2), Duration.ofMinutes(5));

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 4", "3, 8", "8, 256", "9, 300", "10, 300", "1000000, 300"})
    void eachFailureDoublesThePause(int failures, int seconds) {
        assertThat(RETRY.after(failures)).isEqualTo(Duration.ofSeconds(seconds));
    }
}
