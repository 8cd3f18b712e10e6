package im.stanzabus.launcher;

import static im.stanzabus.launcher.TestServers.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.IqAccess;
import im.stanzabus.bus.Route;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.launcher.ServiceModule.RunningService;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DomainServiceTest {
    private static final String NAMESPACE = "urn:example:dice";
    private static final Jid ROMEO = Jid.of("romeo@localhost");
    private static final Jid DICE = Jid.of("dice.localhost");
    private static final Jid CUP = Jid.of("cup.localhost");
    private static final ServiceDescriptor DICE_SERVICE = ServiceDescriptor.internal("dice-service", "1", false)
            .withDomains(List.of(domain(DICE.domain()), domain(CUP.domain())));

    @TempDir
    Path folder;

    private final BlockingQueue<Stanza> arrived = new LinkedBlockingQueue<>();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private TestServers servers;
    private ServiceContext process;

    @BeforeEach
    void startProcess() throws Exception {
        servers = new TestServers(folder);
        process = servers.start(servers.options("")).context();
    }

    @AfterEach
    void stopProcess() throws Exception {
        servers.close();
    }

    private static ServedDomain domain(String name) {
        return new ServedDomain(name, "component", "generic", "Dice");
    }

    private Future<List<Stanza>> take(Stanza stanza) {
        threads.add(Thread.currentThread());
        arrived.add(stanza);
        return Future.succeededFuture(List.of());
    }

    private Future<IqRequest.Answer> answer(IqRequest request) {
        threads.add(Thread.currentThread());
        return Future.succeededFuture(new IqRequest.Answer(
                List.of(Element.text("rolled", NAMESPACE, request.account().toString()))));
    }

    private Stanza takenOf(Jid domain) throws InterruptedException {
        Bus bus = process.bus();
        Stanza message = Stanza.message(StanzaType.CHAT, ROMEO, domain);
        bus.send(
                Addresses.at(Addresses.domain(domain.domain()), bus.self()),
                new SessionEvent.Batch(List.of(new SessionEvent.Inbound(message))));
        return arrived.poll(10, TimeUnit.SECONDS);
    }

    private Future<IqRequest.Answer> ask() {
        Stanza iq = Stanza.iq(StanzaType.GET, "q", ROMEO, ROMEO, Element.of("roll", NAMESPACE));
        return process.bus().request(Addresses.iq(NAMESPACE), new IqRequest(ROMEO, true, iq), IqRequest.Answer.class);
    }

    @Test
    void itIsFoundAndReachedUntilItStops() throws Exception {
        ServiceDescriptor descriptor = DICE_SERVICE.withIqNamespaces(Map.of(NAMESPACE, IqAccess.SELF));
        RunningService running = await(DomainService.start(process, descriptor, List.of(), this::take, this::answer));

        assertThat(process.services().living()).containsExactly(descriptor);
        assertThat(process.router().route(DICE)).isEqualTo(new Route.Service("domain:dice.localhost"));
        assertThat(takenOf(DICE).to()).isEqualTo(DICE);
        assertThat(takenOf(CUP).to()).isEqualTo(CUP);
        assertThat(await(ask()).payload()).containsExactly(Element.text("rolled", NAMESPACE, "romeo@localhost"));
        assertThat(threads).as("all on one event loop").hasSize(1).doesNotContain(Thread.currentThread());

        await(running.stop());

        assertThat(process.services().living()).isEmpty();
        assertThat(process.router().route(DICE)).isEqualTo(new Route.Remote("dice.localhost"));
        assertThat(process.bus().membership().view().serving("domain:dice.localhost"))
                .isEmpty();
        assertThat(process.bus().membership().view().serving(Addresses.iq(NAMESPACE)))
                .isEmpty();
    }

    /// As long as nothing says how requests are answered, they are refused.
    @Test
    void whoOnlyAnswersDomainsRefusesForAccounts() throws Exception {
        ServiceDescriptor descriptor = DICE_SERVICE.withIqNamespaces(Map.of(NAMESPACE, IqAccess.SELF));
        await(DomainService.start(process, descriptor, List.of(), this::take));

        assertThat(takenOf(DICE).to()).isEqualTo(DICE);
        assertThatThrownBy(() -> await(ask()))
                .cause()
                .isInstanceOfSatisfying(
                        BusFailure.class,
                        refused -> assertThat(refused.error().condition()).isEqualTo(Condition.SERVICE_UNAVAILABLE));
    }

    @Test
    void aHostIsNotToBeHad() {
        ServiceDescriptor descriptor = DICE_SERVICE.withDomains(List.of(domain("localhost")));

        assertThatThrownBy(() -> await(DomainService.start(process, descriptor, List.of(), this::take)))
                .hasCauseInstanceOf(StartupException.class)
                .hasMessageContaining("dice-service cannot have the domain localhost, which is one of the hosts");
        assertThat(process.services().living()).isEmpty();
    }

    private void isRefused(ServiceDescriptor descriptor, String message) {
        List<ServiceDescriptor> before = process.services().living();
        assertThatThrownBy(() -> await(DomainService.start(process, descriptor, List.of(), this::take)))
                .hasCauseInstanceOf(StartupException.class)
                .hasMessageContaining(message);
        assertThat(process.services().living()).isEqualTo(before);
    }

    private static ServiceDescriptor rival() {
        return ServiceDescriptor.internal("rival-service", "1", false);
    }

    /// Two services at one address would each get some of its stanzas.
    @Test
    void whatAnotherServiceHasIsNotToBeHad() throws Exception {
        ServiceDescriptor dice = DICE_SERVICE.withIqNamespaces(Map.of(NAMESPACE, IqAccess.SELF));
        await(DomainService.start(process, dice, List.of(), this::take));

        isRefused(
                rival().withDomains(List.of(domain("Cup.Localhost"))),
                "rival-service cannot have the domain cup.localhost, which dice-service has");
        isRefused(
                rival().withIqNamespaces(Map.of(NAMESPACE, IqAccess.SUBSCRIBERS)),
                "rival-service cannot have the namespace urn:example:dice, which dice-service has");
        isRefused(
                rival().withIqNamespaces(Map.of("jabber:iq:roster", IqAccess.SELF)),
                "rival-service cannot have the namespace jabber:iq:roster, which the server answers itself");
        assertThat(takenOf(CUP).to()).isEqualTo(CUP);
    }

    /// They start at the same time, and both have looked before either has announced itself.
    @Test
    void ofTwoThatWantTheSameInOneProcessOneDoesNotStart() {
        Future<RunningService> dice = DomainService.start(process, DICE_SERVICE, List.of(), this::take);
        Future<RunningService> rival = DomainService.start(
                process, rival().withDomains(List.of(domain(DICE.domain()))), List.of(), this::take);
        Awaitility.await().until(() -> dice.isComplete() && rival.isComplete());

        assertThat(List.of(dice, rival))
                .anySatisfy(refused -> assertThat(refused.cause())
                        .isInstanceOf(StartupException.class)
                        .hasMessageContaining("cannot have the domain dice.localhost"));
    }

    /// Two processes do not see each other while they start.
    @Test
    void whoeverTakesItLaterIsToldOf() throws Exception {
        Claims claims = new Claims(DICE_SERVICE, process.router());
        Logger logger = (Logger) LoggerFactory.getLogger(Claims.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            process.services().announce(rival().withDomains(List.of(domain(DICE.domain()))));
            claims.watch(process.bus().membership().view());
            claims.watch(process.bus().membership().view());
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
            assertThat(event.getFormattedMessage())
                    .isEqualTo("dice-service wants the domain dice.localhost, which rival-service has, too:"
                            + " one of the two needs another");
        });
    }

    @Test
    void domainsAreServedInPreparedForm() throws Exception {
        await(DomainService.start(
                process, DICE_SERVICE.withDomains(List.of(domain("Dice.LOCALHOST"))), List.of(), this::take));

        assertThat(takenOf(DICE).to()).isEqualTo(DICE);
        isRefused(
                rival().withDomains(List.of(domain("a b"))), "rival-service cannot have 'a b', which is not a domain");
        isRefused(rival().withDomains(List.of(domain("LOCALHOST"))), "which is one of the hosts");
    }

    @Test
    void anAnswerForAnAccountThatXmlCannotCarryIsAFault() throws Exception {
        await(DomainService.start(
                process,
                DICE_SERVICE.withIqNamespaces(Map.of(NAMESPACE, IqAccess.SELF)),
                List.of(),
                this::take,
                _ -> Future.succeededFuture(
                        new IqRequest.Answer(List.of(Element.text("rolled", NAMESPACE, "\u0001"))))));

        assertThatThrownBy(() -> await(ask()))
                .cause()
                .isInstanceOfSatisfying(
                        BusFailure.class,
                        fault -> assertThat(fault.error().condition()).isEqualTo(Condition.INTERNAL_SERVER_ERROR));
    }
}
