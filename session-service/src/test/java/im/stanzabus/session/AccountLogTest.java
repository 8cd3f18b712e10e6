package im.stanzabus.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.LogRequest.ArchivePreference;
import im.stanzabus.bus.api.LogRequest.Standing;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AccountLogTest {
    private static Standing standing(long last, long delivered, long waiting) {
        return new Standing(false, last, delivered, waiting, 100, ArchivePreference.ALWAYS, List.of(), List.of());
    }

    /// Whatever is handed over, confirmed and comes back in whatever order: the mark covers confirmed
    /// entries only, never goes back, and covers all of them in the end.
    @Property
    void theMarkCoversWhatIsConfirmed(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int steps) {
        Random random = new Random(seed);
        AccountLog log = new AccountLog();
        log.open(1, standing(0, 0, 0), 0, List.of());
        TreeSet<Long> open = new TreeSet<>();
        Set<Long> waiting = new HashSet<>();
        long mark = 0;
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    long id = log.nextId();
                    log.waits(id);
                    waiting.add(id);
                }
                case 1 -> {
                    long id = log.nextId();
                    log.handed(id);
                    open.add(id);
                }
                case 2 -> {
                    if (!open.isEmpty()) {
                        long id = random.nextBoolean() ? open.first() : open.last();
                        log.returned(id);
                        open.remove(id);
                        waiting.add(id);
                    }
                }
                case 3 -> {
                    if (log.hasWaiting()) {
                        long upTo = log.firstWaiting() + random.nextInt(5);
                        for (long id = log.firstWaiting(); id <= Math.min(upTo, log.lastWaiting()); id++) {
                            if (waiting.remove(id)) {
                                log.handed(id);
                                open.add(id);
                            }
                        }
                        log.read(Math.min(upTo, log.lastWaiting()), 0);
                    }
                }
                default -> {
                    if (!open.isEmpty()) {
                        long id = random.nextInt(3) > 0 ? open.first() : open.last();
                        log.confirmed(id);
                        open.remove(id);
                    }
                }
            }
            assertThat(log.mark()).isGreaterThanOrEqualTo(mark);
            mark = log.mark();
            log.told(random.nextBoolean() ? mark : 0);
            assertThat(open).allMatch(id -> id > log.mark());
            assertThat(waiting).allMatch(id -> id > log.mark());
        }
        if (waiting.isEmpty() && !log.hasWaiting()) {
            open.forEach(log::confirmed);
            assertThat(log.mark()).isEqualTo(log.upcomingId() - 1);
        }
    }

    @Test
    void aNewOwnerTakesWhatWasHandedForHanded() {
        AccountLog log = new AccountLog();
        log.open(2, standing(20, 5, 15), 12, List.of(11L, 9L));
        assertThat(log.upcomingId()).isEqualTo(21);
        assertThat(log.firstWaiting()).isEqualTo(13);
        assertThat(log.lastWaiting()).isEqualTo(20);
        assertThat(log.mark()).isEqualTo(8);
        log.confirmed(9);
        assertThat(log.mark()).isEqualTo(10);
        log.confirmed(11);
        assertThat(log.mark()).isEqualTo(12);
    }

    @Test
    void withoutConnectionsEverythingBehindTheMarkWaits() {
        AccountLog log = new AccountLog();
        log.open(2, standing(20, 5, 15), 0, List.of());
        assertThat(log.firstWaiting()).isEqualTo(6);
        assertThat(log.isFull()).isFalse();
        assertThat(log.isMarkBehind()).isFalse();
    }

    @Test
    void whileOlderOnesWaitAHandOverCarriesNoId() {
        AccountLog log = new AccountLog();
        log.open(1, standing(0, 0, 0), 0, List.of());
        log.waits(log.nextId());
        assertThat(log.handed(log.nextId())).isZero();
        assertThat(log.wasHanded(2)).isTrue();
        log.confirmed(2);
        assertThat(log.wasHanded(2))
                .as("or it would be delivered again from the log")
                .isTrue();
        assertThat(log.mark()).isZero();
    }
}
