package im.stanzabus.bus.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StanzaServiceTest {
    private static final String DOMAIN = "dice.localhost";
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid DICE = Jid.of(DOMAIN);
    private static final String OWNER = "sm.0@n1";

    private final BlockingQueue<SessionEvent> owner = new LinkedBlockingQueue<>();
    private final Vertx vertx = Vertx.vertx();
    private Bus bus;
    private StanzaService service;

    @BeforeEach
    void start() throws Exception {
        LocalMembership membership = new LocalMembership(new NodeId("n1"), "test");
        bus = new Bus(vertx, membership);
        SlotTable slots = new SlotTable(membership);
        Router router = new Router(Set.of("localhost"), slots, new ServiceRegistry(membership));
        get(bus.consume("sm.0", SessionEvent.Batch.class, batch -> owner.addAll(batch.events()))
                .completion());
        service = get(StanzaService.start(
                bus,
                router,
                slots,
                new ServedDomain(DOMAIN, "automation", "dice", "Dice of Verona"),
                List.of("urn:example:dice"),
                StanzaServiceTest::roll));
        Map<Integer, Long> all = new HashMap<>();
        for (int slot = 0; slot < SlotTable.SLOTS; slot++) {
            all.put(slot, 1L);
        }
        slots.claimed(new SlotClaim(OWNER, 0, all));
    }

    @AfterEach
    void stop() throws Exception {
        get(service.stop());
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Future<List<Stanza>> roll(Stanza stanza) {
        if (stanza.isMessage() && "nobody".equals(stanza.id())) {
            return Future.failedFuture(
                    new BusFailure(StanzaError.of(Condition.RESOURCE_CONSTRAINT), "no dice at the moment"));
        }
        return Future.succeededFuture(
                stanza.isMessage()
                        ? List.of(
                                stanza.withFrom(stanza.to())
                                        .withTo(stanza.from())
                                        .withId("one"),
                                stanza.withFrom(stanza.to())
                                        .withTo(stanza.from())
                                        .withId("two"))
                        : List.of());
    }

    private void ask(Stanza stanza, long number, boolean retry) {
        bus.send(
                "domain:" + DOMAIN + "@n1",
                new SessionEvent.Batch(
                        List.of(new SessionEvent.Inbound(stanza, new Origin(3, number), OWNER, ROMEO, retry, 0, 0))));
    }

    private SessionEvent next() throws InterruptedException {
        SessionEvent next = owner.poll(10, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private SessionEvent.Inbound answer() throws InterruptedException {
        return (SessionEvent.Inbound) next();
    }

    private void accept(SessionEvent.Inbound inbound) {
        bus.send(
                inbound.replyTo(),
                new SessionEvent.Batch(
                        List.of(new SessionEvent.Accepted(inbound.sender(), inbound.origin(), inbound.epoch(), null))));
    }

    private static Stanza chat(String id) {
        return Stanza.message(StanzaType.CHAT, ROMEO, DICE).withId(id);
    }

    private static Stanza iq(Element query) {
        return Stanza.iq(StanzaType.GET, "q", ROMEO, DICE, query);
    }

    @Test
    void aStanzaIsAcceptedWhenTheAnswersToItAre() throws Exception {
        ask(chat("m"), 1, false);
        SessionEvent.Inbound one = answer();
        SessionEvent.Inbound two = answer();
        assertThat(one.stanza().id()).isEqualTo("one");
        assertThat(two.stanza().id()).isEqualTo("two");
        assertThat(two.previous()).isEqualTo(one.origin().number());
        accept(two);
        accept(one);
        assertThat(next()).isEqualTo(new SessionEvent.Accepted(ROMEO, new Origin(3, 1)));
    }

    /// So whoever has the first answers drops these.
    @Test
    void aStanzaThatComesAgainHasTheSameAnswers() throws Exception {
        ask(chat("m"), 1, false);
        Origin first = answer().origin();
        get(service.stop());
        start2();
        answer(); // the second
        ask(chat("m"), 1, true);
        SessionEvent.Inbound again = answer();
        assertThat(again.origin()).isEqualTo(first);
        assertThat(again.retry()).isTrue();
    }

    private void start2() throws Exception {
        start2(StanzaServiceTest::roll, Duration.ofSeconds(30));
    }

    private void start2(StanzaService.Handler handler, Duration patience) throws Exception {
        SlotTable slots = new SlotTable(bus.membership());
        service = get(StanzaService.start(
                bus,
                new Router(Set.of("localhost"), slots, new ServiceRegistry(bus.membership())),
                slots,
                new ServedDomain(DOMAIN, "automation", "dice", "Dice of Verona"),
                List.of(),
                handler,
                patience));
        slots.claimed(new SlotClaim(OWNER, 0, Map.of(SlotTable.slot(ROMEO), 1L)));
    }

    @Test
    void itsDomainTellsWhatItIs() throws Exception {
        ask(iq(Element.of("query", Namespaces.DISCO_INFO)), 1, false);
        Stanza info = answer().stanza();
        assertThat(info.type()).isEqualTo(StanzaType.RESULT);
        assertThat(info.from()).isEqualTo(DICE);
        assertThat(info.to()).isEqualTo(ROMEO);
        assertThat(info.toString())
                .contains("category='automation'", "type='dice'", "name='Dice of Verona'")
                .contains("var='urn:example:dice'", "var='urn:xmpp:ping'");
    }

    @Test
    void itAnswersPings() throws Exception {
        ask(iq(Element.of("ping", Namespaces.PING)), 1, false);
        assertThat(answer().stanza().type()).isEqualTo(StanzaType.RESULT);
    }

    @Test
    void everyRequestHasAnAnswer() throws Exception {
        ask(iq(Element.of("query", "urn:example:unknown")), 1, false);
        assertThat(answer().stanza().toString()).contains("service-unavailable");
    }

    @Test
    void whoeverAsksHearsOfAFailure() throws Exception {
        ask(chat("nobody"), 1, false);
        assertThat(answer().stanza().toString()).contains("type='error'").contains("resource-constraint");
    }

    private void isAnsweredWith(String condition, long number) throws Exception {
        SessionEvent.Inbound error = answer();
        assertThat(error.stanza().from()).isEqualTo(DICE);
        assertThat(error.stanza().toString()).contains("type='error'").contains(condition);
        accept(error);
        assertThat(next()).isEqualTo(new SessionEvent.Accepted(ROMEO, new Origin(3, number)));
    }

    /// Otherwise its sender would wait for ever, and so would everything that it sends after that.
    @Test
    void whoeverAsksIsToldThatNoAnswerComesAndALateOneIsNotSent() throws Exception {
        get(service.stop());
        Promise<List<Stanza>> never = Promise.promise();
        start2(_ -> never.future(), Duration.ofMillis(100));
        ask(chat("m"), 1, false);
        isAnsweredWith("remote-server-timeout", 1);
        ask(Stanza.presence(StanzaType.AVAILABLE, ROMEO, DICE), 2, false);
        assertThat(next()).isInstanceOf(SessionEvent.Accepted.class);

        never.complete(List.of(chat("late").withFrom(DICE).withTo(ROMEO)));
        ask(iq(Element.of("ping", Namespaces.PING)), 3, false);
        assertThat(answer().stanza().id()).isEqualTo("q");
    }

    /// Also what a jar lacks at run time, in a batch of which the rest is answered all the same.
    @Test
    void aFaultOfTheHandlerIsAFailureOfThatStanzaOnly() throws Exception {
        Map<String, StanzaService.Handler> faults = new LinkedHashMap<>();
        faults.put("missing", _ -> {
            throw new NoClassDefFoundError("org/example/Missing");
        });
        faults.put("assertion", _ -> {
            throw new AssertionError();
        });
        faults.put("no future", _ -> null);
        faults.put("no list", _ -> Future.succeededFuture());
        faults.put("no stanza", _ -> Future.succeededFuture(Arrays.asList(chat("x"), null)));
        faults.put(
                "to nobody",
                stanza -> Future.succeededFuture(List.of(stanza.withFrom(DICE).withTo(null))));
        faults.put("of others", stanza -> Future.succeededFuture(List.of(stanza.withTo(ROMEO))));
        faults.put(
                "not XML",
                stanza -> Future.succeededFuture(
                        List.of(stanza.withFrom(DICE).withTo(ROMEO).withId("\u0001"))));
        get(service.stop());
        start2(stanza -> faults.get(stanza.id()).handle(stanza), Duration.ofSeconds(30));
        List<SessionEvent> batch = new ArrayList<>();
        for (String fault : faults.keySet()) {
            batch.add(
                    new SessionEvent.Inbound(chat(fault), new Origin(3, batch.size() + 1), OWNER, ROMEO, false, 0, 0));
        }
        bus.send("domain:" + DOMAIN + "@n1", new SessionEvent.Batch(batch));
        for (String fault : faults.keySet()) {
            Stanza error = answer().stanza();
            assertThat(error.id()).isEqualTo(fault);
            assertThat(error.toString()).contains("type='error'").contains("internal-server-error");
        }
    }

    /// A route leads here from another domain: who wrote to that is answered by that.
    @Test
    void itAnswersAsWhomWasWrittenTo() throws Exception {
        Jid old = Jid.of("cup@old.localhost");
        ask(chat("m").withTo(old), 1, false);
        SessionEvent.Inbound one = answer();
        assertThat(one.stanza().from()).isEqualTo(old);
        accept(one);
        accept(answer());
        assertThat(next()).isEqualTo(new SessionEvent.Accepted(ROMEO, new Origin(3, 1)));

        assertThat(service.send(Stanza.message(StanzaType.NORMAL, old, ROMEO))
                        .toCompletionStage()
                        .toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("not a stanza of " + DOMAIN);
    }

    @Test
    void errorsAndPresenceStayWithoutAnswer() throws Exception {
        ask(Stanza.presence(StanzaType.AVAILABLE, ROMEO, DICE), 1, false);
        assertThat(next()).isInstanceOf(SessionEvent.Accepted.class);
        ask(iq(Element.of("query", "urn:example:unknown")).error(Condition.BAD_REQUEST), 2, false);
        assertThat(next()).isInstanceOf(SessionEvent.Accepted.class);
    }

    @Test
    void itSendsByItselfAndHearsWhenThatIsTakenOver() throws Exception {
        Future<Void> sent = service.send(Stanza.message(StanzaType.NORMAL, DICE, ROMEO));
        SessionEvent.Inbound inbound = answer();
        assertThat(sent.isComplete()).isFalse();
        accept(inbound);
        get(sent);
        Future<Void> unreachable = service.send(Stanza.message(StanzaType.NORMAL, DICE, Jid.of("x@far.example")));
        assertThat(unreachable.toCompletionStage().toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("nobody serves the receiver");
    }
}
