package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent.Deliver;
import im.stanzabus.bus.ConnectionEvent.Remember;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.ResourceState;
import im.stanzabus.c2s.Session.Handover;
import im.stanzabus.stanza.Jid;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What an owner has handed over is taken in order and once, and not by an announcement that is out of
/// date.
class SessionTest {
    private static final ConnectionId ID = new ConnectionId("c2s.0@n1", 1);

    private final Session session = Session.bound(ID, Jid.of("romeo@localhost/orchard"), "127.0.0.1", "sm.0@n1", 7);

    private static Deliver deliver(long number, long announced) {
        return new Deliver(ID, number, false, 0, FakeOwner.message(Jid.of("romeo@localhost/orchard"), "hi"))
                .by(announced);
    }

    @Test
    void whatIsMissingIsNoticed() {
        assertThat(session.deliver(deliver(2, Deliver.BEGINNING))).isEqualTo(Handover.GAP);
        assertThat(session.deliver(deliver(1, Deliver.BEGINNING))).isEqualTo(Handover.TAKEN);
        assertThat(session.deliver(deliver(1, Deliver.BEGINNING))).isEqualTo(Handover.KNOWN);
    }

    /// The owner had taken the gateway for dead; what it had sent before was still under way when it
    /// began anew with the same numbers.
    @Test
    void whatWasSentBeforeTheLastAnnouncementIsLeftAside() {
        assertThat(Announcement.of(session, true).announced()).isEqualTo(2);
        assertThat(session.deliver(deliver(1, 1))).isEqualTo(Handover.KNOWN);
        assertThat(session.delivered()).isZero();
        assertThat(session.isMissing()).as("the announcement may be lost").isTrue();

        assertThat(session.deliver(deliver(1, 2))).isEqualTo(Handover.TAKEN);
        assertThat(session.isMissing()).isFalse();
        assertThat(session.deliver(deliver(1, 1))).isEqualTo(Handover.KNOWN);
        assertThat(session.isMissing()).as("it is there").isFalse();
    }

    @Test
    void aStateThatWasToldBeforeTheLastAnnouncementIsNotRemembered() {
        ResourceState late = new ResourceState(null, true, false, false, 0, List.of());
        Announcement.of(session, true);
        session.remember(new Remember(ID, late, 1));
        assertThat(session.state()).isEqualTo(ResourceState.NEW);
        session.remember(new Remember(ID, late, 2));
        assertThat(session.state()).isEqualTo(late);
    }

    /// Else a stream where nothing follows is announced again and again.
    @Test
    void anOwnerThatGoesByTheLastAnnouncementHasToldWhatWasMissing() {
        Announcement.of(session, true);
        session.deliver(deliver(1, 1));
        session.remember(new Remember(ID, ResourceState.NEW, 1));
        assertThat(session.isMissing()).isTrue();
        session.remember(new Remember(ID, ResourceState.NEW, 2));
        assertThat(session.isMissing()).isFalse();
    }

    @Test
    void anOwnerOfAnEarlierVersionKnowsNoAnnouncements() {
        Announcement.of(session, true);
        assertThat(session.deliver(deliver(1, 0))).isEqualTo(Handover.TAKEN);
    }
}
