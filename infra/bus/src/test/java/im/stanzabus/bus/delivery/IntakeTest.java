package im.stanzabus.bus.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent.Inbound;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid ROOM = Jid.of("verona@rooms.localhost");
    private static final Jid OTHER_ROOM = Jid.of("mantua@rooms.localhost");

    private final List<Inbound> accepted = new ArrayList<>();
    private final List<Intake.Taken> taken = new ArrayList<>();
    private final Intake intake = new Intake(accepted::add);

    private static Inbound message(Jid to, long number, long previous, boolean retry, String replyTo) {
        Stanza stanza = Stanza.message(StanzaType.CHAT, ROMEO, to).withId("m" + number);
        return new Inbound(stanza, new Origin(7, number), replyTo, ROMEO, retry, 0, previous);
    }

    private static Inbound message(long number, long previous) {
        return message(ROOM, number, previous, false, "sm.0@n1");
    }

    private void take(Inbound inbound) {
        intake.take(inbound, taken::add);
    }

    @Test
    void aStanzaIsAcceptedWhenItIsDone() {
        take(message(1, 0));
        assertThat(accepted).isEmpty();
        assertThat(taken).hasSize(1);
        assertThat(taken.getFirst().retry()).isFalse();
        taken.getFirst().done();
        taken.getFirst().done();
        assertThat(accepted).containsExactly(message(1, 0));
        assertThat(intake.size()).isZero();
    }

    @Test
    void whatComesAgainIsTakenOnceAndWhoAskedLastIsTold() {
        take(message(1, 0));
        Inbound again = message(ROOM, 1, 0, true, "sm.0@n2");
        take(again);
        assertThat(taken).hasSize(1);
        taken.getFirst().done();
        assertThat(accepted).containsExactly(again);
        take(again);
        assertThat(taken).hasSize(1);
        assertThat(accepted).containsExactly(again, again);
    }

    @Test
    void nothingOvertakesWhatWasLost() {
        take(message(1, 0));
        take(message(3, 2));
        assertThat(taken).hasSize(1);
        take(message(2, 1));
        take(message(3, 2));
        assertThat(taken).extracting(each -> each.stanza().id()).containsExactly("m1", "m2", "m3");
    }

    @Test
    void receiversOfOneStreamDoNotWaitForEachOther() {
        take(message(OTHER_ROOM, 1, 0, false, "sm.0@n1"));
        take(message(3, 0));
        take(message(OTHER_ROOM, 2, 1, false, "sm.0@n1"));
        assertThat(taken).extracting(each -> each.stanza().id()).containsExactly("m1", "m3", "m2");
        assertThat(taken).noneMatch(Intake.Taken::retry);
    }

    /// An owner that was replaced may send late, and for the first time.
    @Test
    void whatComesBehindLaterOnesMayHaveBeenTakenElsewhere() {
        take(message(5, 0));
        take(message(4, 0));
        assertThat(taken.getLast().retry()).isTrue();
    }

    @Test
    void whatIsGivenBackComesAgain() {
        take(message(1, 0));
        taken.getFirst().release();
        take(message(ROOM, 1, 0, true, "sm.0@n1"));
        assertThat(taken).hasSize(2);
        taken.getFirst().done();
        assertThat(accepted).isEmpty();
        taken.getLast().done();
        assertThat(accepted).hasSize(1);
    }

    @Test
    void whatNobodyWaitsForIsTakenAsItComes() {
        Inbound untracked = new Inbound(Stanza.presence(StanzaType.AVAILABLE, ROMEO, ROOM));
        take(untracked);
        take(untracked);
        assertThat(taken).hasSize(2).noneMatch(Intake.Taken::isTracked);
        taken.forEach(Intake.Taken::done);
        assertThat(accepted).isEmpty();
    }
}
