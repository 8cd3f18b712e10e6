package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.await;
import static im.stanzabus.session.FakeServices.chat;
import static im.stanzabus.session.FakeServices.stanza;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.IqAccess;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.Subscription;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.session.iq.IqSettings;
import im.stanzabus.session.iq.StandardProcessors;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A service that comes while others run, answers a domain of its own and a namespace of accounts,
/// and goes again.
@Timeout(60)
class AnnouncedDomainTest {
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid HOST = Jid.of("localhost");
    private static final String DOMAIN = "rooms.localhost";
    private static final Jid ROOM = Jid.of("verona@rooms.localhost");
    private static final String NAMESPACE = "urn:example:rooms";
    private static final ServiceDescriptor ROOMS = new ServiceDescriptor(
            "room-service",
            "test",
            List.of(new ServedDomain(DOMAIN, "conference", "text", "Rooms of Verona")),
            Map.of(NAMESPACE, IqAccess.SELF),
            List.of("urn:example:of-the-host"),
            List.of("urn:example:of-accounts"),
            false);

    private final BlockingQueue<Stanza> routed = new LinkedBlockingQueue<>();
    private volatile boolean accepting = true;
    private Vertx vertx;
    private FakeServices services;
    private ConnectionId romeo;
    private long number = 1;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        services = new FakeServices(vertx, true);
        ServiceRegistry registry = new ServiceRegistry(services.membership);
        services.processors = StandardProcessors.of(
                        new IqSettings(
                                List.of("localhost", "forgetful.example"),
                                "test",
                                null,
                                Map.of(),
                                true,
                                true,
                                _ -> false,
                                _ -> false),
                        services.bus,
                        List.of(),
                        registry::living,
                        Clock.systemUTC(),
                        Instant.EPOCH)
                .all();
        services.startPartition(0);
        romeo = services.available(ROMEO, 1);
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    @Test
    void whatIsSentToItsDomainArrivesInOrder() throws Exception {
        announce();
        List<Stanza> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sent.add(
                    i % 2 == 0
                            ? chat(ROMEO, ROOM, "m" + i)
                            : request(ROOM, NAMESPACE).withId("q" + i));
        }
        sent.forEach(this::say);
        for (Stanza stanza : sent) {
            Stanza arrived = arrived();
            assertThat(arrived).isEqualTo(stanza);
        }
        await(() -> services.handled.getOrDefault(romeo, 0L) == number);
        say(request(Jid.of(DOMAIN), Namespaces.DISCO_INFO));
        assertThat(arrived().to()).as("the domain itself").isEqualTo(Jid.of(DOMAIN));
        services.send(new SessionEvent.Inbound(chat(ROOM, ROMEO, "welcome")));
        assertThat(FakeServices.body(services.nextStanza())).isEqualTo("welcome");
    }

    @Test
    void itIsDiscoveredAsLongAsItLives() throws Exception {
        assertThat(items()).isEmpty();
        announce();
        Element item = items().getFirst();
        assertThat(item.attribute("jid")).isEqualTo(DOMAIN);
        assertThat(item.attribute("name")).isEqualTo("Rooms of Verona");
        assertThat(features(HOST)).contains("urn:example:of-the-host").doesNotContain("urn:example:of-accounts");
        assertThat(features(ROMEO.bare()))
                .contains("urn:example:of-accounts")
                .doesNotContain("urn:example:of-the-host");

        services.membership.withdraw(ROOMS);
        assertThat(items()).isEmpty();
        assertThat(features(HOST)).isNotEmpty().doesNotContain("urn:example:of-the-host");
        assertThat(features(ROMEO.bare())).isNotEmpty().doesNotContain("urn:example:of-accounts");
    }

    @Test
    void itsNamespaceIsAnsweredForAccounts() throws Exception {
        assertThat(ask(ROMEO.bare(), NAMESPACE).toString()).contains("service-unavailable");
        announce();
        assertThat(ask(ROMEO.bare(), NAMESPACE).type()).isEqualTo(StanzaType.RESULT);
        assertThat(services.count(IqRequest.class)).isOne();
        services.membership.withdraw(ROOMS);
        assertThat(ask(ROMEO.bare(), NAMESPACE).toString()).contains("service-unavailable");
    }

    @Test
    void beforeItComesAndAfterItWentItsDomainIsNotFound() throws Exception {
        isNotFound();
        Subscription consumer = announce();
        say(chat(ROMEO, ROOM, "lives"));
        assertThat(FakeServices.body(arrived())).isEqualTo("lives");
        services.membership.withdraw(ROOMS);
        isNotFound();

        services.membership.announce(ROOMS); // its last instance is gone, and the descriptor still known
        FakeServices.get(consumer.unregister());
        isNotFound();
        assertThat(routed).isEmpty();
    }

    /// Its only process dies with what it has not accepted.
    @Test
    void whatWasOnItsWayMayBeSentAgain() throws Exception {
        accepting = false;
        Subscription consumer = announce();
        say(chat(ROMEO, ROOM, "lives"));
        assertThat(FakeServices.body(arrived())).isEqualTo("lives");
        services.membership.withdraw(ROOMS);
        FakeServices.get(consumer.unregister());

        Stanza error = services.nextStanza();
        assertThat(error.from()).isEqualTo(ROOM);
        assertThat(error.toString()).contains("type='wait'", "remote-server-timeout");
        await(() -> services.handled.getOrDefault(romeo, 0L) == number);
    }

    private void isNotFound() throws Exception {
        say(chat(ROMEO, ROOM, "m").withId("m" + number));
        Stanza error = services.nextStanza();
        assertThat(error.type()).isEqualTo(StanzaType.ERROR);
        assertThat(error.id()).isEqualTo("m" + (number - 1));
        assertThat(error.toString()).contains("remote-server-not-found");
        assertThat(ask(ROOM, NAMESPACE).toString()).contains("remote-server-not-found");
    }

    private void take(SessionEvent.Batch batch) {
        for (SessionEvent event : batch.events()) {
            SessionEvent.Inbound inbound = (SessionEvent.Inbound) event;
            routed.add(inbound.stanza());
            if (accepting && inbound.replyTo() != null) {
                SessionEvent accepted = new SessionEvent.Accepted(inbound.sender(), inbound.origin());
                services.bus.send(inbound.replyTo(), new SessionEvent.Batch(List.of(accepted)));
            }
        }
    }

    private Subscription announce() throws Exception {
        Subscription consumer = services.bus.consume(Addresses.domain(DOMAIN), SessionEvent.Batch.class, this::take);
        services.bus.serve(Addresses.iq(NAMESPACE), IqRequest.class, request -> {
            services.asked.add(request);
            return Future.succeededFuture(new IqRequest.Answer(List.of()));
        });
        for (String name : List.of(Addresses.domain(DOMAIN), Addresses.iq(NAMESPACE))) {
            await(() -> !services.membership.view().serving(name).isEmpty());
        }
        services.membership.announce(ROOMS);
        return consumer;
    }

    private void say(Stanza stanza) {
        number++;
        services.send(stanza(romeo, ROMEO, number, stanza));
    }

    private Stanza arrived() throws Exception {
        Stanza next = routed.poll(10, TimeUnit.SECONDS);
        assertThat(next).as("a stanza at the service").isNotNull();
        return next;
    }

    private static Stanza request(Jid to, String namespace) {
        return Stanza.iq(StanzaType.GET, "q", ROMEO, to, Element.of("query", namespace));
    }

    private Stanza ask(Jid to, String namespace) throws Exception {
        String id = "ask" + number;
        say(request(to, namespace).withId(id));
        Stanza answer = services.nextStanza();
        assertThat(answer.id()).isEqualTo(id);
        return answer;
    }

    private List<Element> items() throws Exception {
        return ask(HOST, Namespaces.DISCO_ITEMS).query().children();
    }

    private List<String> features(Jid of) throws Exception {
        return ask(of, Namespaces.DISCO_INFO).query().children().stream()
                .filter(child -> child.name().equals("feature"))
                .map(feature -> feature.attribute("var"))
                .toList();
    }
}
