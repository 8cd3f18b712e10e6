package im.stanzabus.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.delivery.Outgoing;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DoubtsTest {
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid JULIET = Jid.of("juliet@localhost");
    private static final String OWNER = "sm.0@n2";

    private final Account juliet = new Account(JULIET);
    private final Vertx vertx = Vertx.vertx();
    private Outgoing<Account> outgoing;
    private boolean alone;
    private long epoch = 2;
    private long nanos;
    private Doubts doubts;

    @BeforeEach
    void start() {
        FakeServices services = new FakeServices(vertx, true);
        outgoing = new Outgoing<>(services.bus, vertx.getOrCreateContext(), "sm.0@n1");
        doubts = new Doubts(outgoing, () -> alone, _ -> epoch, () -> nanos);
        outgoing.claimed(new SlotClaim(OWNER, 0, Map.of(SlotTable.slot(ROMEO), 7L)));
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    @Test
    void aSlotThatHasJustComeIsDoubtedForAWhile() {
        doubts.claimed(Set.of(juliet.slot));
        assertThat(mayBeHere(OWNER)).isTrue();
        nanos = TimeUnit.SECONDS.toNanos(29);
        assertThat(mayBeHere(OWNER)).isTrue();
        nanos = TimeUnit.SECONDS.toNanos(31);
        assertThat(mayBeHere(OWNER)).isFalse();
        doubts.claimed(Set.of(juliet.slot == 0 ? 1 : 0));
        assertThat(mayBeHere(OWNER)).isFalse();
    }

    @Test
    void aSlotThatNobodyHadBeforeIsNotDoubted() {
        epoch = 1;
        doubts.claimed(Set.of(juliet.slot));
        assertThat(mayBeHere(OWNER)).isFalse();
        assertThat(mayBeHere("sm.0@n3")).isTrue();
    }

    @Test
    void whoIsNotKnownAsTheOwnerIsDoubtedForEver() {
        doubts.claimed(Set.of(juliet.slot));
        nanos = TimeUnit.HOURS.toNanos(1);
        assertThat(mayBeHere("sm.0@n3")).isTrue();
        outgoing.claimed(new SlotClaim("sm.0@n3", 0, Map.of(SlotTable.slot(ROMEO), 8L)));
        assertThat(mayBeHere("sm.0@n3")).isFalse();
        assertThat(mayBeHere(OWNER)).isTrue();
    }

    /// A process that began alone may lose slots to others later without ever getting one.
    @Test
    void whoHasBegunAloneDoubtsWhoIsNotTheOwner() {
        alone = true;
        doubts.claimed(Set.of(juliet.slot));
        assertThat(mayBeHere(OWNER)).isFalse();
        outgoing.claimed(new SlotClaim("sm.0@n3", 0, Map.of(SlotTable.slot(ROMEO), 8L)));
        assertThat(mayBeHere("sm.0@n3")).isFalse();
        assertThat(mayBeHere(OWNER)).isTrue();
    }

    private boolean mayBeHere(String replyTo) {
        return doubts.mayBeHere(
                juliet,
                new SessionEvent.Inbound(
                        FakeServices.chat(ROMEO, JULIET, "hark"), new Origin(1, 1), replyTo, ROMEO, false));
    }
}
