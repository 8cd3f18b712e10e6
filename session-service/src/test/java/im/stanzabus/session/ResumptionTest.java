package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.await;
import static im.stanzabus.session.FakeServices.body;
import static im.stanzabus.session.FakeServices.chat;
import static im.stanzabus.session.FakeServices.stanza;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.ResourceState;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.LastSeen;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.StreamError;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Streams that lose their connection (XEP-0198 section 5), on a host with an archive.
@Timeout(60)
class ResumptionTest {
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid JULIET = Jid.of("juliet@localhost/balcony");
    private static final ConnectionId NEXT = new ConnectionId(FakeServices.OTHER_GATEWAY, 50);
    private static final String ID = "some-id";

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
    void aStreamGoesOnOnAnotherGateway() throws Exception {
        ConnectionId juliet = resumable(JULIET, 1, 300);
        say("1");
        say("2");
        ConnectionEvent.Deliver first = services.next(ConnectionEvent.Deliver.class);
        services.nextStanza();
        services.send(new SessionEvent.Detached(juliet, JULIET));
        say("3");
        assertThat(body(services.nextStanza())).as("for the gateway to keep").isEqualTo("3");

        services.send(new SessionEvent.Resume(NEXT, JULIET.bare(), ID, 1, "::1"));
        ConnectionEvent.Disconnect old = services.next(ConnectionEvent.Disconnect.class);
        assertThat(old.connection()).isEqualTo(juliet);
        assertThat(old.error()).isNull();
        ConnectionEvent.Resumed resumed = services.next(ConnectionEvent.Resumed.class);
        assertThat(resumed.client()).isEqualTo(JULIET);
        assertThat(resumed.delivered()).as("h is 1").isEqualTo(first.number());
        assertThat(resumed.handled()).isEqualTo(1);
        assertThat(resumed.stream()).isEqualTo(1);
        assertThat(resumed.state().presence()).isNotNull();
        assertThat(resumed.lastLogId()).as("the rest follows").isEqualTo(1);
        assertThat(resumed.logSince()).isEqualTo(1);
        for (String body : new String[] {"2", "3"}) {
            ConnectionEvent.Deliver again = services.next(ConnectionEvent.Deliver.class);
            assertThat(again.connection()).isEqualTo(NEXT);
            assertThat(body(again.stanza())).isEqualTo(body);
        }
        services.send(stanza(NEXT, JULIET, 2, chat(JULIET, JULIET.bare(), "here again")));
        ConnectionEvent.Deliver own = services.next(ConnectionEvent.Deliver.class);
        assertThat(own.number()).isEqualTo(first.number() + 3);
        assertThat(services.count(LastSeen.class)).as("was never away").isZero();
    }

    @Test
    void aStreamGoesOnThoughItsOldConnectionSeemsAlive() throws Exception {
        ConnectionId juliet = resumable(JULIET, 1, 300);
        services.send(new SessionEvent.Resume(NEXT, JULIET.bare(), ID, 0, "::1"));
        assertThat(services.next(ConnectionEvent.Disconnect.class).connection()).isEqualTo(juliet);
        services.next(ConnectionEvent.Resumed.class);
        services.send(new SessionEvent.Gone(juliet, JULIET, 1));
        say("1");
        assertThat(services.next(ConnectionEvent.Deliver.class).connection()).isEqualTo(NEXT);
    }

    @Test
    void whatIsUnderWayIsFinishedFirst() throws Exception {
        ConnectionId juliet = resumable(JULIET, 1, 300);
        services.accounts.add(ROMEO.bare());
        Promise<Void> gate = Promise.promise();
        services.log.appendGate = gate;
        services.send(stanza(juliet, JULIET, 2, chat(JULIET, ROMEO, "last words")));
        await(() -> services.count(LogRequest.Append.class) >= 1);
        services.send(new SessionEvent.Resume(NEXT, JULIET.bare(), ID, 0, "::1"));
        services.send(stanza(juliet, JULIET, 3, chat(JULIET, ROMEO, "too late")));
        services.bind("romeo@localhost", "orchard", 9); // by then the others have arrived
        assertThat(services.told).isEmpty();

        gate.complete();
        assertThat(body(services.nextStanza())).isEqualTo("last words");
        services.next(ConnectionEvent.Disconnect.class);
        assertThat(services.next(ConnectionEvent.Resumed.class).handled()).isEqualTo(2);
    }

    @Test
    void whoAsksTwiceIsAnsweredTwiceAndLosesNothing() throws Exception {
        resumable(JULIET, 1, 300);
        services.accounts.add(ROMEO.bare());
        SessionEvent.Resume request = new SessionEvent.Resume(NEXT, JULIET.bare(), ID, 0, "::1");
        services.send(request, request);
        services.next(ConnectionEvent.Disconnect.class);
        assertThat(services.next(ConnectionEvent.Resumed.class))
                .isEqualTo(services.next(ConnectionEvent.Resumed.class));
        services.log.appendGate = Promise.promise();
        services.send(stanza(NEXT, JULIET, 2, chat(JULIET, ROMEO, "2")), request);
        services.send(stanza(NEXT, JULIET, 3, chat(JULIET, ROMEO, "3")));
        await(() -> services.entriesAsked() >= 2);
        services.log.appendGate.complete();
        await(() -> services.handled.getOrDefault(NEXT, 0L) == 3);
        assertThat(services.told.stream().filter(ConnectionEvent.Resumed.class::isInstance))
                .isEmpty();
    }

    @Test
    void whoComesTooLateFindsNothing() throws Exception {
        ConnectionId juliet = resumable(JULIET, 1, 1);
        handled(juliet);
        services.send(new SessionEvent.Detached(juliet, JULIET));
        say("1");
        services.nextStanza();
        assertThat(services.next(ConnectionEvent.Disconnect.class).connection()).isEqualTo(juliet);
        await(() -> services.count(LastSeen.class) == 1);
        services.send(new SessionEvent.Resume(NEXT, JULIET.bare(), ID, 0, "::1"));
        ConnectionEvent.ResumeRefused refused = services.next(ConnectionEvent.ResumeRefused.class);
        assertThat(refused.condition()).isEqualTo(Condition.ITEM_NOT_FOUND);
        assertThat(refused.h()).isOne();

        services.available(JULIET, 2);
        assertThat(body(services.nextStanza())).as("from the log").isEqualTo("1");
        services.send(new SessionEvent.Resume(NEXT, JULIET.bare(), ID, 0, "::1"));
        assertThat(services.next(ConnectionEvent.ResumeRefused.class).h())
                .as("asked again")
                .isOne();
    }

    @Test
    void whatIsUnderWayWhenTheTimeIsOverCounts() throws Exception {
        ConnectionId juliet = resumable(JULIET, 1, 1);
        underWay(juliet);
        services.send(new SessionEvent.Detached(juliet, JULIET));
        assertThat(services.next(ConnectionEvent.Disconnect.class).connection()).isEqualTo(juliet);
        services.send(new SessionEvent.Resume(NEXT, JULIET.bare(), ID, 0, "::1"));
        services.send(stanza(juliet, JULIET, 3, chat(JULIET, ROMEO, "too late")));
        services.bind("romeo@localhost", "orchard", 9); // by then the others have arrived
        assertThat(services.told).as("not refused yet").isEmpty();
        services.log.appendGate.complete();
        refusedAmongDeliveries();
    }

    @Test
    void aFewEndedStreamsAreRemembered() throws Exception {
        for (int i = 0; i < 9; i++) {
            ConnectionId connection = services.bind(JULIET.bare().toString(), "balcony", i + 1);
            services.send(new SessionEvent.Enable(connection, JULIET, new Management("id" + i, 300, 0, 0)));
            services.next(ConnectionEvent.Enabled.class);
            services.send(new SessionEvent.Gone(connection, JULIET, 0));
        }
        for (int i = 0; i < 9; i++) {
            services.send(new SessionEvent.Resume(NEXT, JULIET.bare(), "id" + i, 0, "::1"));
            assertThat(services.next(ConnectionEvent.ResumeRefused.class).h())
                    .as("id" + i)
                    .isEqualTo(i == 0 ? -1 : 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"5", "4294967295"})
    void aCountThatCannotBeIsRefused(long h) throws Exception {
        resumable(JULIET, 1, 300);
        services.send(new SessionEvent.Resume(NEXT, JULIET.bare(), ID, h, "::1"));
        ConnectionEvent.ResumeRefused refused = services.next(ConnectionEvent.ResumeRefused.class);
        assertThat(refused.condition()).isEqualTo(Condition.UNDEFINED_CONDITION);
        assertThat(refused.h()).as("what was sent").isZero();
        say("1");
        services.nextStanza();
        services.send(new SessionEvent.Resume(NEXT, JULIET.bare(), ID, h, "::1"));
        assertThat(services.next(ConnectionEvent.ResumeRefused.class).h()).isOne();
    }

    @Test
    void whoHasLessThanItHadIsRefused() throws Exception {
        ConnectionId juliet = resumable(JULIET, 1, 300);
        say("1");
        long number = services.next(ConnectionEvent.Deliver.class).number();
        services.send(new SessionEvent.Delivered(juliet, JULIET, number));
        handled(juliet);
        services.send(new SessionEvent.Resume(NEXT, JULIET.bare(), ID, 0, "::1"));
        assertThat(services.next(ConnectionEvent.ResumeRefused.class))
                .isEqualTo(new ConnectionEvent.ResumeRefused(NEXT, Condition.ITEM_NOT_FOUND, 1));
    }

    @Test
    void whoWaitsForAStreamThatEndsIsTold() throws Exception {
        ConnectionId juliet = resumable(JULIET, 1, 300);
        underWay(juliet);
        services.send(new SessionEvent.Resume(NEXT, JULIET.bare(), ID, 0, "::1"));
        services.send(new SessionEvent.Gone(juliet, JULIET, 1));
        services.bind("romeo@localhost", "orchard", 9);
        services.log.appendGate.complete();
        refusedAmongDeliveries();
    }

    @Test
    void whoCameInTimeMayWaitLonger() throws Exception {
        ConnectionId juliet = resumable(JULIET, 1, 1);
        underWay(juliet);
        services.send(new SessionEvent.Detached(juliet, JULIET));
        services.send(new SessionEvent.Resume(NEXT, JULIET.bare(), ID, 0, "::1"));
        assertThat(services.told.poll(3, TimeUnit.SECONDS)).as("not ended").isNull();
        services.log.appendGate.complete();
        services.next(ConnectionEvent.Disconnect.class);
        services.next(ConnectionEvent.Resumed.class);
    }

    @Test
    void aStreamDoesNotGoOnAtAGatewayThatDiedMeanwhile() throws Exception {
        ConnectionId juliet = resumable(JULIET, 1, 300);
        underWay(juliet);
        ConnectionId dying = new ConnectionId(FakeServices.OTHER_GATEWAY, 5);
        services.send(new SessionEvent.Resume(dying, JULIET.bare(), ID, 0, "::1"));
        services.membership.died(FakeServices.OTHER_NODE);
        services.log.appendGate.complete();
        await(() -> services.log.of(ROMEO.bare()).size() == 1);
        ConnectionId next = new ConnectionId(FakeServices.GATEWAY, 51);
        services.send(new SessionEvent.Resume(next, JULIET.bare(), ID, 0, "::1"));
        assertThat(services.next(ConnectionEvent.Disconnect.class).connection()).isEqualTo(juliet);
        assertThat(services.next(ConnectionEvent.Resumed.class).connection()).isEqualTo(next);
    }

    @Test
    void whoWasTakenForGoneGetsWhatHasComeSince() throws Exception {
        ConnectionId juliet = services.available(JULIET, 1);
        services.send(new SessionEvent.Gone(juliet, JULIET, 1));
        say("1");
        await(() -> services.log.of(JULIET.bare()).size() == 1);
        ResourceState state = services.remembered.get(juliet).state();
        services.send(new SessionEvent.Announce(juliet, JULIET, state, null, true, "::1", 1, 1, 1, 0, List.of(), 0));
        Stanza next = services.nextStanza();
        assertThat(body(next.isPresence() ? services.nextStanza() : next)).isEqualTo("1");
    }

    @Test
    void aConnectionOfAGatewayThatHadDiedEnds() throws Exception {
        services.accounts.add(JULIET.bare());
        services.membership.died(FakeServices.OTHER_NODE);
        login(new ConnectionId(FakeServices.OTHER_GATEWAY, 1), JULIET);
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> services.count(LastSeen.class) == 1);
    }

    private void handled(ConnectionId connection) throws Exception {
        services.accounts.add(ROMEO.bare());
        services.send(stanza(connection, JULIET, 2, chat(JULIET, ROMEO, "one")));
        await(() -> services.handled.getOrDefault(connection, 0L) == 2);
    }

    private void refusedAmongDeliveries() throws Exception {
        ConnectionEvent next = services.next(ConnectionEvent.class);
        while (next instanceof ConnectionEvent.Deliver) {
            next = services.next(ConnectionEvent.class);
        }
        assertThat(next).isEqualTo(new ConnectionEvent.ResumeRefused(NEXT, Condition.ITEM_NOT_FOUND, 1));
    }

    private void underWay(ConnectionId connection) throws Exception {
        services.accounts.add(ROMEO.bare());
        services.log.appendGate = Promise.promise();
        services.send(stanza(connection, JULIET, 2, chat(JULIET, ROMEO, "last words")));
        await(() -> services.count(LogRequest.Append.class) >= 1);
    }

    /// The gateway keeps who was sent directed presence, but is not told all of them for each.
    @Test
    void manyReceiversOfPresenceAreNotToldAgainAndAgain() throws Exception {
        ConnectionId juliet = resumable(JULIET, 1, 300);
        int receivers = 120;
        for (long i = 0; i < receivers; i++) {
            long number = i + 2;
            Jid to = Jid.of("room" + i + "@conference.localhost/juliet");
            services.send(stanza(juliet, JULIET, number, Stanza.presence(StanzaType.AVAILABLE, JULIET, to)));
            Awaitility.await()
                    .pollInterval(1, TimeUnit.MILLISECONDS)
                    .until(() -> services.handled.getOrDefault(juliet, 0L) == number);
        }
        await(() -> services.remembered.get(juliet).state().directed().size() == receivers);
        assertThat(services.directedTold.get()).as("not 7260").isLessThan(2_500);
    }

    /// SASL ANONYMOUS: nothing keeps a flood of them from coming.
    @Test
    void aGuestIsCountedForButCannotResume() throws Exception {
        Jid guest = Jid.of("someone@guests/r");
        ConnectionId connection = new ConnectionId(FakeServices.GATEWAY, 1);
        services.send(new SessionEvent.Bind(connection, guest.bare(), guest.resource(), "::1", 1));
        services.next(ConnectionEvent.Bound.class);
        services.send(new SessionEvent.Enable(connection, guest, new Management(ID, 300, 0, 0)));
        assertThat(services.next(ConnectionEvent.Enabled.class).management()).isEqualTo(new Management("", 0, 0, 0));
        services.send(new SessionEvent.Resume(NEXT, guest.bare(), ID, 0, "::1"));
        services.next(ConnectionEvent.ResumeRefused.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0",
        "10, 3, 15, 13",
        "10, 0, 4294967306, 4294967306",
        "0, 4294967295, 4294967300, 4294967295",
        "0, 2, 4294967300, 4294967298",
        "7, 5, 9, 12",
    })
    void countsBeginAgain(long base, long h, long last, long number) {
        assertThat(Resumption.number(base, h, last)).isEqualTo(number);
    }

    @Test
    void tooMuchForADetachedClientEndsItsStream() throws Exception {
        ConnectionId juliet = resumable(JULIET, 1, 300);
        services.send(new SessionEvent.Detached(juliet, JULIET)); // her presence waits, too
        for (int i = 0; i < FakeServices.MOST_DETACHED; i++) {
            say(Integer.toString(i));
            services.nextStanza();
        }
        assertThat(services.next(ConnectionEvent.Disconnect.class).connection()).isEqualTo(juliet);
        services.available(JULIET, 2);
        for (int i = 0; i < FakeServices.MOST_DETACHED; i++) {
            ConnectionEvent.Deliver next = services.next(ConnectionEvent.Deliver.class);
            assertThat(body(next.stanza())).isEqualTo(Integer.toString(i));
            services.send(new SessionEvent.Delivered(next.connection(), JULIET, next.number()));
        }
    }

    /// Each for itself has not too much.
    @Test
    void tooMuchForAllClientsOfAnAccountEndsTheOneWithMost() throws Exception {
        List<Jid> clients = List.of(JULIET, JULIET.withResource("garden"), JULIET.withResource("tomb"));
        for (int i = 0; i < clients.size(); i++) {
            services.bind(JULIET.bare().toString(), clients.get(i).resource(), i + 1);
        }
        String large = "x".repeat(700_000);
        for (Jid client : List.of(clients.get(1), clients.get(0), clients.get(2))) {
            for (int i = 0; i < (client.equals(clients.get(1)) ? 5 : 4); i++) {
                services.send(new SessionEvent.Inbound(Stanza.message(StanzaType.HEADLINE, ROMEO, client)
                        .withPayload(chat(ROMEO, client, large).payload())));
            }
        }
        ConnectionEvent.Disconnect disconnect = null;
        while (disconnect == null) {
            disconnect = services.next(ConnectionEvent.class) instanceof ConnectionEvent.Disconnect end ? end : null;
        }
        assertThat(disconnect.connection().number()).isEqualTo(2);
        assertThat(disconnect.error().condition()).isEqualTo(StreamError.Condition.RESOURCE_CONSTRAINT);
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "last")));
        ConnectionEvent.Deliver last = services.next(ConnectionEvent.Deliver.class);
        while (!body(last.stanza()).equals("last")) {
            last = services.next(ConnectionEvent.Deliver.class);
        }
        assertThat(last.connection().number()).isEqualTo(1);
    }

    @Test
    void whenAGatewayDiesItsStreamsAreDetachedOrGone() throws Exception {
        services.accounts.add(JULIET.bare());
        services.accounts.add(ROMEO.bare());
        ConnectionId juliet = new ConnectionId(FakeServices.OTHER_GATEWAY, 1);
        ConnectionId romeo = new ConnectionId(FakeServices.OTHER_GATEWAY, 2);
        login(juliet, JULIET);
        services.send(new SessionEvent.Enable(juliet, JULIET, new Management(ID, 300, 1, 0)));
        services.next(ConnectionEvent.Enabled.class);
        login(romeo, ROMEO);

        services.membership.died(FakeServices.OTHER_NODE);
        await(() -> services.count(LastSeen.class) == 1);
        assertThat(services.asked.stream().filter(LastSeen.class::isInstance).findFirst())
                .hasValueSatisfying(
                        seen -> assertThat(((LastSeen) seen).account()).isEqualTo(ROMEO.bare()));

        ConnectionId next = new ConnectionId(FakeServices.GATEWAY, 3);
        services.next(ConnectionEvent.Resumed.class); // for another gateway to keep
        services.send(new SessionEvent.Resume(next, JULIET.bare(), ID, 0, "::1"));
        services.next(ConnectionEvent.Disconnect.class);
        assertThat(services.next(ConnectionEvent.Resumed.class).connection()).isEqualTo(next);
    }

    // ---- what the tests are made of ----

    private void login(ConnectionId connection, Jid client) throws Exception {
        services.send(new SessionEvent.Bind(connection, client.bare(), client.resource(), "::1", connection.number()));
        services.next(ConnectionEvent.Bound.class);
        services.send(stanza(connection, client, 1, Stanza.presence(StanzaType.AVAILABLE, client, null)));
        services.nextStanza();
    }

    private ConnectionId resumable(Jid client, long number, int seconds) throws Exception {
        ConnectionId connection = services.available(client, number);
        services.send(new SessionEvent.Enable(connection, client, new Management(ID, seconds, 1, 0)));
        assertThat(services.next(ConnectionEvent.Enabled.class).management().outBase())
                .isEqualTo(1);
        return connection;
    }

    private void say(String body) {
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET.bare(), body)));
    }
}
