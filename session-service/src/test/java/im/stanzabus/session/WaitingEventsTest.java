package im.stanzabus.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingEventsTest {
    private static final Jid JULIET = Jid.of("juliet@localhost/balcony");
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final ConnectionId ONE = new ConnectionId("c2s.0@n1", 1);
    private static final ConnectionId TWO = new ConnectionId("c2s.0@n1", 2);

    private final WaitingEvents waiting = new WaitingEvents(3, 1_000);

    @Test
    void whatCannotBeRefusedWaitsOnceHoweverOftenItIsTold() {
        List<SessionEvent> told = List.of(
                new SessionEvent.Enable(ONE, JULIET, new Management("id", 300, 0, 0)),
                new SessionEvent.Answered(ONE, JULIET, 1, false, null),
                new SessionEvent.Answered(ONE, JULIET, 2, false, null),
                new SessionEvent.Detached(ONE, JULIET),
                new SessionEvent.Gone(ONE, JULIET, 7),
                new SessionEvent.Gone(TWO, JULIET, 7),
                new SessionEvent.AccountRemoved(JULIET.bare()));
        for (int i = 0; i < 5; i++) {
            told.forEach(event -> assertThat(waiting.add(event)).isTrue());
            assertThat(waiting.add(new SessionEvent.Answered(ONE, JULIET, 2, true, null)))
                    .as("again")
                    .isTrue();
        }
        assertThat(all()).containsExactlyElementsOf(told);

        assertThat(waiting.add(told.getLast())).isTrue();
        assertThat(all()).as("a new one after it was handled").containsExactly(told.getLast());
    }

    @Test
    void answersAndErrorsAreBoundedToo() {
        Stanza message = Stanza.message(StanzaType.CHAT, ROMEO, JULIET);
        for (int i = 0; i < 3; i++) {
            assertThat(waiting.add(new SessionEvent.Inbound(
                            message.error(StanzaError.of(StanzaError.Condition.SERVICE_UNAVAILABLE)))))
                    .isTrue();
        }
        assertThat(waiting.add(new SessionEvent.Inbound(
                        message.error(StanzaError.of(StanzaError.Condition.SERVICE_UNAVAILABLE)))))
                .isFalse();
        assertThat(waiting.add(new SessionEvent.Inbound(Stanza.iq(StanzaType.RESULT, "x", ROMEO, JULIET))))
                .isFalse();
        assertThat(waiting.add(new SessionEvent.Detached(ONE, JULIET))).isTrue();
    }

    @Test
    void theSizeOfAnswersCounts() {
        Element large = Element.text("body", Namespaces.CLIENT, "x".repeat(2_000));
        Stanza answer = Stanza.message(StanzaType.CHAT, ROMEO, JULIET, large);
        waiting.add(new SessionEvent.Answered(ONE, JULIET, 1, false, answer));
        SessionEvent small = new SessionEvent.Inbound(Stanza.message(StanzaType.CHAT, ROMEO, JULIET));
        assertThat(waiting.add(small)).isFalse();
        waiting.poll();
        assertThat(waiting.add(small)).isTrue();
    }

    private List<SessionEvent> all() {
        List<SessionEvent> all = new ArrayList<>();
        for (SessionEvent next = waiting.poll(); next != null; next = waiting.poll()) {
            all.add(next);
        }
        return all;
    }
}
