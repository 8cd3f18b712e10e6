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
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.LogRequest.ArchivePreference;
import im.stanzabus.bus.api.LogRequest.Direction;
import im.stanzabus.bus.api.StanzaIds;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When a stanza is acknowledged, when it is delivered, and that it is once, on a host with an archive.
@Timeout(60)
class DeliveryContractTest {
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
        services.leases.claim("sm.0@before", Set.of(SlotTable.slot(JULIET)));
        services.leases.died("sm.0@before");
        services.startPartition(0);
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    @Test
    void aMessageIsAcknowledgedWhenItIsInBothLogs() throws Exception {
        services.available(JULIET, 1);
        ConnectionId romeo = managed(ROMEO, 2);
        Promise<Void> gate = Promise.promise();
        services.log.appendGate = gate;
        services.send(stanza(romeo, ROMEO, 2, chat(ROMEO, JULIET, "hi")));
        await(() -> services.entriesAsked() >= 2);
        assertThat(services.handled).as("not safe yet").containsEntry(romeo, 1L);
        assertThat(services.told).as("not durable yet").isEmpty();

        gate.complete();
        ConnectionEvent.Deliver delivered = services.next(ConnectionEvent.Deliver.class);
        await(() -> services.handled.get(romeo) == 2);
        LogRequest.Entry sent = services.log.of(ROMEO.bare()).getFirst();
        LogRequest.Entry received = services.log.of(JULIET.bare()).getFirst();
        assertThat(List.of(sent.direction(), received.direction())).containsExactly(Direction.SENT, Direction.RECEIVED);
        assertThat(sent.origin()).isEqualTo(received.origin()).isEqualTo(new Origin(2, 2));
        assertThat(List.of(sent.peer(), received.peer())).containsExactly(JULIET.bare(), ROMEO.bare());
        assertThat(delivered.logId()).isEqualTo(received.id());
        Element id = delivered.stanza().payload().child("stanza-id", Namespaces.STANZA_ID);
        assertThat(id.attribute("by")).isEqualTo("juliet@localhost");
        assertThat(id.attribute("id"))
                .isEqualTo(new StanzaIds(services.idKey()).write(StanzaIds.tag(JULIET), received.id()));
    }

    @Test
    void whileTheLogIsAwayNothingIsAcknowledgedAndNothingIsLost() throws Exception {
        services.available(JULIET, 1);
        ConnectionId romeo = managed(ROMEO, 2);
        services.log.away = true;
        services.send(stanza(romeo, ROMEO, 2, chat(ROMEO, JULIET, "hi")));
        await(() -> services.entriesAsked() >= 4);
        assertThat(services.handled).containsEntry(romeo, 1L);
        assertThat(services.told).isEmpty();

        services.log.away = false;
        assertThat(body(services.nextStanza())).isEqualTo("hi");
        await(() -> services.handled.get(romeo) == 2);
    }

    @Test
    void anAnswerOfTheLogThatGetsLostDoublesNothing() throws Exception {
        services.available(JULIET, 1);
        services.log.deaf = true;
        inbound(chat(ROMEO, JULIET, "hi"), 1, false);
        await(() -> services.entriesAsked() >= 2);
        services.log.deaf = false;
        assertThat(body(services.nextStanza())).isEqualTo("hi");
        assertThat(accepted.poll(10, TimeUnit.SECONDS)).isEqualTo(new SessionEvent.Accepted(ROMEO, new Origin(9, 1)));
        assertThat(services.log.of(JULIET.bare())).hasSize(1);
    }

    @Test
    void messagesAreDeliveredInTheirOrderWhetherTheyAreLoggedOrNot() throws Exception {
        services.available(JULIET, 1);
        Promise<Void> late = Promise.promise();
        services.log.appendGate = late;
        inbound(chat(ROMEO, JULIET.bare(), "1"), 1, false);
        await(() -> services.count(LogRequest.Append.class) == 1);
        services.log.appendGate = null;
        inbound(chat(ROMEO, JULIET, "2"), 2, false);
        inbound(fleeting("3"), 3, false);
        services.send(new SessionEvent.Inbound(Stanza.presence(StanzaType.UNAVAILABLE, ROMEO, JULIET.bare())));
        services.available(ROMEO, 2); // comes after them, and does not wait for them
        assertThat(services.told).isEmpty();
        assertThat(accepted).isEmpty();

        late.complete();
        assertThat(body(services.nextStanza())).isEqualTo("1");
        assertThat(body(services.nextStanza())).isEqualTo("2");
        assertThat(body(services.nextStanza())).isEqualTo("3");
        assertThat(services.nextStanza().isPresence()).isTrue();
        await(() -> accepted.size() == 3);
    }

    @Test
    void whatIsInTheLogAlreadyIsAcceptedAndNotDeliveredAgain() throws Exception {
        services.available(JULIET, 1);
        inbound(chat(ROMEO, JULIET, "1"), 1, false);
        services.nextStanza();
        inbound(chat(ROMEO, JULIET, "1"), 1, true);
        inbound(chat(ROMEO, JULIET, "2"), 2, false);
        assertThat(body(services.nextStanza())).isEqualTo("2");
        await(() -> accepted.size() == 3);
        assertThat(services.log.of(JULIET.bare())).hasSize(2);
    }

    @Test
    void whatIsOnItsWayIntoTheLogIsNotTakenTwice() throws Exception {
        services.available(JULIET, 1);
        services.log.appendGate = Promise.promise();
        inbound(chat(ROMEO, JULIET, "1"), 1, false);
        inbound(chat(ROMEO, JULIET, "1"), 1, true);
        await(() -> services.count(LogRequest.Append.class) == 1);
        services.log.appendGate.complete();
        services.nextStanza();
        inbound(chat(ROMEO, JULIET, "2"), 2, false);
        services.log.appendGate = null;
        assertThat(body(services.nextStanza())).isEqualTo("2");
        assertThat(services.log.of(JULIET.bare())).hasSize(2);
    }

    @Test
    void whatIsNotKeptIsRecognisedWhenItComesAgain() throws Exception {
        services.available(JULIET, 1);
        inbound(fleeting("1"), 1, false);
        ConnectionEvent.Deliver first = services.next(ConnectionEvent.Deliver.class);
        await(() -> accepted.size() == 1);
        inbound(fleeting("1"), 1, true);
        inbound(fleeting("2"), 2, false);
        assertThat(first.logId()).isZero();
        assertThat(body(services.nextStanza())).isEqualTo("2");
        await(() -> accepted.size() == 3);
        assertThat(services.log.of(JULIET.bare())).isEmpty();
    }

    @Test
    void whoeverWasToldThatItWasRefusedIsRightThoughItComesAgain() throws Exception {
        services.accounts.add(JULIET.bare());
        services.available(ROMEO, 1);
        services.log.quota = 0;
        inbound(chat(ROMEO, JULIET.bare(), "1"), 1, false);
        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.ERROR);
        services.log.quota = 10;
        inbound(chat(ROMEO, JULIET.bare(), "1"), 1, true);
        await(() -> accepted.size() == 2);
        assertThat(services.log.of(JULIET.bare())).isEmpty();
    }

    @Test
    void whatHadATakerAndHasNoneWhenItsTurnComesKeepsItsPlace() throws Exception {
        ConnectionId juliet = services.available(JULIET, 1);
        Promise<Void> late = Promise.promise();
        services.log.appendGate = late;
        inbound(chat(ROMEO, JULIET.bare(), "1"), 1, false);
        await(() -> services.count(LogRequest.Append.class) == 1);
        services.log.appendGate = null;
        Stanza second = chat(ROMEO, JULIET.bare(), "2");
        inbound(
                second.withPayload(second.payload().plus(Element.of("no-permanent-store", Namespaces.HINTS))),
                2,
                false);
        inbound(chat(ROMEO, JULIET.bare(), "3"), 3, false);
        services.send(new SessionEvent.Gone(juliet, JULIET, 1));
        late.complete();
        await(() -> accepted.size() == 3);
        assertThat(accepted)
                .extracting(event -> ((SessionEvent.Accepted) event).origin().number())
                .containsExactly(1L, 2L, 3L);
        assertThat(services.log.of(JULIET.bare()))
                .extracting(entry -> body(entry.stanza()))
                .containsExactly("1", "2", "3");
    }

    /// The first sending may have come through, so an error would not be true.
    @Test
    void whatWasSentBeforeIsNotRefusedBecauseTooMuchWaitsForTheLog() throws Exception {
        services.available(JULIET, 2);
        ConnectionId romeo = managed(ROMEO, 1);
        services.log.appendGate = Promise.promise();
        String large = "x".repeat(250_000);
        long number = 1;
        while (services.told.isEmpty()) {
            services.send(stanza(romeo, ROMEO, ++number, chat(ROMEO, JULIET.bare(), large)));
            vertx.timer(1).toCompletionStage().toCompletableFuture().get();
        }
        assertThat(services.nextStanza().type()).as("a fresh one").isEqualTo(StanzaType.ERROR);
        long last = number + 1;
        Stanza once = chat(ROMEO, JULIET.bare(), "again").withId("again");
        services.claims.clear();
        services.send(again(romeo, ROMEO, last, once));
        await(() -> services.claims.stream().anyMatch(claim -> claim.round() < 0));
        assertThat(services.told)
                .noneMatch(told -> told instanceof ConnectionEvent.Deliver deliver
                        && "again".equals(deliver.stanza().id()));
        services.log.appendGate.complete();
        services.log.appendGate = null;
        await(() -> services.handled.get(romeo) == last - 1);
        services.send(again(romeo, ROMEO, last, once));
        await(() -> services.handled.get(romeo) == last);
        assertThat(services.log.of(JULIET.bare()).getLast().stanza())
                .satisfies(stanza -> assertThat(body(stanza)).isEqualTo("again"));
    }

    @Test
    void whatTheLogRefusesComesBackAsAnError() throws Exception {
        services.available(ROMEO, 1);
        services.available(JULIET, 2);
        services.log.refusing = true;
        inbound(chat(ROMEO, JULIET, "1"), 1, false);
        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.ERROR);
        assertThat(accepted.poll(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void aMessageToOneselfIsInTheLogOnce() throws Exception {
        ConnectionId juliet = services.available(JULIET, 1);
        services.send(stanza(juliet, JULIET, 2, chat(JULIET, JULIET.bare(), "note")));
        assertThat(body(services.nextStanza())).isEqualTo("note");
        assertThat(services.log.of(JULIET.bare())).hasSize(1);
        assertThat(services.log.of(JULIET.bare()).getFirst().direction()).isEqualTo(Direction.RECEIVED);
    }

    @Test
    void whoWantsNoArchiveGetsMessagesAtOnceAndOfflineOnesAllTheSame() throws Exception {
        services.log.preference = ArchivePreference.NEVER;
        ConnectionId juliet = services.available(JULIET, 1);
        inbound(chat(ROMEO, JULIET, "1"), 1, false);
        assertThat(services.next(ConnectionEvent.Deliver.class).logId()).isZero();
        assertThat(services.count(LogRequest.Append.class)).isZero();
        services.send(new SessionEvent.Gone(juliet, JULIET, 2));
        inbound(chat(ROMEO, JULIET, "2"), 2, false);
        await(() -> services.log.of(JULIET.bare()).size() == 1);
        assertThat(services.log.of(JULIET.bare()).getFirst().archived()).isFalse();
    }

    @Test
    void aChangeOfPreferencesCountsFromItsResultOn() throws Exception {
        services.serveArchive(List.of());
        ConnectionId juliet = services.available(JULIET, 1);
        services.log.preference = ArchivePreference.NEVER;
        Element prefs = Element.of("prefs", FakeServices.ARCHIVE);
        services.send(stanza(juliet, JULIET, 2, Stanza.iq(StanzaType.SET, "p", JULIET, null, prefs)));
        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.RESULT);
        inbound(chat(ROMEO, JULIET, "1"), 1, false);
        assertThat(services.next(ConnectionEvent.Deliver.class).logId()).isZero();
        assertThat(services.count(LogRequest.Append.class)).isZero();
    }

    @Test
    void whatBelongsBeforeAnAnswerComesBeforeIt() throws Exception {
        services.serveArchive(List.of(chat(JULIET.bare(), JULIET, "one"), chat(JULIET.bare(), JULIET, "two")));
        ConnectionId juliet = services.available(JULIET, 1);
        Element query = Element.of("query", FakeServices.ARCHIVE);
        services.send(stanza(juliet, JULIET, 2, Stanza.iq(StanzaType.SET, "q", JULIET, null, query)));
        assertThat(body(services.nextStanza())).isEqualTo("one");
        assertThat(body(services.nextStanza())).isEqualTo("two");
        assertThat(services.nextStanza().id()).isEqualTo("q");
    }

    @Test
    void whereTheHostHasNoArchiveNobodyAnswersForIt() throws Exception {
        services.serveArchive(List.of());
        Jid nurse = Jid.of("nurse@forgetful.example/kitchen");
        ConnectionId there = services.available(nurse, 1);
        ConnectionId here = services.available(JULIET, 2);
        long number = 2;
        for (String name : List.of("query", "metadata", "prefs")) {
            Element asked = Element.of(name, FakeServices.ARCHIVE);
            services.send(stanza(there, nurse, number++, Stanza.iq(StanzaType.GET, name, nurse, null, asked)));
            Element error = services.nextStanza().payload().child("error", Namespaces.CLIENT);
            assertThat(error.children()).extracting(Element::name).contains("service-unavailable");
        }
        assertThat(services.count(IqRequest.class)).isZero();
        services.send(archiveQuery(here, 2));
        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.RESULT);
    }

    @Test
    void whoAsksTheArchiveFindsWhatWasSaidBefore() throws Exception {
        services.serveArchive(List.of());
        ConnectionId juliet = services.available(JULIET, 1);
        services.accounts.add(ROMEO.bare());
        services.log.appendGate = Promise.promise();
        services.send(
                stanza(juliet, JULIET, 2, chat(JULIET, ROMEO, "hi")),
                stanza(juliet, JULIET, 3, chat(JULIET, JULIET, "note")),
                archiveQuery(juliet, 4));
        await(() -> services.entriesAsked() >= 2);
        services.bind("romeo@localhost", "garden", 9); // by then the query has arrived
        assertThat(services.count(IqRequest.class)).isZero();

        services.log.appendGate.complete();
        assertThat(body(services.nextStanza())).isEqualTo("note");
        assertThat(services.nextStanza().id()).isEqualTo("q");
        assertThat(services.count(IqRequest.class)).isOne();
    }

    @Test
    void theArchiveIsAskedInTheEndThoughTheLogIsAway() throws Exception {
        services.serveArchive(List.of());
        ConnectionId juliet = services.available(JULIET, 1);
        services.accounts.add(ROMEO.bare());
        services.log.away = true;
        services.send(stanza(juliet, JULIET, 2, chat(JULIET, ROMEO, "hi")), archiveQuery(juliet, 3));
        assertThat(services.told.poll(5, TimeUnit.SECONDS)).isNull();
        assertThat(services.nextStanza().id()).isEqualTo("q");
    }

    private static SessionEvent archiveQuery(ConnectionId connection, long number) {
        Element query = Element.of("query", FakeServices.ARCHIVE);
        return stanza(connection, JULIET, number, Stanza.iq(StanzaType.SET, "q", JULIET, null, query));
    }

    @Test
    void whileTheLogIsAwayMessagesForAccountsThatAreNotLoadedWait() throws Exception {
        ConnectionId romeo = managed(ROMEO, 1);
        services.accounts.add(JULIET.bare());
        services.log.away = true;
        services.send(stanza(romeo, ROMEO, 2, chat(ROMEO, JULIET, "hi")));
        await(() -> services.asked.stream()
                        .filter(asked -> asked instanceof LogRequest.Claim claim
                                && claim.owner().equals(JULIET.bare()))
                        .count()
                >= 2);
        assertThat(services.told).isEmpty();
        services.log.away = false;
        await(() -> services.log.of(JULIET.bare()).size() == 1);
        await(() -> services.handled.get(romeo) == 2);
    }

    /// The sender's account has another owner, which has sent the message to the last owner of the receiver;
    /// the one that does not know it yet sends it to the next one.
    @Test
    void whatComesForTheFirstTimeSoonAfterASlotMayBeInTheLog() throws Exception {
        services.accounts.add(JULIET.bare());
        Stanza message = chat(ROMEO, JULIET, "once");
        services.log.add(new LogRequest.Entry(
                JULIET.bare(),
                0,
                1,
                Instant.EPOCH,
                ROMEO.bare(),
                LogRequest.Direction.RECEIVED,
                true,
                new Origin(9, 1),
                false,
                0,
                message));
        inbound(message, 1, false);
        await(() -> accepted.size() == 1);
        assertThat(services.log.of(JULIET.bare())).hasSize(1);
    }

    @Test
    void theMarkMovesWithWhatClientsHave() throws Exception {
        ConnectionId juliet = services.available(JULIET, 1);
        inbound(chat(ROMEO, JULIET, "1"), 1, false);
        inbound(chat(ROMEO, JULIET, "2"), 2, false);
        long first = services.next(ConnectionEvent.Deliver.class).number();
        services.nextStanza();
        services.send(new SessionEvent.Delivered(juliet, JULIET, first));
        await(() -> services.log.mark(JULIET.bare()) == 1); // within two seconds
        services.send(new SessionEvent.Gone(juliet, JULIET, first));
        ConnectionId later = services.available(JULIET, 2);
        ConnectionEvent.Deliver second = services.next(ConnectionEvent.Deliver.class);
        assertThat(body(second.stanza())).as("from the log").isEqualTo("2");
        assertThat(second.stanza().payload().child("delay", Namespaces.DELAY)).isNotNull();
        services.send(new SessionEvent.Gone(later, JULIET, second.number()));
        await(() -> services.log.mark(JULIET.bare()) == 2);
    }

    @Test
    void anAccountThatSomebodyElseOwnsIsForgottenInSilence() throws Exception {
        ConnectionId juliet = services.available(JULIET, 1);
        services.available(ROMEO, 2);
        services.log.claimedByAnother(JULIET.bare(), 99);
        inbound(chat(ROMEO, JULIET, "1"), 1, false);
        await(() -> services.count(LogRequest.Append.class) == 1);
        // should the lease say that the account is ours after all, its clients are asked for
        await(() -> services.claims.stream()
                .anyMatch(claim -> claim.round() < 0 && claim.epochs().containsKey(SlotTable.slot(JULIET))));
        assertThat(services.told).isEmpty();
        assertThat(accepted).isEmpty();
        assertThat(services.handled).doesNotContainKey(juliet);
    }

    @Test
    void aStanzaThatGotLostOnTheBusIsAskedForAgain() throws Exception {
        ConnectionId romeo = managed(ROMEO, 1);
        services.available(JULIET, 2);
        services.send(stanza(romeo, ROMEO, 3, chat(ROMEO, JULIET, "second")));
        await(() -> services.claims.stream().anyMatch(claim -> claim.round() < 0));
        assertThat(services.told).as("not before the first").isEmpty();
        services.send(
                again(romeo, ROMEO, 2, chat(ROMEO, JULIET, "first")),
                again(romeo, ROMEO, 3, chat(ROMEO, JULIET, "second")));
        assertThat(body(services.nextStanza())).isEqualTo("first");
        assertThat(body(services.nextStanza())).isEqualTo("second");
        await(() -> services.handled.get(romeo) == 3);
    }

    /// Before that it has no id that the next owner would give it too.
    @Test
    void otherClientsGetACopyOfWhatWasSentWhenItIsInTheLog() throws Exception {
        services.accounts.add(JULIET.bare());
        Jid desk = Jid.of("romeo@localhost/desk");
        ConnectionId romeo = managed(ROMEO, 1);
        ConnectionId copies = services.available(desk, 2);
        Element enable = Element.of("enable", Namespaces.CARBONS);
        services.send(stanza(copies, desk, 2, Stanza.iq(StanzaType.SET, "c", desk, null, enable)));
        assertThat(nextButPresence().type()).isEqualTo(StanzaType.RESULT);
        Promise<Void> late = Promise.promise();
        services.log.appendGate = late;
        services.send(stanza(romeo, ROMEO, 2, chat(ROMEO, JULIET, "hi")));
        await(() -> services.count(LogRequest.Append.class) >= 1);
        services.send(new SessionEvent.Inbound(Stanza.message(StanzaType.HEADLINE, JULIET, desk)));
        assertThat(nextButPresence().type()).isEqualTo(StanzaType.HEADLINE);
        late.complete();
        Element copy = nextButPresence().query();
        assertThat(copy).isNotNull();
        assertThat(copy.name()).isEqualTo("sent");
    }

    @Test
    void whoSendsAgainWhatIsHandledIsToldSoAgain() throws Exception {
        ConnectionId romeo = managed(ROMEO, 1);
        services.available(JULIET, 2);
        services.send(stanza(romeo, ROMEO, 2, chat(ROMEO, JULIET, "once")));
        assertThat(body(services.nextStanza())).isEqualTo("once");
        await(() -> services.handled.get(romeo) == 2);
        services.handled.put(romeo, 1L); // the gateway did not hear of it
        services.send(again(romeo, ROMEO, 2, chat(ROMEO, JULIET, "once")));
        await(() -> services.handled.get(romeo) == 2);
        assertThat(services.told).isEmpty();
    }

    @Test
    void theGatewayKeepsTheStateForTheNextOwner() throws Exception {
        ConnectionId juliet = services.available(JULIET, 1);
        await(() -> services.remembered.containsKey(juliet));
        assertThat(services.remembered.get(juliet).state().presence()).isNotNull();
        assertThat(services.remembered.get(juliet).state().carbons()).isFalse();
        Element enable = Element.of("enable", Namespaces.CARBONS);
        services.send(stanza(juliet, JULIET, 2, Stanza.iq(StanzaType.SET, "c", JULIET, null, enable)));
        await(() -> services.remembered.get(juliet).state().carbons());
    }

    @Test
    void aStreamWithoutManagementHearsWithinASecondWhatIsSafe() throws Exception {
        ConnectionId juliet = services.available(JULIET, 1);
        await(() -> services.handled.getOrDefault(juliet, 0L) == 1);
    }

    // ---- what the tests are made of ----

    private Stanza nextButPresence() throws InterruptedException {
        Stanza next = services.nextStanza();
        while (next.isPresence()) {
            next = services.nextStanza();
        }
        return next;
    }

    private ConnectionId managed(Jid client, long number) throws Exception {
        ConnectionId connection = services.available(client, number);
        services.send(new SessionEvent.Enable(connection, client, new Management("", 0, 1, 0)));
        services.next(ConnectionEvent.Enabled.class);
        await(() -> services.handled.getOrDefault(connection, 0L) == 1);
        return connection;
    }

    private void inbound(Stanza stanza, long number, boolean retry) {
        services.send(new SessionEvent.Inbound(stanza, new Origin(9, number), PEER, ROMEO, retry));
    }

    private static Stanza fleeting(String body) {
        Stanza chat = chat(ROMEO, JULIET, body);
        return chat.withPayload(chat.payload().plus(Element.of("no-store", Namespaces.HINTS)));
    }
}
