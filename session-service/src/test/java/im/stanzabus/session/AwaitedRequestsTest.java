package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.await;
import static im.stanzabus.session.FakeServices.body;
import static im.stanzabus.session.FakeServices.chat;
import static im.stanzabus.session.FakeServices.stanza;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.IqAccess;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.session.iq.RegistrationProcessor;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A request that a service answers is acknowledged when it is answered: an owner that is killed before has the next
/// one ask again.
@Timeout(60)
class AwaitedRequestsTest {
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid JULIET = Jid.of("juliet@localhost/balcony");
    private static final String VCARD = "vcard-temp";

    private Vertx vertx;
    private FakeServices services;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        services = new FakeServices(vertx, true);
        services.processors = List.of(new RegistrationProcessor(services.bus, true, true, _ -> false));
        services.startPartition(0);
        services.serve(VCARD, IqAccess.SUBSCRIBERS);
        services.serviceGate = Promise.promise();
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    @Test
    void aRequestToTheOwnAccount() throws Exception {
        ConnectionId romeo = managed(ROMEO, 1);
        services.send(stanza(romeo, ROMEO, 2, vCard("v")));
        await(() -> services.count(IqRequest.class) == 1);
        isAcknowledgedWhenAnswered(romeo, "v");
    }

    @Test
    void aRequestToTheHost() throws Exception {
        ConnectionId romeo = managed(ROMEO, 1);
        Element query = Element.builder("query", Namespaces.REGISTER)
                .childText("username", "romeo")
                .childText("password", "new")
                .build();
        services.send(stanza(romeo, ROMEO, 2, Stanza.iq(StanzaType.SET, "p", ROMEO, Jid.of("localhost"), query)));
        await(() -> services.count(AuthRequest.ChangePassword.class) == 1);
        isAcknowledgedWhenAnswered(romeo, "p");
    }

    @Test
    void theRemovalOfAnAccountThoughTheResultComesFirst() throws Exception {
        ConnectionId romeo = managed(ROMEO, 1);
        Element query = Element.builder("query", Namespaces.REGISTER)
                .child(Element.of("remove", Namespaces.REGISTER))
                .build();
        services.send(stanza(romeo, ROMEO, 2, Stanza.iq(StanzaType.SET, "r", ROMEO, null, query)));
        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.RESULT);
        await(() -> services.count(AuthRequest.RemoveAccount.class) == 1);
        services.send(stanza(romeo, ROMEO, 3, Stanza.presence(StanzaType.AVAILABLE, ROMEO, null)));
        services.nextStanza();
        assertThat(services.handled).containsEntry(romeo, 1L);
        services.serviceGate.complete();
        await(() -> services.handled.get(romeo) == 3);
    }

    @Test
    void aRequestToAnotherAccount() throws Exception {
        services.rosters.put(JULIET.bare(), List.of(friend(ROMEO)));
        BlockingQueue<SessionEvent> accepted = new LinkedBlockingQueue<>();
        services.bus.consume("peer.0", SessionEvent.Batch.class, batch -> accepted.addAll(batch.events()));
        ConnectionId juliet = services.available(JULIET, 1);
        services.told.clear();
        Stanza get = Stanza.iq(StanzaType.GET, "v", ROMEO, JULIET.bare(), Element.of("vCard", VCARD));
        services.send(new SessionEvent.Inbound(get, new Origin(9, 1), "peer.0@n1", ROMEO, false));
        services.send(new SessionEvent.Inbound(get, new Origin(9, 1), "peer.0@n1", ROMEO, true));
        await(() -> services.count(IqRequest.class) == 1);
        services.send(stanza(juliet, JULIET, 2, Stanza.presence(StanzaType.AVAILABLE, JULIET, null)));
        services.nextStanza();
        assertThat(accepted).isEmpty();
        services.serviceGate.complete();
        assertThat(accepted.poll(10, TimeUnit.SECONDS)).isEqualTo(new SessionEvent.Accepted(ROMEO, new Origin(9, 1)));
        assertThat(services.count(IqRequest.class)).as("asked once").isOne();
    }

    /// None of them is acknowledged, so the gateway stops to read when its window is full; nobody else waits.
    @Test
    void whoFloodsASlowServiceIsNotAcknowledgedAndHoldsUpNobody() throws Exception {
        ConnectionId juliet = services.available(JULIET, 2);
        ConnectionId romeo = managed(ROMEO, 1);
        int flood = 2_000;
        for (int i = 2; i < 2 + flood; i++) {
            services.send(stanza(romeo, ROMEO, i, vCard("v" + i)));
        }
        ConnectionId garden = services.available(Jid.of("romeo@localhost/garden"), 3);
        services.told.clear();
        services.send(stanza(juliet, JULIET, 2, chat(JULIET, Jid.of("romeo@localhost/garden"), "hi")));
        assertThat(body(nextMessage(garden))).isEqualTo("hi");
        await(() -> services.handled.getOrDefault(juliet, 0L) == 2);
        assertThat(services.handled).containsEntry(romeo, 1L);
        services.serviceGate.complete();
        await(() -> services.handled.get(romeo) == 1 + flood);
        assertThat(services.count(IqRequest.class)).isEqualTo(flood);
    }

    private void isAcknowledgedWhenAnswered(ConnectionId romeo, String id) throws Exception {
        // what comes after it is done by then
        services.send(stanza(romeo, ROMEO, 3, Stanza.presence(StanzaType.AVAILABLE, ROMEO, null)));
        services.nextStanza();
        assertThat(services.handled).containsEntry(romeo, 1L);
        services.serviceGate.complete();
        assertThat(services.nextStanza().id()).isEqualTo(id);
        await(() -> services.handled.get(romeo) == 3);
    }

    private Stanza nextMessage(ConnectionId connection) throws InterruptedException {
        while (true) {
            ConnectionEvent event = services.told.poll(10, TimeUnit.SECONDS);
            if (event instanceof ConnectionEvent.Deliver deliver
                    && deliver.connection().equals(connection)
                    && deliver.stanza().isMessage()) {
                return deliver.stanza();
            }
        }
    }

    private static Stanza vCard(String id) {
        return Stanza.iq(StanzaType.SET, id, ROMEO, null, Element.of("vCard", VCARD));
    }

    private ConnectionId managed(Jid client, long number) throws Exception {
        ConnectionId connection = services.available(client, number);
        services.send(new SessionEvent.Enable(connection, client, new Management("", 0, 1, 0)));
        services.next(ConnectionEvent.Enabled.class);
        await(() -> services.handled.getOrDefault(connection, 0L) == 1);
        return connection;
    }

    private static RosterItem friend(Jid jid) {
        return new RosterItem(jid.bare(), null, List.of(), RosterItem.Subscription.BOTH, false, false);
    }
}
