package im.stanzabus.sender;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LaterTest {
    private static final String FAR = "far.example";
    private static final String TYBALT = "tybalt@far.example";

    private final Later later = new Later();

    private static Later.Row row(long id, String queue) {
        return new Later.Row(id, FAR, queue, false);
    }

    @Test
    void theFirstOfEachQueueAreDueAsFarAsThereIsRoom() {
        for (long id : new long[] {7, 3, 5, 9}) {
            later.add(row(id, FAR));
        }
        later.add(new Later.Row(4, "juliet@example.org", "juliet@example.org", true));
        assertThat(later.due(lane -> lane.equals(FAR) ? 2 : 0, 100)).containsExactlyInAnyOrder(3L, 5L);
        assertThat(later.due(_ -> 3, 100)).containsExactlyInAnyOrder(3L, 5L, 7L, 4L);
        assertThat(later.due(_ -> 3, 2)).hasSize(2);
        assertThat(later.due(_ -> -1, 100)).isEmpty();
    }

    @Test
    void whatIsHeldIsNotDueBeforeSomethingChanges() {
        later.hold(row(3, TYBALT));
        later.add(row(4, TYBALT));
        later.add(row(5, FAR));
        assertThat(later.due(_ -> 8, 100)).containsExactly(5L);
        later.release();
        assertThat(later.due(_ -> 8, 100)).containsExactlyInAnyOrder(3L, 4L, 5L);
    }

    @Test
    void whatIsBehindIsKnownByItsNumber() {
        later.add(row(5, FAR));
        assertThat(later.isAhead(FAR, 6)).isTrue();
        assertThat(later.isAhead(FAR, 5)).isFalse();
        assertThat(later.isAhead(FAR, 4)).isFalse();
        assertThat(later.isAhead(TYBALT, 6)).isFalse();
        assertThat(later.remove(5)).isEqualTo(row(5, FAR));
        assertThat(later.remove(5)).isNull();
        assertThat(later.isAhead(FAR, 6)).isFalse();
        assertThat(later.ids()).isEmpty();
    }
}
