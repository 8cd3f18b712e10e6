package im.stanzabus.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private final Places places = new Places();

    @Test
    void numbersWhatIsNewAndFindsItAgain() {
        Random random = new Random(1);
        for (int message = 0; message < 20; message++) {
            Map<Object, Integer> expected = new HashMap<>();
            for (int i = 0; i < 40 << (message % 9); i++) {
                String text = "text" + random.nextInt(10_000);
                Integer known = expected.putIfAbsent(text, expected.size() + 1);
                assertThat(places.put(text)).isEqualTo(known == null ? 0 : known);
            }
            places.clear();
        }
    }
}
