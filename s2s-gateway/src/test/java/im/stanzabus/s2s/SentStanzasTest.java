package im.stanzabus.s2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent.Inbound;
import im.stanzabus.bus.delivery.Intake;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SentStanzasTest {
    private static final Jid ROMEO = Jid.of("romeo@montague.example/orchard");
    private static final Jid JULIET = Jid.of("juliet@capulet.example");

    private final List<Long> accepted = new ArrayList<>();
    private final List<String> written = new ArrayList<>();
    private final Intake intake =
            new Intake(inbound -> accepted.add(inbound.origin().number()));
    private final SentStanzas sent = new SentStanzas(new SentStanzas.Writer() {
        @Override
        public void delivery(Stanza stanza, long number) {
            written.add(stanza.id());
        }

        @Override
        public void raw(String ascii) {
            written.add(ascii);
        }
    });
    private long number;

    private void send() {
        number++;
        Stanza stanza = Stanza.message(StanzaType.CHAT, ROMEO, JULIET).withId("m" + number);
        intake.take(
                new Inbound(stanza, new Origin(1, number), "sm.0@n1", ROMEO, false),
                taken -> sent.send(new QueuedStanza(taken, 0)));
    }

    private boolean acknowledge(long h) {
        return sent.acknowledged(Element.builder("a", "urn:xmpp:sm:3")
                .attribute("h", String.valueOf(h))
                .build());
    }

    @BeforeEach
    void sendTwo() {
        send();
        send();
    }

    @Test
    void withoutAcknowledgementsTheOperatingSystemDecides() {
        assertThat(sent.isToBeAsked()).isFalse();
        sent.taken(1);
        assertThat(accepted).containsExactly(1L);
        assertThat(sent.lost()).hasSize(1);
        assertThat(sent.bytes()).isZero();
        assertThat(acknowledge(1)).as("nobody has asked for it").isFalse();
    }

    @Test
    void withThemTheOtherServerDoes() {
        sent.taken(2);
        sent.manage();
        send();
        send();
        sent.taken(4);
        assertThat(accepted).containsExactly(1L, 2L);
        sent.beforeFlush(7);
        assertThat(written).endsWith("<r xmlns='urn:xmpp:sm:3'/>");
        assertThat(sent.askedSince()).isEqualTo(7);
        assertThat(acknowledge(1)).isTrue();
        assertThat(accepted).containsExactly(1L, 2L, 3L);
        assertThat(sent.askedSince()).isEqualTo(-1);
        assertThat(sent.isToBeAsked()).as("one is missing").isTrue();
        assertThat(acknowledge(3)).isFalse();
        assertThat(acknowledge(2)).isTrue();
        assertThat(sent.isEmpty()).isTrue();
    }

    /// What was sent meanwhile is as if it had never been asked for.
    @Test
    void whoCannotDoItAfterAllIsNotAskedAgain() {
        sent.taken(2);
        sent.manage();
        send();
        sent.beforeFlush(7);
        sent.taken(3);
        sent.unmanaged();
        assertThat(accepted).containsExactly(1L, 2L, 3L);
        assertThat(sent.askedSince()).isEqualTo(-1);
        assertThat(sent.isToBeAsked()).isFalse();
    }

    @Test
    void whatMayNotHaveArrivedIsKeptInOrder() {
        sent.manage();
        send();
        assertThat(sent.size()).isEqualTo(3);
        assertThat(sent.bytes()).isPositive();
        assertThat(sent.lost())
                .extracting(stanza -> stanza.taken().stanza().id())
                .containsExactly("m1", "m2", "m3");
        assertThat(sent.isEmpty()).isTrue();
    }
}
