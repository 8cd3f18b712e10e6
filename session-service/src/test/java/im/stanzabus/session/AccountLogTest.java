package im.stanzabus.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent.Deliver;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.api.LogRequest.ArchivePreference;
import im.stanzabus.bus.api.LogRequest.Standing;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
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
        log.open(1, standing(0, 0, 0), List.of());
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
                    log.handed(id, new Outbound());
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
                                log.handed(id, new Outbound());
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
        log.open(2, standing(20, 5, 15), List.of(stream(1, 12, 9, 11)));
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
    void whatNoLivingStreamAccountsForWaits() {
        AccountLog log = new AccountLog();
        log.open(2, standing(14, 5, 9), List.of(stream(8, 10, 9), stream(0, 0, 12), stream(14, 14)));
        assertThat(log.firstWaiting()).isEqualTo(6);
        assertThat(log.lastWaiting()).isEqualTo(13);
        assertThat(LongStream.rangeClosed(6, 13).filter(id -> !log.wasHanded(id)))
                .containsExactly(6L, 7L, 11L, 13L);
        assertThat(log.wasHanded(0)).as("what has no id").isFalse();
    }

    @Test
    void whatAStreamConfirmsBeforeTheAccountIsLoadedIsNotOfferedAgain() {
        AccountLog log = new AccountLog();
        log.confirmed(7);
        log.open(2, standing(8, 6, 2), List.of(stream(8, 8)));
        assertThat(log.wasHanded(7)).isTrue();
        log.read(7, 1);
        assertThat(log.mark()).isEqualTo(8);
    }

    @Test
    void withoutConnectionsEverythingBehindTheMarkWaits() {
        AccountLog log = new AccountLog();
        log.open(2, standing(20, 5, 15), List.of());
        assertThat(log.firstWaiting()).isEqualTo(6);
        assertThat(log.isFull()).isFalse();
        assertThat(log.isMarkBehind()).isFalse();
    }

    @Test
    void theRangeOfAStreamLeavesOutWhatWaits() {
        AccountLog log = new AccountLog();
        log.open(1, standing(0, 0, 0), List.of());
        log.waits(log.nextId());
        assertThat(log.handed(log.nextId(), new Outbound())).isEqualTo(2);
        assertThat(log.wasHanded(2)).isTrue();
        log.confirmed(2);
        assertThat(log.wasHanded(2))
                .as("or it would be delivered again from the log")
                .isTrue();
        assertThat(log.mark()).isZero();
        log.holds(log.nextId());
        assertThat(log.handed(log.nextId(), new Outbound())).as("3 is held").isEqualTo(4);
    }

    /// A stream with a range of the log, and what of it is not confirmed.
    private static Outbound stream(long logSince, long lastLogId, long... unconfirmed) {
        List<Deliver> queue = new ArrayList<>();
        for (long id : unconfirmed) {
            Stanza message = Stanza.message(StanzaType.CHAT, Jid.of("a@b"), Jid.of("c@d"));
            queue.add(new Deliver(new ConnectionId("c2s.0@n1", 1), queue.size() + 1, false, id, message));
        }
        return new Outbound(0, logSince, lastLogId, queue);
    }
}
