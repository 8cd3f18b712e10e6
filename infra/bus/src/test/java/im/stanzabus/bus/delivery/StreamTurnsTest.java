package im.stanzabus.bus.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import im.stanzabus.bus.Origin;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamTurnsTest {
    private static final int MOST = 64;

    private final StreamTurns turns = new StreamTurns(MOST);

    @Test
    void takesEachStanzaOnceAndNoneThatWasOvertaken() {
        assertThat(turns.has(7, 1)).isFalse();
        assertThat(turns.take(new Origin(7, 2))).isTrue();
        assertThat(turns.take(new Origin(7, 2))).isFalse();
        assertThat(turns.take(new Origin(7, 1))).isFalse();
        assertThat(turns.take(new Origin(8, 1))).isTrue();
        assertThat(turns.take(new Origin(7, 3))).isTrue();
        assertThat(turns.has(7, 3)).isTrue();
        assertThat(turns.has(7, 4)).isFalse();
    }

    /// Streams have any number, also zero.
    @Test
    void takesWhatWasTakenBack() {
        turns.take(new Origin(0, 1));
        turns.takeBack(new Origin(0, 2));
        assertThat(turns.take(new Origin(0, 1))).isFalse();
        turns.takeBack(new Origin(0, 1));
        assertThat(turns.has(0, 1)).isFalse();
        assertThat(turns.take(new Origin(0, 1))).isTrue();
    }

    @Test
    void theStreamsThatWereLookedForLastAreRemembered() {
        Random random = new Random(1);
        long first = random.nextLong();
        turns.take(new Origin(first, 5));
        for (int i = 0; i < 100 * MOST; i++) {
            turns.take(new Origin(random.nextLong(), 5));
            if (i % (MOST / 2) == 0) {
                assertThat(turns.has(first, 5)).isTrue();
            }
        }
        for (int i = 0; i < MOST; i++) {
            turns.take(new Origin(random.nextLong(), 5));
        }
        assertThat(turns.has(first, 5)).isFalse();
    }

    /// What is remembered lives long: objects would be followed by the garbage collector again and again.
    @Test
    void takingWhatFollowsAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int stream = 0; stream < MOST / 2; stream++) {
            turns.take(new Origin(stream, 1));
        }
        Origin[] next = new Origin[MOST / 2];
        for (int stream = 0; stream < next.length; stream++) {
            next[stream] = new Origin(stream, 2);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (Origin origin : next) {
            turns.take(origin);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000);
    }

    @Test
    void originsAreRecognisedByStreamAndNumber() {
        RecentOrigins recent = new RecentOrigins();
        recent.add(new Origin(1, 1));
        recent.add(new Origin(1, 2));
        recent.add(new Origin(-5, 1));
        assertThat(recent.contains(new Origin(1, 1))).isTrue();
        assertThat(recent.contains(new Origin(1, 2))).isTrue();
        assertThat(recent.contains(new Origin(-5, 1))).isTrue();
        assertThat(recent.contains(new Origin(1, 3))).isFalse();
        assertThat(recent.contains(new Origin(-5, 2))).isFalse();
        for (int i = 0; i < 50_000; i++) {
            recent.add(new Origin(2, i + 1));
        }
        assertThat(recent.contains(new Origin(2, 1))).isTrue();
        for (int i = 50_000; i < 101_000; i++) {
            recent.add(new Origin(2, i + 1));
        }
        assertThat(recent.contains(new Origin(1, 1))).isFalse();
        assertThat(recent.contains(new Origin(2, 101_000))).isTrue();
    }
}
