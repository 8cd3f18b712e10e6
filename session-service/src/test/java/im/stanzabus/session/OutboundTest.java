package im.stanzabus.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent.Deliver;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OutboundTest {
    private static final ConnectionId CONNECTION = new ConnectionId("c2s.0@n1", 1);
    private static final Stanza STANZA = Stanza.message(StanzaType.CHAT, Jid.of("a@b"), Jid.of("c@d"));

    private static Deliver deliver(long number, long logId) {
        return new Deliver(CONNECTION, number, false, logId, STANZA, Math.min(logId, 1), 0);
    }

    /// Against a plain list of what was handed over and not confirmed.
    @Property
    void isAQueue(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int steps) {
        Random random = new Random(seed);
        Outbound outbound = new Outbound();
        List<Long> waiting = new ArrayList<>();
        long last = 0;
        for (int i = 0; i < steps; i++) {
            if (random.nextInt(3) > 0) {
                last++;
                outbound.add(deliver(last, 100 + last), 100 + last);
                waiting.add(last);
            } else {
                long number = last - random.nextInt(6);
                List<Long> confirmed = new ArrayList<>();
                outbound.confirm(number, confirmed::add);
                List<Long> expected = waiting.stream().filter(n -> n <= number).toList();
                assertThat(confirmed)
                        .containsExactlyElementsOf(
                                expected.stream().map(n -> 100 + n).toList());
                waiting.removeAll(expected);
            }
            assertThat(outbound.last()).isEqualTo(last);
            assertThat(outbound.size()).isEqualTo(waiting.size());
            assertThat(outbound.after(0)).extracting(Deliver::number).containsExactlyElementsOf(waiting);
            assertThat(outbound.lastLogId()).isEqualTo(last == 0 ? 0 : 100 + last);
        }
    }

    @Test
    void aStreamThatMovesKeepsItsNumbers() {
        Outbound outbound = new Outbound(4, 1, 9, List.of(deliver(5, 8), deliver(6, 9)));
        outbound.add(deliver(7, 0), 0);
        ConnectionId next = new ConnectionId("c2s.0@n2", 3);
        assertThat(outbound.movedTo(next)).extracting(Deliver::number).containsExactly(5L, 6L, 7L);
        assertThat(outbound.after(0)).allMatch(deliver -> deliver.connection().equals(next));
        assertThat(outbound.ids()).containsExactly(8L, 9L);
        assertThat(outbound.holds(9)).isTrue();
        assertThat(outbound.confirmed()).isEqualTo(4);
    }

    @Test
    void manyOrLargeStanzasAreTooMuch() {
        Outbound outbound = new Outbound();
        for (int i = 1; i <= 10; i++) {
            outbound.add(deliver(i, 0), 0);
        }
        assertThat(outbound.isTooLarge(10)).isFalse();
        assertThat(outbound.isTooLarge(9)).isTrue();
        outbound.confirm(1, _ -> {});
        assertThat(outbound.isTooLarge(9)).isFalse();
        for (int i = 11; i <= 20_000; i++) {
            outbound.add(deliver(i, 0), 0);
        }
        assertThat(outbound.isTooLarge(100_000)).as("more than 4 MiB").isTrue();
    }
}
