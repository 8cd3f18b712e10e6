package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.again;
import static im.stanzabus.session.FakeServices.await;
import static im.stanzabus.session.FakeServices.stanza;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Changes of rosters name the stanza that they come from, so that roster-service recognises one that is
/// made again.
@Timeout(60)
class RepeatedChangesTest {
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
    void aRosterSetAndWhatFollowsFromItNameTheRequest() throws Exception {
        services.accounts.add(JULIET.bare());
        services.rosters.put(JULIET.bare(), List.of(friend(ROMEO)));
        services.consequences = List.of(
                Stanza.presence(StanzaType.UNSUBSCRIBE, ROMEO.bare(), JULIET.bare()),
                Stanza.presence(StanzaType.UNSUBSCRIBED, ROMEO.bare(), JULIET.bare()));
        ConnectionId romeo = services.available(ROMEO, 7);
        Element item = Element.builder("item", Namespaces.ROSTER)
                .attribute("jid", JULIET.bare().toString())
                .attribute("subscription", "remove")
                .build();
        Element query = Element.builder("query", Namespaces.ROSTER).child(item).build();
        services.send(stanza(romeo, ROMEO, 2, Stanza.iq(StanzaType.SET, "r", ROMEO, null, query)));
        await(() -> inbound().size() == 2);
        Origin origin = new Origin(7, 2);
        assertThat(services.asked.stream().filter(RosterRequest.Set.class::isInstance))
                .singleElement()
                .satisfies(asked ->
                        assertThat(((RosterRequest.Set) asked).origin()).isEqualTo(origin));
        assertThat(inbound())
                .allSatisfy(change -> assertThat(change.origin()).isEqualTo(origin))
                .extracting(change -> change.stanza().type())
                .containsExactly(StanzaType.UNSUBSCRIBE, StanzaType.UNSUBSCRIBED);
    }

    @Test
    void bothSidesOfASubscriptionNameTheStanza() throws Exception {
        services.accounts.add(JULIET.bare());
        ConnectionId romeo = services.available(ROMEO, 7);
        Stanza subscribe = Stanza.presence(StanzaType.SUBSCRIBE, ROMEO, JULIET.bare());
        services.send(again(romeo, ROMEO, 2, subscribe));
        await(() -> inbound().size() == 1);
        Origin origin = new Origin(7, 2);
        assertThat(inbound().getFirst().origin()).isEqualTo(origin);
        assertThat(services.asked.stream().filter(RosterRequest.Outbound.class::isInstance))
                .singleElement()
                .satisfies(asked ->
                        assertThat(((RosterRequest.Outbound) asked).origin()).isEqualTo(origin));
    }

    @Test
    void whatMayHaveMadeItsChangeBeforeIsAskedAboutThoughItWouldChangeNothing() throws Exception {
        services.available(JULIET, 1);
        Stanza refusal = Stanza.presence(StanzaType.UNSUBSCRIBED, ROMEO.bare(), JULIET.bare());
        services.send(new SessionEvent.Inbound(refusal, new Origin(9, 1), "peer.0@n1", ROMEO, false));
        services.send(new SessionEvent.Inbound(refusal, new Origin(9, 2), "peer.0@n1", ROMEO, true));
        assertThat(services.nextStanza().type()).as("forwarded once").isEqualTo(StanzaType.UNSUBSCRIBED);
        assertThat(inbound())
                .singleElement()
                .satisfies(change -> assertThat(change.origin()).isEqualTo(new Origin(9, 2)));
    }

    private List<RosterRequest.Inbound> inbound() {
        return services.asked.stream()
                .filter(RosterRequest.Inbound.class::isInstance)
                .map(RosterRequest.Inbound.class::cast)
                .toList();
    }

    private static RosterItem friend(Jid jid) {
        return new RosterItem(jid.bare(), null, List.of(), RosterItem.Subscription.BOTH, false, false);
    }
}
