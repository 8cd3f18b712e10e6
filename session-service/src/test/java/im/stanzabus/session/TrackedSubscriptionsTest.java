package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.again;
import static im.stanzabus.session.FakeServices.await;
import static im.stanzabus.session.FakeServices.body;
import static im.stanzabus.session.FakeServices.chat;
import static im.stanzabus.session.FakeServices.stanza;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Subscription stanzas, and those that follow from them and from changes of rosters, are neither lost nor overtaken:
/// not while roster-service is away, and not when an owner is gone.
@Timeout(60)
class TrackedSubscriptionsTest {
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid JULIET = Jid.of("juliet@localhost/balcony");
    private static final String PEER = "peer.0@n1";

    private final BlockingQueue<SessionEvent> peer = new LinkedBlockingQueue<>();
    private final BlockingQueue<SessionEvent> next = new LinkedBlockingQueue<>();
    private Vertx vertx;
    private FakeServices services;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        services = new FakeServices(vertx, true);
        services.bus.consume("peer.0", SessionEvent.Batch.class, batch -> peer.addAll(batch.events()));
        services.bus.consume("peer.1", SessionEvent.Batch.class, batch -> next.addAll(batch.events()));
        services.startPartition(0);
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    @Test
    void whileRosterServiceIsAwayTheClientsStanzasComeAgainInTheirOrder() throws Exception {
        services.available(JULIET, 2);
        ConnectionId romeo = managed();
        services.rosterDown = true;
        Stanza subscribe = Stanza.presence(StanzaType.UNSUBSCRIBED, ROMEO, JULIET.bare());
        Stanza message = chat(ROMEO, JULIET, "behind it");
        services.send(stanza(romeo, ROMEO, 2, subscribe), stanza(romeo, ROMEO, 3, message));
        askedAgain(ROMEO);
        assertThat(services.told).isEmpty();
        services.send(again(romeo, ROMEO, 2, subscribe), again(romeo, ROMEO, 3, message));
        askedAgain(ROMEO);
        assertThat(services.told).isEmpty();
        assertThat(services.handled).containsEntry(romeo, 1L);

        services.rosterDown = false;
        services.send(again(romeo, ROMEO, 2, subscribe), again(romeo, ROMEO, 3, message));
        await(() -> services.handled.get(romeo) == 3);
        assertThat(services.asked.stream().filter(RosterRequest.Outbound.class::isInstance))
                .hasSize(1);
        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.UNSUBSCRIBED);
        assertThat(body(services.nextStanza())).isEqualTo("behind it");
    }

    @Test
    void whileRosterServiceIsAwayWhatContactsSendIsNotAccepted() throws Exception {
        services.available(JULIET, 2);
        services.rosterDown = true;
        Stanza subscribe = Stanza.presence(StanzaType.SUBSCRIBE, ROMEO.bare(), JULIET.bare());
        inbound(1, 0, false, subscribe);
        inbound(2, 1, false, chat(ROMEO, JULIET, "behind it"));
        askedAgain(JULIET);
        assertThat(peer).isEmpty();
        assertThat(services.told).isEmpty();

        services.rosterDown = false;
        inbound(1, 0, true, subscribe);
        inbound(2, 1, true, chat(ROMEO, JULIET, "behind it"));
        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.SUBSCRIBE);
        assertThat(body(services.nextStanza())).isEqualTo("behind it");
        accepts(1, StanzaType.SUBSCRIBE);
        accepts(2, null);
    }

    /// The partings of an account that is removed: nobody sends them again.
    @Test
    void whileRosterServiceIsAwayWhatNobodyRepeatsIsRepeatedHere() throws Exception {
        services.available(JULIET, 2);
        services.rosterDown = true;
        services.send(new SessionEvent.Inbound(Stanza.presence(StanzaType.SUBSCRIBE, ROMEO.bare(), JULIET.bare())));
        inbound(1, 0, false, Stanza.message(StanzaType.HEADLINE, ROMEO, JULIET, Element.of("x", "urn:example")));
        services.nextStanza(); // by then the request has failed
        services.rosterDown = false;
        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.SUBSCRIBE);
    }

    @Test
    void whatFollowsFromARosterChangeIsSentUntilItIsAccepted() throws Exception {
        services.consequences = List.of(
                Stanza.presence(StanzaType.UNSUBSCRIBE, ROMEO.bare(), JULIET.bare()),
                Stanza.presence(StanzaType.UNSUBSCRIBED, ROMEO.bare(), JULIET.bare()));
        ConnectionId romeo = managed();
        claim(JULIET, PEER, 50);
        services.send(stanza(romeo, ROMEO, 2, removal()));
        assertThat(follows(peer, false).stanza().type()).isEqualTo(StanzaType.UNSUBSCRIBE);
        SessionEvent.Inbound second = follows(peer, false);
        assertThat(second.stanza().type()).isEqualTo(StanzaType.UNSUBSCRIBED);
        assertThat(second.previous()).isEqualTo(2);
        assertThat(services.nextStanza().type()).as("the result").isEqualTo(StanzaType.RESULT);

        services.send(new SessionEvent.Accepted(ROMEO.bare(), new Origin(1, 2), 50, StanzaType.UNSUBSCRIBED));
        claim(JULIET, "peer.1@n1", 51);
        assertThat(follows(next, true).stanza().type()).isEqualTo(StanzaType.UNSUBSCRIBE);
        assertThat(next).isEmpty();
        assertThat(services.handled).containsEntry(romeo, 1L);
        services.send(new SessionEvent.Accepted(ROMEO.bare(), new Origin(1, 2), 51, StanzaType.UNSUBSCRIBE));
        await(() -> services.handled.get(romeo) == 2);
    }

    @Test
    void anAnswerToAContactIsAcceptedBeforeWhatItAnswersIs() throws Exception {
        services.available(JULIET, 2);
        services.replies = List.of(Stanza.presence(StanzaType.SUBSCRIBED, JULIET.bare(), ROMEO.bare()));
        claim(ROMEO, "peer.1@n1", 50);
        inbound(1, 0, false, Stanza.presence(StanzaType.SUBSCRIBE, ROMEO.bare(), JULIET.bare()));
        SessionEvent.Inbound reply = follows(next, false);
        assertThat(reply.stanza().type()).isEqualTo(StanzaType.SUBSCRIBED);
        assertThat(reply.origin()).isEqualTo(new Origin(9, 1));
        inbound(2, 0, false, chat(ROMEO, JULIET, "later"));
        accepts(2, null);
        assertThat(peer).isEmpty();
        services.send(new SessionEvent.Accepted(JULIET.bare(), new Origin(9, 1), 50, StanzaType.SUBSCRIBED));
        accepts(1, StanzaType.SUBSCRIBE);
    }

    private static SessionEvent.Inbound follows(BlockingQueue<SessionEvent> at, boolean retry) throws Exception {
        SessionEvent.Inbound inbound = (SessionEvent.Inbound) at.poll(10, TimeUnit.SECONDS);
        assertThat(inbound.replyTo()).isEqualTo("sm.0@n1");
        assertThat(inbound.retry()).isEqualTo(retry);
        return inbound;
    }

    private static Stanza removal() {
        Element item = Element.builder("item", Namespaces.ROSTER)
                .attribute("jid", JULIET.bare().toString())
                .attribute("subscription", "remove")
                .build();
        Element query = Element.builder("query", Namespaces.ROSTER).child(item).build();
        return Stanza.iq(StanzaType.SET, "r", ROMEO, null, query);
    }

    /// Within a second, whoever has sent something for the account is asked for it again.
    private void askedAgain(Jid account) {
        services.claims.clear();
        await(() -> services.claims.stream()
                .anyMatch(claim -> claim.round() < 0 && claim.epochs().containsKey(SlotTable.slot(account))));
    }

    private void claim(Jid account, String owner, long epoch) {
        services.slots.claimed(new SlotClaim(owner, 0, Map.of(SlotTable.slot(account), epoch)));
    }

    private void accepts(long number, StanzaType type) throws InterruptedException {
        assertThat(peer.poll(10, TimeUnit.SECONDS))
                .isEqualTo(new SessionEvent.Accepted(ROMEO, new Origin(9, number), 0, type));
    }

    private void inbound(long number, long previous, boolean retry, Stanza stanza) {
        services.send(new SessionEvent.Inbound(stanza, new Origin(9, number), PEER, ROMEO, retry, 0, previous));
    }

    private ConnectionId managed() throws Exception {
        ConnectionId connection = services.available(ROMEO, 1);
        services.send(new SessionEvent.Enable(connection, ROMEO, new Management("", 0, 1, 0)));
        services.next(ConnectionEvent.Enabled.class);
        await(() -> services.handled.getOrDefault(connection, 0L) == 1);
        return connection;
    }
}
