package im.stanzabus.s2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent.Inbound;
import im.stanzabus.bus.delivery.Intake;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StanzaQueueTest {
    private static final Jid ROMEO = Jid.of("romeo@montague.example/orchard");
    private static final Jid JULIET = Jid.of("juliet@capulet.example");

    private final Intake intake = new Intake(_ -> {});
    private final StanzaQueue queue = new StanzaQueue();
    private long number;

    private QueuedStanza stanza(String id, long until) {
        number++;
        Stanza stanza = Stanza.message(StanzaType.CHAT, ROMEO, JULIET).withId(id);
        List<QueuedStanza> taken = new ArrayList<>();
        intake.take(
                new Inbound(stanza, new Origin(1, number), "sm.0@n1", ROMEO, false),
                each -> taken.add(new QueuedStanza(each, until)));
        return taken.getFirst();
    }

    private static List<String> ids(List<QueuedStanza> stanzas) {
        return stanzas.stream().map(each -> each.taken().stanza().id()).toList();
    }

    @Test
    void whatComesBackIsBeforeWhatWaits() {
        queue.add(stanza("third", 10));
        queue.addFirst(stanza("second", 10));
        queue.addFirst(stanza("first", 10));
        assertThat(queue.size()).isEqualTo(3);
        assertThat(queue.bytes()).isPositive();

        assertThat(ids(queue.takeAll())).containsExactly("first", "second", "third");

        assertThat(queue.isWaiting()).isFalse();
        assertThat(queue.bytes()).isZero();
    }

    /// One that comes back may have less time left than those behind it, or more.
    @Test
    void whatHasNoTimeLeftIsTakenOut() {
        queue.add(stanza("long", 30));
        queue.add(stanza("short", 10));
        queue.add(stanza("middle", 20));
        QueuedStanza remaining = stanza("long", 30);

        assertThat(queue.takeLate(9)).isEmpty();
        assertThat(ids(queue.takeLate(20))).containsExactly("short", "middle");

        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.bytes()).isEqualTo(remaining.bytes());
        assertThat(ids(queue.takeAll())).containsExactly("long");
    }
}
