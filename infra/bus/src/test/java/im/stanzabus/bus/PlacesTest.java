package im.stanzabus.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private final Places places = new Places();

    /// As the reader does, which gives each text that is written in full the next place.
    @Test
    void aPlaceIsThatOfTheText() {
        Random random = new Random(1);
        for (int message = 0; message < 20; message++) {
            List<String> written = new ArrayList<>();
            int again = 0;
            for (int i = 0; i < 40 << (message % 9); i++) {
                if (random.nextInt(8) == 0) {
                    places.skip();
                    written.add("written in full whenever it comes");
                    continue;
                }
                String text = "text" + random.nextInt(10_000);
                int place = places.put(text);
                if (place == 0) {
                    again += written.contains(text) ? 1 : 0;
                    written.add(text);
                } else {
                    assertThat(written.get(place - 1)).isEqualTo(text);
                }
            }
            assertThat(again).isLessThanOrEqualTo(written.size() / 100);
            places.clear();
        }
    }

    /// Whoever chooses such texts gets them written more than once, and costs nobody time.
    @Test
    void textsOfOneHashAreNotLookedForLong() {
        Compared.compared = 0;
        int keys = 8_192;
        for (int i = 0; i < 2 * keys; i++) {
            places.put(new Compared(i % keys));
        }
        assertThat(Compared.compared).isLessThan(20 * 2 * keys);
    }

    /// All of these have one hash.
    private record Compared(int which) {
        private static int compared;

        @Override
        public boolean equals(Object other) {
            compared++;
            return other instanceof Compared compared && compared.which == which;
        }

        @Override
        public int hashCode() {
            return 7;
        }
    }

    @Test
    void whatIsClearedIsForgotten() {
        Map<String, Integer> first = new HashMap<>();
        Set<String> texts = new HashSet<>(Set.of("a", "b", "c"));
        texts.forEach(text -> first.put(text, places.put(text)));
        places.clear();
        assertThat(first.values()).containsOnly(0);
        texts.forEach(text -> assertThat(places.put(text)).isZero());
    }
}
