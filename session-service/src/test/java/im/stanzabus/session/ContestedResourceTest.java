package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.await;
import static im.stanzabus.session.FakeServices.body;
import static im.stanzabus.session.FakeServices.chat;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.ResourceState;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.StreamError;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two gateways announce a connection each for one resource, as after a gateway was frozen. No message is in the log.
@Timeout(60)
class ContestedResourceTest {
    private static final Jid JULIET = Jid.of("juliet@localhost/balcony");
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final ConnectionId FIRST = new ConnectionId(FakeServices.OTHER_GATEWAY, 1);
    private static final ConnectionId SECOND = new ConnectionId(FakeServices.GATEWAY, 2);

    private Vertx vertx;
    private FakeServices services;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        services = new FakeServices(vertx, false);
        services.accounts.add(JULIET.bare());
        services.accounts.add(ROMEO.bare());
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    /// Whichever comes first: the later keeps the resource, and gets what the other was handed.
    @ParameterizedTest
    @CsvSource({
        "100, true, 200, true",
        "200, true, 100, true",
        "100, true, 200, false",
        "100, false, 200, true",
        "200, true, 100, false",
        "0, true, 0, false",
        "0, false, 0, true",
        "0, true, 100, false",
    })
    void nothingThatTheLoserWasHandedIsLost(long first, boolean firstAttached, long second, boolean secondAttached)
            throws Exception {
        services.announcements.add(announce(FIRST, 11, first, firstAttached));
        services.announcements.add(announce(SECOND, 12, second, secondAttached));
        services.startPartition(0);
        boolean firstWins = first != 0 && second != 0 ? first > second : firstAttached;
        ConnectionEvent.Deliver redelivered = services.next(ConnectionEvent.Deliver.class);
        assertThat(redelivered.connection()).isEqualTo(firstWins ? FIRST : SECOND);
        assertThat(redelivered.number()).isEqualTo(2);
        assertThat(body(redelivered.stanza())).isEqualTo(firstWins ? "12" : "11");
        ConnectionEvent.Disconnect disconnect = services.next(ConnectionEvent.Disconnect.class);
        assertThat(disconnect.connection()).isEqualTo(firstWins ? SECOND : FIRST);
        assertThat(disconnect.error().condition()).isEqualTo(StreamError.Condition.CONFLICT);
    }

    @Test
    void whatWasRedeliveredOnceIsNotAgain() throws Exception {
        services.announcements.add(announce(FIRST, 11, 100, true));
        services.announcements.add(announce(SECOND, 12, 200, true));
        services.startPartition(0);
        assertThat(body(services.nextStanza())).isEqualTo("11");
        services.next(ConnectionEvent.Disconnect.class);
        services.send(announce(FIRST, 11, 100, true)); // it has not heard of its end yet
        assertThat(services.next(ConnectionEvent.Disconnect.class).connection()).isEqualTo(FIRST);
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "next")));
        assertThat(body(services.nextStanza())).isEqualTo("next");
    }

    /// The client has bound its resource anew while its gateway was frozen.
    @Test
    void aStreamThatWasReplacedHereLeavesNothing() throws Exception {
        services.startPartition(0);
        services.send(new SessionEvent.Bind(FIRST, JULIET.bare(), JULIET.resource(), "::1", 11));
        services.next(ConnectionEvent.Bound.class);
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "11")));
        ConnectionEvent.Deliver handed = services.next(ConnectionEvent.Deliver.class);
        services.send(new SessionEvent.Bind(SECOND, JULIET.bare(), JULIET.resource(), "::1", 12));
        List<ConnectionEvent> told = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            told.add(services.next(ConnectionEvent.class));
        }
        assertThat(told)
                .hasAtLeastOneElementOfType(ConnectionEvent.Disconnect.class)
                .hasAtLeastOneElementOfType(ConnectionEvent.Bound.class)
                .hasAtLeastOneElementOfType(ConnectionEvent.Deliver.class);
        await(() -> services.remembered.containsKey(SECOND));
        ResourceState before = services.remembered.get(FIRST).state();
        assertThat(services.remembered.get(SECOND).state().since()).isGreaterThan(before.since());
        services.send(
                new SessionEvent.Announce(FIRST, JULIET, before, null, true, "::1", 11, 0, 0, 0, List.of(handed), 0));
        assertThat(services.next(ConnectionEvent.Disconnect.class).connection()).isEqualTo(FIRST);
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "next")));
        ConnectionEvent.Deliver next = services.next(ConnectionEvent.Deliver.class);
        assertThat(body(next.stanza())).isEqualTo("next");
        assertThat(next.connection()).isEqualTo(SECOND);
    }

    /// A gateway that is told of the end forgets what it holds, and the owner may die.
    @Test
    void aGatewayHoldsWhatAStreamLeavesUntilTheLogHasIt() throws Exception {
        services.startPartition(0);
        ConnectionId first = services.available(JULIET, 1);
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "left")));
        assertThat(body(services.nextStanza())).isEqualTo("left");
        services.log.appendGate = Promise.promise();
        services.send(new SessionEvent.Bind(SECOND, JULIET.bare(), JULIET.resource(), "::1", 12));
        services.next(ConnectionEvent.Bound.class);
        services.bind("juliet@localhost", "garden", 3); // and nothing before
        services.log.appendGate.complete();
        assertThat(body(services.nextStanza())).as("from the log").isEqualTo("left");
        assertThat(services.next(ConnectionEvent.Disconnect.class).connection()).isEqualTo(first);
    }

    @Test
    void aStreamThatIsOverIsNotTakenForOneThatLivesMeanwhile() throws Exception {
        services.startPartition(0);
        ConnectionId first = services.available(JULIET, 1);
        services.send(new SessionEvent.Enable(first, JULIET, new Management("id", 1, 1, 1)));
        services.next(ConnectionEvent.Enabled.class);
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "left")));
        ConnectionEvent.Deliver left = services.next(ConnectionEvent.Deliver.class);
        services.log.appendGate = Promise.promise();
        ResourceState state = services.remembered.get(first).state();
        services.send(new SessionEvent.Detached(first, JULIET));
        await(() -> services.count(LogRequest.Append.class) == 1);
        services.send(new SessionEvent.Announce(first, JULIET, state, null, true, "::1", 1, 1, 1, 0, List.of(left), 0));
        services.bind("juliet@localhost", "garden", 3);
        services.log.appendGate.complete();
        assertThat(services.next(ConnectionEvent.Disconnect.class).connection()).isEqualTo(first);
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "next")));
        await(() -> services.log.of(JULIET.bare()).size() == 2);
    }

    @Test
    void theLoserIsToldHowMuchOfItWasHandled() throws Exception {
        services.announcements.add(announce(FIRST, 11, 100, true));
        services.startPartition(0);
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "loaded")));
        assertThat(body(services.nextStanza())).isEqualTo("loaded");
        services.send(new SessionEvent.Answered(FIRST, JULIET, 1, false, null), announce(SECOND, 12, 200, true));
        ConnectionEvent next = services.next(ConnectionEvent.class);
        while (!(next instanceof ConnectionEvent.Disconnect)) {
            next = services.next(ConnectionEvent.class);
        }
        services.told.clear();
        ConnectionId asking = new ConnectionId(FakeServices.GATEWAY, 3);
        services.send(new SessionEvent.Resume(asking, JULIET.bare(), "id11", 0, "::1"));
        ConnectionEvent answer = services.next(ConnectionEvent.class);
        while (answer instanceof ConnectionEvent.Deliver) {
            answer = services.next(ConnectionEvent.class);
        }
        assertThat(((ConnectionEvent.ResumeRefused) answer).h()).isOne();
    }

    /// Two announce the same stream: the client has resumed it at one and was lost there, too.
    @Test
    void theStreamGoesOnWhereItWentOnLast() throws Exception {
        Management management = new Management("id", 300, 0, 0);
        ResourceState early = new ResourceState(null, false, false, false, 1, List.of(), 100);
        ResourceState late = new ResourceState(null, false, false, false, 1, List.of(), 200);
        services.announcements.add(
                new SessionEvent.Announce(FIRST, JULIET, early, management, true, "::1", 11, 3, 0, 0, List.of(), 0));
        services.announcements.add(
                new SessionEvent.Announce(SECOND, JULIET, late, management, false, "::1", 11, 5, 4, 0, List.of(), 0));
        services.startPartition(0);
        ConnectionEvent.Disconnect disconnect = services.next(ConnectionEvent.Disconnect.class);
        assertThat(disconnect.connection()).isEqualTo(FIRST);
        assertThat(disconnect.error()).isNull();
        ConnectionId next = new ConnectionId(FakeServices.GATEWAY, 3);
        services.send(new SessionEvent.Resume(next, JULIET.bare(), "id", 4, "::1"));
        services.next(ConnectionEvent.Disconnect.class);
        ConnectionEvent.Resumed resumed = services.next(ConnectionEvent.Resumed.class);
        assertThat(resumed.handled()).isEqualTo(5);
        assertThat(resumed.delivered()).isEqualTo(4);
        assertThat(resumed.state().since()).isGreaterThan(200);
    }

    /// The owner before died when it had not handed everything to the gateway where the stream goes on.
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void whatOnlyTheOldGatewayHoldsOfAStreamFollowsWhereItGoesOn(boolean oldFirst) throws Exception {
        SessionEvent old = holding(FIRST, 100, 3);
        SessionEvent next = holding(SECOND, 200, 1);
        services.announcements.addAll(oldFirst ? List.of(old, next) : List.of(next, old));
        services.startPartition(0);
        List<ConnectionEvent> told = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            told.add(services.next(ConnectionEvent.class));
        }
        assertThat(told).contains(new ConnectionEvent.Disconnect(FIRST, null));
        assertThat(told.stream()
                        .filter(ConnectionEvent.Deliver.class::isInstance)
                        .map(ConnectionEvent.Deliver.class::cast))
                .allMatch(more -> more.connection().equals(SECOND))
                .extracting(more -> more.number() + body(more.stanza()))
                .containsExactly("22", "33");
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "next")));
        ConnectionEvent.Deliver after = services.next(ConnectionEvent.Deliver.class);
        assertThat(body(after.stanza())).isEqualTo("next");
        assertThat(after.number()).isEqualTo(4);
    }

    private static SessionEvent holding(ConnectionId connection, long since, int messages) {
        ResourceState state = new ResourceState(null, false, false, false, 1, List.of(), since);
        List<ConnectionEvent.Deliver> held = new ArrayList<>();
        for (int i = 1; i <= messages; i++) {
            Stanza message = chat(ROMEO, JULIET, Integer.toString(i));
            held.add(new ConnectionEvent.Deliver(connection, i, false, 0, message));
        }
        Management management = new Management("id", 300, 0, 0);
        return new SessionEvent.Announce(connection, JULIET, state, management, true, "::1", 11, 0, 0, 0, held, 0);
    }

    /// One that was handed a message which its client has not confirmed.
    private static SessionEvent.Announce announce(ConnectionId connection, long stream, long since, boolean attached) {
        Stanza presence = Stanza.presence(StanzaType.AVAILABLE, JULIET, null);
        return new SessionEvent.Announce(
                connection,
                JULIET,
                new ResourceState(presence, false, false, false, 1, List.of(), since),
                new Management("id" + stream, 300, 0, 0),
                attached,
                "::1",
                stream,
                0,
                0,
                0,
                List.of(new ConnectionEvent.Deliver(
                        connection, 1, false, 0, chat(ROMEO, JULIET, Long.toString(stream)))),
                0);
    }
}
