package im.stanzabus.bus;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BusTest {
    private static final Purge QUESTION = new Purge(Jid.of("a@b"));

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, new LocalMembership(new NodeId("n1"), "test"));

    @AfterEach
    void stop() throws Exception {
        get(vertx.close());
    }

    @Test
    void aQuestionIsAnswered() throws Exception {
        serve(_ -> Future.succeededFuture(Done.DONE));
        assertThat(get(bus.request("x", QUESTION, Done.class))).isEqualTo(Done.DONE);
    }

    @Test
    void aRefusalArrivesAsItWasMeant() throws Exception {
        serve(_ -> Future.failedFuture(new BusFailure(StanzaError.of(Condition.ITEM_NOT_FOUND, "no such thing"), "")));
        assertThat(error(bus.request("x", QUESTION, Done.class)))
                .isEqualTo(StanzaError.of(Condition.ITEM_NOT_FOUND, "no such thing"));
    }

    @Test
    void aFaultOfTheServiceBecomesAnInternalServerError() throws Exception {
        serve(_ -> {
            throw new IllegalStateException("bug");
        });
        assertThat(error(bus.request("x", QUESTION, Done.class)).condition())
                .isEqualTo(Condition.INTERNAL_SERVER_ERROR);
    }

    /// Also what a jar lacks at run time: nobody waits for what cannot come.
    @Test
    void whateverAHandlerDoesTheQuestionHasAnAnswer() throws Exception {
        List<Function<Purge, Future<Done>>> handlers = List.of(
                _ -> {
                    throw new NoClassDefFoundError("org/example/Missing");
                },
                _ -> null,
                _ -> Future.succeededFuture());
        for (int i = 0; i < handlers.size(); i++) {
            Subscription served = bus.serve("x" + i, Purge.class, handlers.get(i));
            get(served.completion());
            assertThat(error(bus.request("x" + i, QUESTION, Done.class)).condition())
                    .isEqualTo(Condition.INTERNAL_SERVER_ERROR);
            get(served.unregister());
        }
    }

    @Test
    void aServiceThatIsNotThereMayBeTriedAgainLater() throws Exception {
        StanzaError error = error(bus.request("nobody", QUESTION, Done.class));
        assertThat(error.condition()).isEqualTo(Condition.RESOURCE_CONSTRAINT);
        assertThat(error.type()).isEqualTo(StanzaError.Type.WAIT);
    }

    @Test
    void theOutboxSendsOneMessageATurnInOrder() throws Exception {
        BlockingQueue<SessionEvent.Batch> received = new LinkedBlockingQueue<>();
        get(bus.consume("x", SessionEvent.Batch.class, received::add).completion());
        Context context = vertx.getOrCreateContext();
        context.runOnContext(_ -> {
            Outbox<SessionEvent> outbox = new Outbox<>(bus, context, SessionEvent.Batch::new);
            for (int i = 0; i < 2500; i++) {
                outbox.add("x@n1", new SessionEvent.Delivered(new ConnectionId("c2s.0@n1", 1), Jid.of("a@b"), i));
            }
        });
        int next = 0;
        for (int size : List.of(1000, 1000, 500)) {
            SessionEvent.Batch batch = received.poll(10, TimeUnit.SECONDS);
            assertThat(batch.events()).hasSize(size);
            for (SessionEvent event : batch.events()) {
                assertThat(((SessionEvent.Delivered) event).number()).isEqualTo(next++);
            }
        }
    }

    @Test
    void routes() {
        ServiceRegistry services = new ServiceRegistry(bus.membership());
        SlotTable slots = new SlotTable(bus.membership());
        Router router = new Router(Set.of("a.example", "b.example"), slots, services);
        ServiceDescriptor rooms = new ServiceDescriptor(
                "rooms",
                "1",
                List.of(new ServiceDescriptor.ServedDomain("rooms.a.example", "conference", "text", "Rooms")),
                java.util.Map.of(),
                List.of(),
                List.of(),
                false);

        assertThat(router.route(Jid.of("u@a.example"))).isInstanceOf(Route.Account.class);
        assertThat(router.route(Jid.of("u@a.example/r"))).isEqualTo(router.route(Jid.of("u@a.example")));
        assertThat(router.route(Jid.of("b.example"))).isEqualTo(new Route.Host("b.example"));
        assertThat(router.route(Jid.of("rooms.a.example"))).isEqualTo(new Route.Remote("rooms.a.example"));
        services.announce(rooms);
        assertThat(router.route(Jid.of("x@rooms.a.example/y"))).isEqualTo(new Route.Service("domain:rooms.a.example"));
        services.withdraw(rooms);
        assertThat(router.route(Jid.of("x@rooms.a.example"))).isEqualTo(new Route.Remote("rooms.a.example"));
    }

    @Test
    void rulesSendDomainsElsewhere() {
        ServiceRegistry services = new ServiceRegistry(bus.membership());
        services.announce(new ServiceDescriptor(
                "rooms",
                "1",
                List.of(new ServiceDescriptor.ServedDomain("rooms.a.example", "conference", "text", "Rooms")),
                java.util.Map.of(),
                List.of(),
                List.of(),
                false));
        Router router = new Router(
                Set.of("a.example"),
                new SlotTable(bus.membership()),
                services,
                List.of(
                        new RouteRule(Pattern.compile("(rooms|old)\\.a\\.example"), null),
                        new RouteRule(Pattern.compile(".*\\.a\\.example"), "rooms.a.example"),
                        new RouteRule(Pattern.compile(".*"), "gateway.a.example")));

        assertThat(router.route(Jid.of("u@a.example"))).isInstanceOf(Route.Account.class);
        assertThat(router.route(Jid.of("a.example"))).isEqualTo(new Route.Host("a.example"));
        assertThat(router.route(Jid.of("x@rooms.a.example"))).isEqualTo(new Route.Remote("rooms.a.example"));
        assertThat(router.route(Jid.of("x@new.a.example"))).isEqualTo(new Route.Service("domain:rooms.a.example"));
        assertThat(router.route(Jid.of("far.example"))).isEqualTo(new Route.Service("domain:gateway.a.example"));
    }

    /// Strangers choose domains: each step more for a letter more would hold an event loop for years.
    @Test
    @Timeout(10)
    void aRuleThatTakesTooManyStepsIsNotForADomain() {
        RouteRule rule = new RouteRule(Pattern.compile("((a|aa)+)+\\.example"), null);

        assertThat(rule.route("aaaa.example")).isEqualTo(new Route.Remote("aaaa.example"));
        assertThat(rule.route("a".repeat(63) + ".com")).isNull();
        assertThat(new RouteRule(Pattern.compile("(.*\\.)?example"), null).route("a.".repeat(120) + "example"))
                .isNotNull();
    }

    private void serve(Function<Purge, Future<Done>> handler) throws Exception {
        get(bus.serve("x", Purge.class, handler).completion());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static StanzaError error(Future<?> future) throws Exception {
        try {
            get(future);
        } catch (ExecutionException e) {
            return BusFailure.toStanzaError(e.getCause());
        }
        throw new AssertionError("did not fail");
    }
}
