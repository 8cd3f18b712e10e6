package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.await;
import static im.stanzabus.session.FakeServices.body;
import static im.stanzabus.session.FakeServices.chat;
import static im.stanzabus.session.FakeServices.stanza;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.ResourceState;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An owner that was frozen and does not know yet that somebody else owns its accounts, on a host without an archive:
/// gateways drop what it says, so nothing that it takes in may count.
@Timeout(60)
class ThawedOwnerTest {
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid JULIET = Jid.of("juliet@localhost/balcony");
    private static final String PEER = "peer.0@n1";

    private final BlockingQueue<SessionEvent> accepted = new LinkedBlockingQueue<>();
    private Vertx vertx;
    private FakeServices services;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        services = new FakeServices(vertx, false);
        services.bus.consume("peer.0", SessionEvent.Batch.class, batch -> accepted.addAll(batch.events()));
        services.startPartition(0);
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    @Test
    void aMessageIsAcceptedWhenTheGatewayHasIt() throws Exception {
        services.available(JULIET, 1);
        inbound(1, false, chat(ROMEO, JULIET, "hi"));
        assertThat(body(services.nextStanza())).isEqualTo("hi");
        accepts(1);
    }

    @Test
    void whatTheGatewayDropsIsNotAcceptedHoweverOftenItComes() throws Exception {
        ConnectionId juliet = services.available(JULIET, 1);
        services.dropping = true;
        inbound(1, false, chat(ROMEO, JULIET, "hi"));
        inbound(1, true, chat(ROMEO, JULIET, "hi"));
        inbound(2, false, Stanza.iq(StanzaType.GET, "v", ROMEO, JULIET, Element.of("query", "jabber:iq:version")));
        inbound(3, false, headline());
        accepts(3);
        assertThat(accepted).as("the others are not safe").isEmpty();

        services.send(new SessionEvent.Received(juliet, JULIET, 3)); // it was ours after all
        accepts(1);
        accepts(2);
    }

    @Test
    void whatNoGatewayHadWhenTheStreamEndedFindsItsWayWhenItComesAgain() throws Exception {
        ConnectionId juliet = services.available(JULIET, 1);
        services.dropping = true;
        inbound(1, false, chat(ROMEO, JULIET, "hi"));
        services.send(new SessionEvent.Gone(juliet, JULIET, 1));
        inbound(2, false, headline());
        accepts(2);
        assertThat(accepted).isEmpty();
        assertThat(services.log.of(JULIET.bare())).isEmpty();

        inbound(1, true, chat(ROMEO, JULIET, "hi"));
        accepts(1);
        assertThat(services.log.of(JULIET.bare())).hasSize(1);
    }

    @Test
    void whatComesAfterOneThatComesAgainDoesNotOvertakeIt() throws Exception {
        ConnectionId juliet = services.available(JULIET, 1);
        services.dropping = true;
        inbound(1, false, chat(ROMEO, JULIET, "one"));
        services.send(new SessionEvent.Gone(juliet, JULIET, 1));
        Stanza two = chat(ROMEO, JULIET, "two");
        services.send(new SessionEvent.Inbound(two, new Origin(9, 2), PEER, ROMEO, false, 0, 1));
        inbound(3, false, headline());
        accepts(3);
        inbound(1, true, chat(ROMEO, JULIET, "one"));
        services.send(new SessionEvent.Inbound(two, new Origin(9, 2), PEER, ROMEO, true, 0, 1));
        accepts(1);
        accepts(2);
        assertThat(services.log.of(JULIET.bare()))
                .extracting(entry -> body(entry.stanza()))
                .containsExactly("one", "two");
    }

    @Test
    void whatAnotherGatewayHasIsNotWaitedForWhenAStreamEnds() throws Exception {
        ConnectionId first = services.available(JULIET, 1);
        ConnectionId second = services.available(Jid.of("juliet@localhost/garden"), 2);
        while (services.told.poll(200, TimeUnit.MILLISECONDS) != null) {} // presence of each other
        services.dropping = true;
        inbound(1, false, chat(ROMEO, JULIET.bare(), "hi"));
        services.send(new SessionEvent.Gone(first, JULIET, 2));
        inbound(2, false, headline());
        accepts(2);
        assertThat(accepted).isEmpty();
        services.send(new SessionEvent.Received(second, Jid.of("juliet@localhost/garden"), 100));
        accepts(1);
    }

    @Test
    void whatAGatewayAnnouncesThatItHasIsAccepted() throws Exception {
        ConnectionId juliet = services.available(JULIET, 1);
        services.dropping = true;
        inbound(1, false, chat(ROMEO, JULIET, "hi"));
        ConnectionEvent.Deliver has = new ConnectionEvent.Deliver(juliet, 2, false, 0, chat(ROMEO, JULIET, "hi"));
        services.send(announce(juliet, 1, List.of(has)));
        acceptsSoon(1);
    }

    @Test
    void whatWaitsForTheWordOfAGatewayGoesWithTheStream() throws Exception {
        services.available(JULIET, 1);
        services.dropping = true;
        inbound(1, false, chat(ROMEO, JULIET, "hi"));
        inbound(2, false, headline());
        accepts(2);
        services.dropping = false;
        ConnectionId next = new ConnectionId(FakeServices.OTHER_GATEWAY, 9);
        services.send(announce(next, 1, List.of()));
        acceptsSoon(1);
        services.next(ConnectionEvent.Disconnect.class);
        assertThat(services.next(ConnectionEvent.Deliver.class).connection()).isEqualTo(next);
    }

    @Test
    void whatNoGatewayHadComesAgainWhenAnotherStreamTakesTheResource() throws Exception {
        services.available(JULIET, 1);
        services.dropping = true;
        inbound(1, false, chat(ROMEO, JULIET, "hi"));
        inbound(2, false, headline());
        accepts(2);
        services.dropping = false;
        services.send(announce(new ConnectionId(FakeServices.OTHER_GATEWAY, 9), 12, List.of()));
        inbound(3, false, headline());
        accepts(3);
        inbound(1, true, chat(ROMEO, JULIET, "hi"));
        acceptsSoon(1);
        inbound(4, false, chat(ROMEO, JULIET, "next"));
        List<String> bodies = new ArrayList<>();
        while (!bodies.contains("next")) {
            if (services.next(ConnectionEvent.class) instanceof ConnectionEvent.Deliver deliver) {
                bodies.add(body(deliver.stanza()));
            }
        }
        assertThat(bodies.stream().filter("hi"::equals)).hasSize(1);
    }

    /// A connection that got the resource last.
    private static SessionEvent announce(ConnectionId connection, long stream, List<ConnectionEvent.Deliver> has) {
        Stanza presence = Stanza.presence(StanzaType.AVAILABLE, JULIET, null);
        ResourceState state = new ResourceState(presence, false, false, false, 1, List.of(), Long.MAX_VALUE);
        return new SessionEvent.Announce(connection, JULIET, state, null, true, "::1", stream, 1, 1, 0, has, 0);
    }

    /// Before the owner gives up waiting for a word.
    private void acceptsSoon(long number) throws InterruptedException {
        assertThat(accepted.poll(5, TimeUnit.SECONDS))
                .isEqualTo(new SessionEvent.Accepted(ROMEO, new Origin(9, number)));
    }

    @Test
    void theSenderBelievesNoOwnerThatIsOneNoMore() throws Exception {
        BlockingQueue<SessionEvent> next = new LinkedBlockingQueue<>();
        services.bus.consume("peer.1", SessionEvent.Batch.class, batch -> next.addAll(batch.events()));
        ConnectionId romeo = services.available(ROMEO, 1);
        services.send(new SessionEvent.Enable(romeo, ROMEO, new Management("", 0, 1, 0)));
        services.next(ConnectionEvent.Enabled.class);
        claim(PEER, 50);
        services.send(stanza(romeo, ROMEO, 2, chat(ROMEO, JULIET, "hi")));
        assertThat(inbound(accepted).epoch()).isEqualTo(50);
        claim("peer.1@n1", 51);
        assertThat(inbound(next).epoch()).isEqualTo(51);

        services.send(new SessionEvent.Accepted(ROMEO, new Origin(1, 2), 50, null));
        services.send(stanza(romeo, ROMEO, 3, Stanza.presence(StanzaType.AVAILABLE, ROMEO, null)));
        services.nextStanza();
        await(() -> services.handled.containsKey(romeo));
        assertThat(services.handled).containsEntry(romeo, 1L);
        services.send(new SessionEvent.Accepted(ROMEO, new Origin(1, 2), 51, null));
        await(() -> services.handled.get(romeo) == 3);
    }

    private static SessionEvent.Inbound inbound(BlockingQueue<SessionEvent> from) throws InterruptedException {
        SessionEvent event = from.poll(10, TimeUnit.SECONDS);
        assertThat(event).isInstanceOf(SessionEvent.Inbound.class);
        return (SessionEvent.Inbound) event;
    }

    private void claim(String owner, long epoch) {
        services.slots.claimed(new SlotClaim(owner, 0, Map.of(SlotTable.slot(JULIET), epoch)));
    }

    /// Is accepted at once, as no client has that resource (RFC 6121 section 8.5.3.2.1).
    private static Stanza headline() {
        Jid nowhere = Jid.of("juliet@localhost/nowhere");
        return Stanza.message(StanzaType.HEADLINE, ROMEO, nowhere, Element.text("body", Namespaces.CLIENT, "news"));
    }

    private void accepts(long number) throws InterruptedException {
        assertThat(accepted.poll(10, TimeUnit.SECONDS))
                .isEqualTo(new SessionEvent.Accepted(ROMEO, new Origin(9, number)));
    }

    private void inbound(long number, boolean retry, Stanza stanza) {
        services.send(new SessionEvent.Inbound(stanza, new Origin(9, number), PEER, ROMEO, retry));
    }
}
