package im.stanzabus.s2s.handover;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Origin;
import org.junit.jupiter.api.Test;

class ReceivedStanzasTest {
    private final ReceivedStanzas received = new ReceivedStanzas(3, 10_000);

    private static String ack(int h) {
        return "<a xmlns='urn:xmpp:sm:3' h='" + h + "'/>";
    }

    @Test
    void whatIsInOtherHandsIsAcknowledgedInOrder() {
        received.manage();
        Origin first = received.next(100);
        Origin second = received.next(100);
        assertThat(received.done(second)).isFalse();
        assertThat(received.ack()).isEqualTo(ack(0));
        assertThat(received.done(first)).isTrue();
        assertThat(received.isUntold()).isTrue();
        assertThat(received.ack()).isEqualTo(ack(2));
        assertThat(received.isUntold()).isFalse();
    }

    /// Stanzas may be on their way when stream management is enabled (XEP-0198 section 3).
    @Test
    void whatCameBeforeDoesNotCount() {
        Origin before = received.next(100);
        received.manage();
        assertThat(received.ack()).isEqualTo(ack(0));
        Origin after = received.next(100);
        received.done(after);
        assertThat(received.ack()).isEqualTo(ack(0));
        received.done(before);
        assertThat(received.ack()).isEqualTo(ack(1));
        assertThat(received.isManaged()).isTrue();
    }

    @Test
    void noMoreThanTheWindowAreOnTheirWay() {
        Origin first = received.next(100);
        received.next(100);
        assertThat(received.isFull()).isFalse();
        received.next(100);
        assertThat(received.isFull()).isTrue();
        assertThat(received.done(first)).as("nobody wants to hear of it").isFalse();
        assertThat(received.isFull()).isFalse();
        assertThat(received.isIdle()).isFalse();
    }

    @Test
    void noMoreBytesThanTheWindowAreOnTheirWay() {
        Origin first = received.next(6_000);
        assertThat(received.isFull()).isFalse();
        Origin second = received.next(4_000);
        assertThat(received.isFull()).isTrue();
        received.done(second);
        assertThat(received.isFull())
                .as("nothing after the first counts without it")
                .isTrue();
        received.done(first);
        received.done(first);
        assertThat(received.isFull()).isFalse();
        received.next(9_000);
        assertThat(received.isFull()).isFalse();
    }
}
