package im.stanzabus.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.ResourceState;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ResourceTest {
    private static final Jid JULIET = Jid.of("juliet@localhost/balcony");

    /// A gateway asks again every 1.5 s while its client is there. One that has given up must not keep a
    /// stream for ever of which something never comes to its end.
    @Test
    void aStreamThatSomebodyWantsBackIsKeptAsLongAsThatAsks() {
        Resource resource = new Resource(
                null,
                new Account(JULIET.bare()),
                new SessionEvent.Announce(
                        new ConnectionId("c2s.0@n1", 1),
                        JULIET,
                        ResourceState.NEW,
                        new Management("some-id", 1, 0, 0),
                        false,
                        "::1",
                        1,
                        0,
                        0,
                        0,
                        List.of(),
                        0,
                        List.of(),
                        0));
        long now = System.nanoTime();
        assertThat(resource.isOverdue(now + TimeUnit.SECONDS.toNanos(2))).isTrue();

        resource.resuming =
                new SessionEvent.Resume(new ConnectionId("c2s.0@n2", 1), JULIET.bare(), "some-id", 0, "::1");
        resource.resumeAsked = now;
        assertThat(resource.isOverdue(now + TimeUnit.SECONDS.toNanos(14))).isFalse();
        assertThat(resource.isOverdue(now + TimeUnit.SECONDS.toNanos(16))).isTrue();
    }
}
