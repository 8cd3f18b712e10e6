package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.stanza.Jid;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// How long and how many sessions without connections are kept.
class DetachedSessionsTest {
    private static final Jid CLIENT = Jid.of("romeo@alpha.test/orchard");

    private final AtomicLong clock = new AtomicLong(5_000);
    private final AtomicInteger count = new AtomicInteger();
    private final List<Session> gone = new ArrayList<>();
    private final DetachedSessions sessions =
            new DetachedSessions(3, 10_000, clock::get, _ -> {}, gone::add, count::addAndGet);

    private Session add(long number, int seconds) {
        Session session = Session.bound(new ConnectionId("c2s.0@test", number), CLIENT, "127.0.0.1", "sm.0@test", 9);
        session.manage(new Management("id", seconds, 0, 0));
        sessions.add(session);
        return session;
    }

    private List<Session> kept() {
        List<Session> kept = new ArrayList<>();
        sessions.forEach(kept::add);
        return kept;
    }

    /// The owner ends a session in time; only one whose owner never does is ended here.
    @Test
    void aSessionThatNobodyEndsIsForgottenAfterItsTime() {
        Session first = add(1, 10);
        Session second = add(2, 300);
        clock.addAndGet(40_000);
        sessions.sweep(clock.get());
        assertThat(kept()).containsExactly(first, second);
        clock.addAndGet(1);
        sessions.sweep(clock.get());
        assertThat(kept()).containsExactly(second);
        assertThat(gone).containsExactly(first);
        assertThat(count).hasValue(1);
        clock.addAndGet(290_000);
        sessions.sweep(clock.get());
        assertThat(kept()).isEmpty();
        assertThat(gone).containsExactly(first, second);
        assertThat(count).hasValue(0);
    }

    @Test
    void theOldestMakesRoom() {
        Session oldest = add(1, 900);
        Session second = add(2, 10);
        Session third = add(3, 10);
        assertThat(gone).isEmpty();
        Session fourth = add(4, 10);
        assertThat(kept()).containsExactly(second, third, fourth);
        assertThat(gone).containsExactly(oldest);
        assertThat(count).hasValue(3);
        assertThat(sessions.owner("sm.0@test", new ConnectionEvent.Handled(oldest.id, 1)))
                .isFalse();
    }

    /// The owner is told, and looks after what the client has not got.
    @Test
    void theOldestEndsWhenTooMuchWaits() {
        Session oldest = add(1, 900);
        Session second = add(2, 900);
        deliver(oldest, 1, 2_000);
        for (int i = 1; i <= 7; i++) {
            deliver(second, i, 500);
        }
        assertThat(gone).isEmpty();
        deliver(second, 8, 2_000);
        assertThat(gone).containsExactly(oldest);
        assertThat(kept()).containsExactly(second);
        deliver(second, 9, 2_000);
        assertThat(gone).containsExactly(oldest, second);
        assertThat(count).hasValue(0);
        Session third = add(3, 900);
        for (int i = 1; i <= 10; i++) {
            deliver(third, i, 500);
        }
        assertThat(kept()).as("what is gone does not count").containsExactly(third);
    }

    private void deliver(Session session, long number, int bytes) {
        sessions.owner(
                "sm.0@test",
                new ConnectionEvent.Deliver(
                        session.id, number, false, 0, FakeOwner.message(CLIENT, "x".repeat(bytes))));
    }

    @Test
    void theEndThatTheOwnerWantsIsNotToldBack() {
        Session session = add(1, 10);
        sessions.owner("sm.1@test", new ConnectionEvent.Disconnect(session.id, null));
        assertThat(kept()).containsExactly(session);
        sessions.owner("sm.0@test", new ConnectionEvent.Disconnect(session.id, null));
        assertThat(kept()).isEmpty();
        assertThat(gone).isEmpty();
        assertThat(count).hasValue(0);
    }
}
