package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.await;
import static im.stanzabus.session.FakeServices.body;
import static im.stanzabus.session.FakeServices.chat;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Vertx;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Stanzas from other owners that come out of turn: after one that was lost, late from an owner that was
/// frozen, or by a claim that is over.
@Timeout(60)
class ArrivingStreamsTest {
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid JULIET = Jid.of("juliet@localhost/balcony");
    private static final String PEER = "peer.0@n1";

    private final BlockingQueue<SessionEvent> accepted = new LinkedBlockingQueue<>();
    private Vertx vertx;
    private FakeServices services;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        services = new FakeServices(vertx, true);
        services.bus.consume("peer.0", SessionEvent.Batch.class, batch -> accepted.addAll(batch.events()));
        services.startPartition(0);
        services.available(JULIET, 1);
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    @Test
    void oneThatFollowsALostOneIsHeldBackAndAllAreAskedForAgain() throws Exception {
        inbound(2, false, 0, 1, "second");
        await(() -> services.claims.stream()
                .anyMatch(claim -> claim.round() < 0 && claim.epochs().containsKey(SlotTable.slot(JULIET))));
        inbound(1, true, 0, 0, "first");
        inbound(2, true, 0, 1, "second");
        assertThat(body(services.nextStanza())).isEqualTo("first");
        assertThat(body(services.nextStanza())).isEqualTo("second");
        accepts(1);
        accepts(2);
        assertThat(services.log.of(JULIET.bare())).hasSize(2);
    }

    @Test
    void oneThatComesLateIsLookedForInTheLog() throws Exception {
        inbound(1, false, 0, 0, "first");
        accepts(1);
        assertThat(body(services.nextStanza())).isEqualTo("first");
        inbound(1, false, 0, 0, "first");
        accepts(1);
        inbound(2, false, 0, 0, "second");
        assertThat(body(services.nextStanza())).isEqualTo("second");
        accepts(2);
        assertThat(services.log.of(JULIET.bare())).hasSize(2);
    }

    @Test
    void oneThatWasSentByAnotherClaimIsDropped() throws Exception {
        inbound(1, false, 1_000_000, 0, "by a claim that is not ours");
        inbound(1, true, 0, 0, "first");
        assertThat(body(services.nextStanza())).isEqualTo("first");
        accepts(1);
        assertThat(services.log.of(JULIET.bare())).hasSize(1);
    }

    private void accepts(long number) throws InterruptedException {
        assertThat(accepted.poll(10, TimeUnit.SECONDS))
                .isEqualTo(new SessionEvent.Accepted(ROMEO, new Origin(9, number)));
    }

    private void inbound(long number, boolean retry, long epoch, long previous, String text) {
        services.send(new SessionEvent.Inbound(
                chat(ROMEO, JULIET, text), new Origin(9, number), PEER, ROMEO, retry, epoch, previous));
    }
}
