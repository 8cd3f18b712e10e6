package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.await;
import static im.stanzabus.session.FakeServices.body;
import static im.stanzabus.session.FakeServices.chat;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent.Deliver;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.ResourceState;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An owner tells by which announcement of a stream it goes, so that what it had sent before is not taken
/// for that.
@Timeout(60)
class AnnouncedAgainTest {
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid JULIET = Jid.of("juliet@localhost/balcony");

    private Vertx vertx;
    private FakeServices services;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        services = new FakeServices(vertx, true);
        services.startPartition(0);
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    @Test
    void whatTheGatewayHasNotGotIsToldByTheNewAnnouncement() throws Exception {
        ConnectionId juliet = services.available(JULIET, 1);
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "before")));
        Deliver before = services.next(Deliver.class);
        assertThat(before.announced()).isEqualTo(Deliver.BEGINNING);

        announce(juliet, before.number() - 1, 5);
        assertThat(services.next(Deliver.class)).isEqualTo(before.by(5));
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "after")));
        Deliver after = services.next(Deliver.class);
        assertThat(body(after.stanza())).isEqualTo("after");
        assertThat(after.announced()).isEqualTo(5);
    }

    /// Word of it may have been lost, and the next owner would take a client that is there for one that is not.
    @Test
    void itsStateIsToldAgain() throws Exception {
        ConnectionId juliet = services.available(JULIET, 1);
        await(() -> services.remembered.containsKey(juliet));
        services.remembered.clear();
        announce(juliet, 0, 5);
        await(() -> services.remembered.containsKey(juliet));
        assertThat(services.remembered.get(juliet).announced()).isEqualTo(5);
        assertThat(services.remembered.get(juliet).state().presence()).isNotNull();
    }

    @Test
    void aStreamThatIsTakenOverGoesByItsAnnouncement() throws Exception {
        services.accounts.add(JULIET.bare());
        announce(new ConnectionId(FakeServices.GATEWAY, 1), 3, 9);
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "hi")));
        Deliver first = services.next(Deliver.class);
        assertThat(first.number()).isEqualTo(4);
        assertThat(first.announced()).isEqualTo(9);
    }

    private void announce(ConnectionId connection, long delivered, long announced) {
        services.send(new SessionEvent.Announce(
                connection,
                JULIET,
                ResourceState.NEW,
                null,
                true,
                "127.0.0.1",
                1,
                0,
                delivered,
                0,
                List.of(),
                0,
                List.of(),
                announced));
    }
}
