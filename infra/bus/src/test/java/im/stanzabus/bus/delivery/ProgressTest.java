package im.stanzabus.bus.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ProgressTest {
    /// Against the plain definition: the highest number up to which nothing is missing.
    @Property
    void isCumulative(@ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int steps) {
        Random random = new Random(seed);
        long start = random.nextInt(100);
        Progress progress = new Progress(start);
        TreeMap<Long, Integer> missing = new TreeMap<>();
        long begun = start;
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    begun += random.nextInt(8) == 0 ? 3 : 1; // now and then some are left out
                    progress.begin(begun);
                    missing.put(begun, 1);
                }
                case 1 -> {
                    if (!missing.isEmpty()) {
                        long number = any(random, missing);
                        progress.more(number);
                        missing.merge(number, 1, Integer::sum);
                    }
                }
                default -> {
                    if (!missing.isEmpty()) {
                        long before = upTo(missing, begun);
                        long number = any(random, missing);
                        missing.computeIfPresent(number, (_, count) -> count == 1 ? null : count - 1);
                        assertThat(progress.done(number)).isEqualTo(upTo(missing, begun) > before);
                    }
                }
            }
            assertThat(progress.upTo()).isEqualTo(upTo(missing, begun));
            assertThat(progress.isIdle()).isEqualTo(missing.isEmpty());
            assertThat(progress.begun()).isEqualTo(begun);
        }
    }

    private static long upTo(TreeMap<Long, Integer> missing, long begun) {
        return missing.isEmpty() ? begun : missing.firstKey() - 1;
    }

    private static long any(Random random, TreeMap<Long, Integer> missing) {
        List<Long> numbers = new ArrayList<>(missing.keySet());
        return numbers.get(random.nextInt(numbers.size()));
    }

    @Test
    void doneTwiceIsDoneOnce() {
        Progress progress = new Progress(0);
        progress.begin(1);
        progress.begin(2);
        assertThat(progress.done(1)).isTrue();
        assertThat(progress.done(1)).isFalse();
        assertThat(progress.upTo()).isEqualTo(1);
    }
}
