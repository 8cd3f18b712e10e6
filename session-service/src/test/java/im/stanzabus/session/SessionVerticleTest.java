package im.stanzabus.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.LastSeen;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.StreamError;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A session manager between fakes: what it asks of the services, what it tells the gateway, and in which order.
@Timeout(60)
class SessionVerticleTest {
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid JULIET = Jid.of("juliet@localhost/balcony");

    private Vertx vertx;
    private FakeServices services;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        services = new FakeServices(vertx, false);
        services.startPartition(0);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aChatReachesEveryResourceThatTakesMessages() throws Exception {
        available(JULIET, 1, 0);
        available(Jid.of("juliet@localhost/chamber"), 2, 5);
        drainPresence(2); // each of the other
        available(Jid.of("juliet@localhost/tomb"), 3, -1);
        drainPresence(4);

        services.send(new SessionEvent.Inbound(chat("1").withTo(JULIET.bare())));

        Stanza first = services.nextStanza();
        Stanza second = services.nextStanza();
        assertThat(List.of(first.to(), second.to())).containsOnly(JULIET.bare());
        assertThat(second.payload()).isEqualTo(first.payload());
        assertThat(services.told).isEmpty();
    }

    @Test
    void offlineMessagesComeInOrderAndLeaveTheLogWhenConfirmed() throws Exception {
        services.accounts.add(JULIET.bare());
        for (int i = 1; i <= 120; i++) {
            services.send(new SessionEvent.Inbound(chat(Integer.toString(i)).withTo(JULIET.bare())));
        }
        await(() -> waiting() == 120);

        ConnectionId connection = services.bind("juliet@localhost", "balcony", 1);
        services.send(presence(connection, 0));
        drainPresence(1);
        long number = 1;
        for (int i = 1; i <= 120; i++) {
            ConnectionEvent.Deliver delivered = services.next(ConnectionEvent.Deliver.class);
            assertThat(delivered.confirm()).isTrue();
            assertThat(delivered
                            .stanza()
                            .payload()
                            .child("body", Namespaces.CLIENT)
                            .text())
                    .isEqualTo(Integer.toString(i));
            assertThat(delivered.stanza().payload().child("delay", Namespaces.DELAY))
                    .isNotNull();
            number = delivered.number();
            if (i % 50 == 0 || i == 120) {
                assertThat(services.told).as("one page at a time").isEmpty();
                services.send(new SessionEvent.Delivered(connection, JULIET, number));
            }
        }
        await(() -> waiting() == 0);
    }

    @Test
    void whatIsNotConfirmedStaysForTheNextLogin() throws Exception {
        services.accounts.add(JULIET.bare());
        for (int i = 1; i <= 3; i++) {
            services.send(new SessionEvent.Inbound(chat(Integer.toString(i)).withTo(JULIET.bare())));
        }
        await(() -> waiting() == 3);
        ConnectionId broken = services.bind("juliet@localhost", "balcony", 1);
        services.send(presence(broken, 0));
        drainPresence(1);
        ConnectionEvent.Deliver first = services.next(ConnectionEvent.Deliver.class);
        services.next(ConnectionEvent.Deliver.class);
        services.next(ConnectionEvent.Deliver.class);
        services.send(
                new SessionEvent.Delivered(broken, JULIET, first.number()),
                new SessionEvent.Gone(broken, JULIET, first.number()));

        ConnectionId again = services.bind("juliet@localhost", "balcony", 2);
        services.send(presence(again, 0));
        drainPresence(1);
        assertThat(body(services.nextStanza())).isEqualTo("2");
        assertThat(body(services.nextStanza())).isEqualTo("3");
    }

    @Test
    void aMessageThatDidNotReachItsClientGoesToTheLog() throws Exception {
        ConnectionId connection = available(JULIET, 1, 0);
        services.send(new SessionEvent.Inbound(chat("1").withTo(JULIET.bare())));
        long handed = services.next(ConnectionEvent.Deliver.class).number();

        services.send(new SessionEvent.Gone(connection, JULIET, handed - 1));

        await(() -> waiting() == 1);
        assertThat(body(services.log.waiting(JULIET.bare()).getFirst().stanza()))
                .isEqualTo("1");
    }

    @Test
    void theLastDepartureIsRemembered() throws Exception {
        ConnectionId connection = available(JULIET, 1, 0);
        services.asked.clear();
        services.send(new SessionEvent.Gone(connection, JULIET, 1));
        await(() -> services.asked.stream().anyMatch(LastSeen.class::isInstance));
    }

    @Test
    void aFullLogGivesTheSenderAnError() throws Exception {
        available(ROMEO, 1, 0);
        services.accounts.add(JULIET.bare());
        services.log.quota = 0;
        services.send(new SessionEvent.Inbound(
                chat("1").withFrom(ROMEO).withTo(JULIET.bare()).withId("m1")));
        Stanza error = services.nextStanza();
        assertThat(error.type()).isEqualTo(StanzaType.ERROR);
        assertThat(error.id()).isEqualTo("m1");
        assertThat(error.toString()).contains("service-unavailable");
    }

    @Test
    void whatIsOnItsWayIntoTheLogCountsAsWaiting() throws Exception {
        available(ROMEO, 1, 0);
        services.accounts.add(JULIET.bare());
        services.log.quota = 2;
        services.log.appendGate = Promise.promise();
        for (int i = 1; i <= 3; i++) {
            services.send(new SessionEvent.Inbound(
                    chat("hi").withFrom(ROMEO).withTo(JULIET.bare()).withId("m" + i)));
        }
        Stanza error = services.nextStanza();
        assertThat(error.id()).isEqualTo("m3");
        assertThat(error.toString()).contains("service-unavailable");
        services.log.appendGate.complete();
        await(() -> services.log.waiting(JULIET.bare()).size() == 2);
        services.send(new SessionEvent.Inbound(
                chat("hi").withFrom(ROMEO).withTo(JULIET.bare()).withId("m4")));
        assertThat(services.nextStanza().id()).isEqualTo("m4");
    }

    @Test
    void whenTheRosterCannotBeReadTheClientMayTryAgain() throws Exception {
        services.rosterDown = true;
        services.send(
                new SessionEvent.Bind(new ConnectionId(FakeServices.GATEWAY, 1), JULIET.bare(), "balcony", "::1", 7));
        assertThat(services.next(ConnectionEvent.BindRefused.class).error().condition())
                .isEqualTo(StanzaError.Condition.RESOURCE_CONSTRAINT);
        services.rosterDown = false;
        services.bind("juliet@localhost", "balcony", 2);
    }

    @Test
    void aConnectionThatTakesTheResourceEndsTheOlderOne() throws Exception {
        ConnectionId older = available(JULIET, 1, 0);
        services.send(
                new SessionEvent.Bind(new ConnectionId(FakeServices.GATEWAY, 2), JULIET.bare(), "balcony", "::1", 7));
        ConnectionEvent.Disconnect disconnect = services.next(ConnectionEvent.Disconnect.class);
        assertThat(disconnect.connection()).isEqualTo(older);
        assertThat(disconnect.error().condition()).isEqualTo(StreamError.Condition.CONFLICT);
        services.next(ConnectionEvent.Bound.class);
    }

    @Test
    void anAccountHasNoMoreConnectionsThanConfigured() throws Exception {
        services.bind("juliet@localhost", "a", 1);
        services.bind("juliet@localhost", "b", 2);
        services.bind("juliet@localhost", "c", 3);
        services.send(new SessionEvent.Bind(new ConnectionId(FakeServices.GATEWAY, 4), JULIET.bare(), "d", "::1", 7));
        assertThat(services.next(ConnectionEvent.BindRefused.class).error().condition())
                .isEqualTo(StanzaError.Condition.RESOURCE_CONSTRAINT);
    }

    @Test
    void stanzasBehindARosterChangeWaitForIt() throws Exception {
        ConnectionId connection = available(JULIET, 1, 0);
        available(ROMEO, 2, 0);
        services.rosterGate = Promise.promise();
        services.asked.clear();
        Stanza subscribe = Stanza.presence(StanzaType.SUBSCRIBE, JULIET, Jid.of("mercutio@localhost"));
        services.send(
                new SessionEvent.FromClient(connection, JULIET, 2, false, subscribe),
                new SessionEvent.FromClient(
                        connection,
                        JULIET,
                        3,
                        false,
                        chat("after").withFrom(JULIET).withTo(ROMEO)));
        await(() -> services.asked.stream().anyMatch(RosterRequest.Outbound.class::isInstance));
        services.send(new SessionEvent.Inbound(chat("other account").withTo(ROMEO)));
        assertThat(body(services.nextStanza())).as("others go on").isEqualTo("other account");

        services.rosterGate.complete();
        assertThat(body(services.nextStanza())).isEqualTo("after");
    }

    @Test
    void anAddressThatIsNoAccountGetsAnErrorAndIsForgotten() throws Exception {
        available(ROMEO, 1, 0);
        Jid nobody = Jid.of("nobody@localhost");
        services.send(new SessionEvent.Inbound(chat("1").withFrom(ROMEO).withTo(nobody)));
        assertThat(services.nextStanza().toString()).contains("service-unavailable");
        services.accounts.add(nobody);
        services.send(new SessionEvent.Inbound(chat("2").withFrom(ROMEO).withTo(nobody)));
        await(() -> services.asked.stream().anyMatch(LogRequest.Append.class::isInstance));
    }

    @Test
    void aPageOfLargeMessagesIsBoundedInBytes() throws Exception {
        services.accounts.add(JULIET.bare());
        for (int i = 1; i <= 5; i++) {
            services.send(new SessionEvent.Inbound(chat("x".repeat(200_000)).withTo(JULIET.bare())));
        }
        await(() -> waiting() == 5);
        ConnectionId connection = services.bind("juliet@localhost", "balcony", 1);
        services.send(presence(connection, 0));
        drainPresence(1);
        for (int i = 1; i <= 5; i++) {
            ConnectionEvent.Deliver delivered = services.next(ConnectionEvent.Deliver.class);
            vertxTurn();
            assertThat(services.told)
                    .as("no second one before the first is confirmed")
                    .isEmpty();
            services.send(new SessionEvent.Delivered(connection, JULIET, delivered.number()));
        }
        await(() -> waiting() == 0);
    }

    @Test
    void aResourceThatCameLaterIsNoReasonToDropWhatAnOlderOneDidNotGet() throws Exception {
        ConnectionId stuck = available(JULIET, 1, 0);
        services.send(new SessionEvent.Inbound(chat("1").withTo(JULIET.bare())));
        long handed = services.next(ConnectionEvent.Deliver.class).number();
        available(Jid.of("juliet@localhost/chamber"), 2, 0);
        drainPresence(2);

        services.send(new SessionEvent.Gone(stuck, JULIET, handed - 1));

        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.UNAVAILABLE);
        assertThat(body(services.nextStanza())).isEqualTo("1");
    }

    @Test
    void aResourceThatHasTheMessageDoesNotGetItAgain() throws Exception {
        ConnectionId broken = available(JULIET, 1, 0);
        available(Jid.of("juliet@localhost/chamber"), 2, 0);
        drainPresence(2);
        services.send(new SessionEvent.Inbound(chat("1").withTo(JULIET.bare())));
        long handed = services.next(ConnectionEvent.Deliver.class).number();
        services.nextStanza();

        services.send(
                new SessionEvent.Gone(broken, JULIET, handed - 1),
                new SessionEvent.Inbound(chat("2").withTo(JULIET.bare())));

        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.UNAVAILABLE);
        assertThat(body(services.nextStanza())).isEqualTo("2");
    }

    @Test
    void aPrivateMessageThatWasNotDeliveredIsNotTakenForACopy() throws Exception {
        ConnectionId broken = available(JULIET, 1, 0);
        Stanza secret = chat("1");
        services.send(new SessionEvent.Inbound(
                secret.withPayload(secret.payload().plus(Element.of("private", Namespaces.CARBONS)))
                        .withTo(JULIET.bare())));
        services.send(new SessionEvent.Gone(
                broken, JULIET, services.next(ConnectionEvent.Deliver.class).number() - 1));
        await(() -> waiting() == 1);
    }

    @Test
    void aFullQueueStillTakesTheEndOfAConnection() throws Exception {
        ConnectionId connection = available(JULIET, 1, 0);
        available(ROMEO, 2, 0);
        services.rosterGate = Promise.promise();
        Stanza subscribe = Stanza.presence(StanzaType.SUBSCRIBE, JULIET, Jid.of("mercutio@localhost"));
        services.asked.clear();
        services.send(new SessionEvent.FromClient(connection, JULIET, 2, false, subscribe));
        await(() -> services.asked.stream().anyMatch(RosterRequest.Outbound.class::isInstance));
        for (int i = 0; i < 10_000; i++) {
            services.send(new SessionEvent.Inbound(Stanza.presence(StanzaType.UNAVAILABLE, ROMEO, JULIET.bare())));
        }
        services.send(new SessionEvent.Inbound(chat("too much").withTo(JULIET.bare())));
        assertThat(services.nextStanza().toString()).contains("resource-constraint");
        services.send(new SessionEvent.Gone(connection, JULIET, 1));
        services.rosterGate.complete();
        await(() -> services.asked.stream().anyMatch(LastSeen.class::isInstance));
    }

    @Test
    void aMessageThatArrivesDuringTheDeliveryFollowsInOrder() throws Exception {
        loginWhileTheLogIsSlow("1");
        services.send(new SessionEvent.Inbound(chat("2").withTo(JULIET.bare())));
        await(() -> waiting() == 2);
        services.log.readGate.complete();
        assertThat(body(services.nextStanza())).isEqualTo("1");
        assertThat(body(services.nextStanza())).isEqualTo("2");

        services.send(new SessionEvent.Inbound(chat("3").withTo(JULIET.bare())));
        ConnectionEvent.Deliver live = services.next(ConnectionEvent.Deliver.class);
        assertThat(body(live.stanza())).isEqualTo("3");
        assertThat(live.confirm()).as("live again").isFalse();
        services.send(new SessionEvent.Delivered(live.connection(), JULIET, live.number()));
        await(() -> waiting() == 0);
    }

    @Test
    void aSteadyStreamDoesNotKeepTheDeliveryGoing() throws Exception {
        loginWhileTheLogIsSlow("0");
        for (int i = 1; i <= 1_500; i++) {
            services.send(new SessionEvent.Inbound(chat(Integer.toString(i)).withTo(JULIET.bare())));
        }
        await(() -> waiting() == 1_501);
        services.log.readGate.complete();
        for (int i = 0; i <= 1_500; i++) {
            ConnectionEvent.Deliver next = services.next(ConnectionEvent.Deliver.class);
            assertThat(body(next.stanza())).isEqualTo(Integer.toString(i));
            services.send(new SessionEvent.Delivered(next.connection(), JULIET, next.number()));
        }
        services.send(new SessionEvent.Inbound(chat("live").withTo(JULIET.bare())));
        assertThat(services.next(ConnectionEvent.Deliver.class).confirm()).isFalse();
    }

    @Test
    void whatMayNotBeKeptIsDeliveredDuringTheDeliveryFromTheLog() throws Exception {
        loginWhileTheLogIsSlow("1");
        Stanza fleeting = chat("now");
        services.send(new SessionEvent.Inbound(
                fleeting.withPayload(fleeting.payload().plus(Element.of("no-store", Namespaces.HINTS)))
                        .withTo(JULIET.bare())));
        assertThat(body(services.nextStanza())).isEqualTo("now");
        services.log.readGate.complete();
        assertThat(body(services.nextStanza())).isEqualTo("1");
    }

    // ---- what the tests are made of ----

    private ConnectionId available(Jid client, long number, int priority) throws InterruptedException {
        ConnectionId connection = services.bind(client.bare().toString(), client.resource(), number);
        services.send(presenceOf(client, connection, priority));
        drainPresence(1); // its own
        return connection;
    }

    /// Juliet comes online while a message waits for her in the log.
    private ConnectionId loginWithLogged(String body) throws InterruptedException {
        services.accounts.add(JULIET.bare());
        services.send(new SessionEvent.Inbound(chat(body).withTo(JULIET.bare())));
        await(() -> waiting() == 1);
        return available(JULIET, 1, 0);
    }

    /// As above, and reading the log takes until the gate is opened.
    private void loginWhileTheLogIsSlow(String body) throws InterruptedException {
        services.accounts.add(JULIET.bare());
        services.send(new SessionEvent.Inbound(chat(body).withTo(JULIET.bare())));
        await(() -> waiting() == 1);
        services.log.readGate = Promise.promise();
        available(JULIET, 1, 0);
        await(() -> services.asked.stream().anyMatch(LogRequest.ReadUndelivered.class::isInstance));
    }

    private int waiting() {
        return services.log.waiting(JULIET.bare()).size();
    }

    private void drainPresence(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            assertThat(services.nextStanza().isPresence()).isTrue();
        }
    }

    private static SessionEvent presence(ConnectionId connection, int priority) {
        return presenceOf(JULIET, connection, priority);
    }

    private static SessionEvent presenceOf(Jid client, ConnectionId connection, int priority) {
        Element element = Element.text("priority", Namespaces.CLIENT, Integer.toString(priority));
        return new SessionEvent.FromClient(
                connection, client, 1, false, Stanza.presence(StanzaType.AVAILABLE, client, null, element));
    }

    /// Lets everything that is under way on the event loops get through.
    private void vertxTurn() throws Exception {
        for (int i = 0; i < 3; i++) {
            services.bus
                    .request(
                            im.stanzabus.bus.Addresses.AUTH,
                            new im.stanzabus.bus.api.AuthRequest.AccountExists(ROMEO),
                            im.stanzabus.bus.api.AuthRequest.Exists.class)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        }
    }

    private static Stanza chat(String body) {
        return Stanza.message(StanzaType.CHAT, ROMEO, null, Element.text("body", Namespaces.CLIENT, body));
    }

    private static String body(Stanza stanza) {
        return stanza.payload().child("body", Namespaces.CLIENT).text();
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        org.awaitility.Awaitility.await().atMost(10, TimeUnit.SECONDS).until(condition);
    }
}
