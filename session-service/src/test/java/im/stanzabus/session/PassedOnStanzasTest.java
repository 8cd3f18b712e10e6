package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.await;
import static im.stanzabus.session.FakeServices.body;
import static im.stanzabus.session.FakeServices.chat;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.session.iq.RegistrationProcessor;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Stanzas that no client of this server has sent: other parts of the server, such as sender-service, pass them on,
/// and send them again until they are accepted.
@Timeout(60)
class PassedOnStanzasTest {
    private static final String COUNTED = "urn:example:counted";
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid JULIET = Jid.of("juliet@localhost/balcony");
    private static final Jid HOST = Jid.of("localhost");
    private static final int MOST_LOADING = 2_000;

    private final Vertx vertx = Vertx.vertx();
    private final FakeServices services = new FakeServices(vertx, false);
    private final BlockingQueue<SessionEvent> accepted = new LinkedBlockingQueue<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final Promise<Element> answer = Promise.promise();

    @BeforeEach
    void start() throws Exception {
        services.bus.consume("peer.0", SessionEvent.Batch.class, batch -> accepted.addAll(batch.events()));
        PlayedProcessor counted = new PlayedProcessor(COUNTED, () -> {
            asked.incrementAndGet();
            return answer.future();
        });
        services.processors = List.of(counted, new RegistrationProcessor(services.bus, true, true, _ -> false));
        services.startPartition(0);
        await(() -> services.leases.held("sm.0@n1").result().size() == 1024);
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    private void pass(Stanza stanza, long number, boolean retry) {
        services.send(new SessionEvent.Inbound(stanza, new Origin(9, number), "peer.0@n1", ROMEO, retry));
    }

    private void assertAccepted(long number) throws Exception {
        assertThat(accepted.poll(10, TimeUnit.SECONDS))
                .isEqualTo(new SessionEvent.Accepted(ROMEO, new Origin(9, number)));
    }

    private void nothingElseHasCome() throws Exception {
        services.send(new SessionEvent.Inbound(chat(JULIET, ROMEO, "next")));
        assertThat(body(services.nextStanza())).isEqualTo("next");
    }

    /// Whoever may pass stanzas on may name any sender: it needs no password of the account.
    @ParameterizedTest
    @CsvSource({
        "localhost, <username>romeo</username><password>new</password>",
        "localhost, <remove/>",
        "romeo@localhost, <username>romeo</username><password>new</password>",
        "romeo@localhost, <remove/>"
    })
    void nobodyChangesARegistrationOfAnotherByNamingIt(String to, String content) throws Exception {
        services.available(ROMEO, 1);
        Element.Builder query = Element.builder("query", Namespaces.REGISTER);
        if (content.equals("<remove/>")) {
            query.child(Element.of("remove", Namespaces.REGISTER));
        } else {
            query.childText("username", "romeo").childText("password", "new");
        }
        pass(Stanza.iq(StanzaType.SET, "p", ROMEO, Jid.of(to), query.build()), 1, false);
        Stanza answer = services.nextStanza();
        assertThat(answer.id()).isEqualTo("p");
        assertThat(answer.toString()).contains("service-unavailable");
        assertAccepted(1);
        assertThat(services.count(AuthRequest.class)).isZero();
    }

    @Test
    void aRequestToAHostIsAnsweredOnceHoweverOftenItComes() throws Exception {
        services.available(ROMEO, 1);
        Stanza request = Stanza.iq(StanzaType.GET, "q", ROMEO, HOST, Element.of("query", COUNTED));
        pass(request, 1, false);
        pass(request, 1, true);
        await(() -> asked.get() > 0);
        answer.complete(Element.of("query", COUNTED));
        assertAccepted(1);
        pass(request, 1, true);
        assertAccepted(1);
        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.RESULT);
        nothingElseHasCome();
        assertThat(asked).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = StanzaType.class,
            names = {"CHAT", "HEADLINE", "GROUPCHAT", "ERROR"})
    void aMessageIsDeliveredOnceHoweverOftenItComes(StanzaType type) throws Exception {
        services.available(ROMEO, 1);
        Stanza message = Stanza.message(type, JULIET, ROMEO, Element.text("body", Namespaces.CLIENT, "once"));
        pass(message, 1, false);
        assertThat(body(services.nextStanza())).isEqualTo("once");
        assertAccepted(1);
        pass(message, 1, true);
        assertAccepted(1);
        nothingElseHasCome();
    }

    /// An error would count as delivered: it comes again when there is room.
    @Test
    void whatComesForOneAccountTooManyIsNotRefusedAndComesAgain() throws Exception {
        services.available(ROMEO, 1);
        services.accounts.add(JULIET.bare());
        services.loadGate = Promise.promise();
        for (int i = 0; i < MOST_LOADING; i++) {
            Jid other = Jid.of("nurse" + i + "@localhost");
            services.accounts.add(other);
            services.send(new SessionEvent.Inbound(chat(ROMEO, other, "good morrow")));
        }
        await(() -> services.count(RosterRequest.Load.class) == 1 + MOST_LOADING);
        Stanza message = chat(ROMEO, JULIET.bare(), "art thou there");
        pass(message, 1, false);
        nothingElseHasCome();
        assertThat(accepted).isEmpty();
        services.loadGate.complete();
        await(() -> services.log.waiting(Jid.of("nurse0@localhost")).size() == 1);
        pass(message, 1, true);
        assertAccepted(1);
        assertThat(body(services.log.waiting(JULIET.bare()).getFirst().stanza()))
                .isEqualTo("art thou there");
        assertThat(services.count(LogRequest.Append.class)).isPositive();
    }
}
