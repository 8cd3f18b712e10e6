package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.await;
import static im.stanzabus.session.FakeServices.body;
import static im.stanzabus.session.FakeServices.chat;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.ResourceState;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A host without an archive: the owner of a receiver goes between delivering something and saying so, and its
/// sender sends it again to the next owner.
@Timeout(60)
class UnloggedHandOverTest {
    private static final Jid JULIET = Jid.of("juliet@localhost/balcony");
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Origin ORIGIN = new Origin(9, 5);

    private final Vertx vertx = Vertx.vertx();
    private final FakeServices services = new FakeServices(vertx, false);
    private final BlockingQueue<SessionEvent> accepted = new LinkedBlockingQueue<>();
    private String owner = "";

    @BeforeEach
    void start() throws Exception {
        services.bus.consume("peer.0", SessionEvent.Batch.class, batch -> accepted.addAll(batch.events()));
        owner = services.startPartition(0);
        await(() -> services.leases.held("sm.0@n1").result().size() == 1024);
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    private void send(Stanza stanza, boolean retry) {
        services.send(new SessionEvent.Inbound(stanza, ORIGIN, "peer.0@n1", ROMEO.bare(), retry));
    }

    private void assertAccepted() throws Exception {
        assertThat(accepted.poll(10, TimeUnit.SECONDS)).isEqualTo(new SessionEvent.Accepted(ROMEO.bare(), ORIGIN));
    }

    /// Another session manager takes over; the gateway tells it what it has heard of the one before.
    private void nextOwner(ConnectionId connection, long delivered, List<Origin> origins) throws Exception {
        services.announcements.add(new SessionEvent.Announce(
                connection,
                JULIET,
                new ResourceState(
                        Stanza.presence(StanzaType.AVAILABLE, JULIET, null), false, false, false, 1, List.of()),
                null,
                true,
                "::1",
                1,
                1,
                delivered,
                0,
                List.of(),
                0,
                origins));
        FakeServices.get(vertx.undeploy(owner));
        owner = services.startPartition(1);
        await(() -> services.ownerOf(JULIET).equals("sm.1@n1"));
    }

    private void assertNotDeliveredAgain(Stanza stanza, boolean retry) throws Exception {
        ConnectionId connection = services.available(JULIET, 1);
        send(stanza, false);
        ConnectionEvent.Deliver first = services.next(ConnectionEvent.Deliver.class);
        assertThat(first.origin()).as("kept by the gateway").isEqualTo(ORIGIN);
        assertAccepted();

        nextOwner(connection, first.number(), List.of(first.origin()));
        send(stanza, retry);
        assertAccepted();
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "next")));
        assertThat(body(services.nextStanza())).isEqualTo("next");
    }

    /// Also if it comes from an owner of the sender that was replaced and does not know that it was sent before.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMessageThatAGatewayHasIsNotDeliveredAgain(boolean retry) throws Exception {
        assertNotDeliveredAgain(chat(ROMEO, JULIET, "once"), retry);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRequestThatAGatewayHasIsNotDeliveredAgain(boolean retry) throws Exception {
        assertNotDeliveredAgain(
                Stanza.iq(StanzaType.GET, "i", ROMEO, JULIET, Element.of("query", "jabber:iq:version")), retry);
    }

    @ParameterizedTest
    @EnumSource(
            value = StanzaType.class,
            names = {"HEADLINE", "GROUPCHAT", "ERROR"})
    void aMessageThatIsNeverLoggedIsNotDeliveredAgain(StanzaType type) throws Exception {
        assertNotDeliveredAgain(
                Stanza.message(type, ROMEO, JULIET, Element.text("body", Namespaces.CLIENT, "once")), true);
    }

    /// A stream ends and its owner redelivers what is left, then the account gets another owner, which the gateway
    /// tells of that stream.
    @Test
    void whatAStreamLeavesIsNotRedeliveredByTheNextOwnerToo() throws Exception {
        ConnectionId connection = services.available(JULIET, 1);
        send(chat(ROMEO, JULIET, "once"), false);
        ConnectionEvent.Deliver left = services.next(ConnectionEvent.Deliver.class);
        assertAccepted();
        services.log.appendGate = Promise.promise();
        services.send(new SessionEvent.Gone(connection, JULIET, left.number() - 1));
        await(() -> services.count(LogRequest.Append.class) == 1);
        services.available(ROMEO, 2);
        assertThat(services.forgotten).as("the log has not answered").isEmpty();
        services.log.appendGate.complete();
        await(() -> services.forgotten.contains(connection));

        services.announcements.add(new SessionEvent.Announce(
                connection,
                JULIET,
                ResourceState.NEW,
                null,
                false,
                "::1",
                1,
                1,
                left.number() - 1,
                0,
                List.of(left),
                0,
                List.of(ORIGIN)));
        services.forgotten.clear();
        FakeServices.get(vertx.undeploy(owner));
        owner = services.startPartition(1);
        await(() -> services.forgotten.contains(connection));
        services.available(JULIET, 3);
        ConnectionEvent.Deliver again = services.next(ConnectionEvent.Deliver.class);
        assertThat(body(again.stanza())).isEqualTo("once");
        services.send(new SessionEvent.Delivered(new ConnectionId(FakeServices.GATEWAY, 3), JULIET, again.number()));
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "next")));
        assertThat(body(services.nextStanza())).isEqualTo("next");
    }

    /// Both clients were handed the message by the owner before.
    @Test
    void whatAnotherClientHasIsNotRedelivered() throws Exception {
        Jid garden = Jid.of("juliet@localhost/garden");
        ConnectionId first = services.available(JULIET, 1);
        ConnectionId second = new ConnectionId(FakeServices.GATEWAY, 2);
        Stanza message = chat(ROMEO, JULIET.bare(), "once");
        ConnectionEvent.Deliver held =
                new ConnectionEvent.Deliver(second, 1, false, 0, message, 0, 1_000, false, ORIGIN);
        services.announcements.add(new SessionEvent.Announce(
                second, garden, ResourceState.NEW, null, true, "::1", 2, 0, 0, 0, List.of(held), 0, List.of(ORIGIN)));
        nextOwner(first, 2, List.of(ORIGIN));
        services.send(new SessionEvent.Gone(second, garden, 0));
        await(() -> services.forgotten.contains(second));
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "next")));
        assertThat(body(services.nextStanza())).isEqualTo("next");
    }

    /// The owner before found nobody and logged it; now there is a client, which gets it from the log.
    @Test
    void aMessageThatIsInTheLogIsNotDeliveredBesideIt() throws Exception {
        services.accounts.add(JULIET.bare());
        send(chat(ROMEO, JULIET, "once"), false);
        assertAccepted();
        assertThat(services.log.of(JULIET.bare())).hasSize(1);
        FakeServices.get(vertx.undeploy(owner));
        owner = services.startPartition(1);
        await(() -> services.ownerOf(JULIET).equals("sm.1@n1"));

        ConnectionId connection = services.bind("juliet@localhost", "balcony", 1);
        services.log.readGate = Promise.promise();
        services.send(FakeServices.stanza(connection, JULIET, 1, Stanza.presence(StanzaType.AVAILABLE, JULIET, null)));
        assertThat(services.nextStanza().isPresence()).isTrue();
        send(chat(ROMEO, JULIET, "once"), true);
        assertAccepted();
        services.log.readGate.complete();
        assertThat(body(services.nextStanza())).isEqualTo("once");
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "next")));
        assertThat(body(services.nextStanza())).isEqualTo("next");
    }

    /// Its row goes with its delivery: only the owner still knows that it was there.
    @Test
    void aMessageThatHasLeftTheLogIsNotDeliveredAgain() throws Exception {
        services.log.add(new LogRequest.Entry(
                JULIET.bare(),
                0,
                1,
                Instant.now(),
                ROMEO.bare(),
                LogRequest.Direction.RECEIVED,
                false,
                ORIGIN,
                false,
                0,
                chat(ROMEO, JULIET, "once")));
        ConnectionId connection = services.available(JULIET, 1);
        ConnectionEvent.Deliver delivered = services.next(ConnectionEvent.Deliver.class);
        assertThat(body(delivered.stanza())).isEqualTo("once");
        services.send(new SessionEvent.Delivered(connection, JULIET, delivered.number()));
        await(() -> services.log.mark(JULIET.bare()) == 1);
        services.log.forget(JULIET.bare());

        send(chat(ROMEO, JULIET, "once"), true);
        assertAccepted();
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "next")));
        assertThat(body(services.nextStanza())).isEqualTo("next");
    }

    /// What is in no archive has no id of it (XEP-0313 section 3.5).
    @Test
    void aMessageThatIsNotKeptHasNoStanzaId() throws Exception {
        services.available(JULIET, 1);
        send(chat(ROMEO, JULIET, "hi"), false);
        assertThat(services.nextStanza().payload().has("stanza-id", Namespaces.STANZA_ID))
                .isFalse();
    }
}
