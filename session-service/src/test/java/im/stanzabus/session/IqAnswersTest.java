package im.stanzabus.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.IqAccess;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.session.iq.IqProcessor;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class IqAnswersTest {
    private static final String NAMESPACE = "urn:x";
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid JULIET = Jid.of("juliet@localhost");

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, new LocalMembership(new NodeId("n1"), "test"));
    private final ServiceRegistry services = new ServiceRegistry(bus.membership());
    private final BlockingQueue<Stanza> answers = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    private static IqProcessor saying(String text) {
        return new PlayedProcessor(NAMESPACE, () -> Future.succeededFuture(Element.text("said", NAMESPACE, text)));
    }

    private Stanza answer(IqProcessor processor, Jid to, IqTarget target, Account account) throws Exception {
        IqAnswers iqAnswers =
                new IqAnswers(bus, null, services, List.of(processor), _ -> false, _ -> Future.succeededFuture());
        Stanza iq = Stanza.iq(StanzaType.GET, "1", ROMEO, to, Element.of("say", NAMESPACE));
        FakeServices.get(iqAnswers.answer(iq, target, account, answers::add));
        return answers.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void anAnswerThatXmlCannotCarryIsAFault() throws Exception {
        Stanza error = answer(saying("a\u0001"), Jid.of("localhost"), IqTarget.HOST, null);

        assertThat(error.toString()).contains("type='error'").contains("internal-server-error");
    }

    /// One that answers for hosts takes nothing away from a service that answers for accounts.
    @Test
    void whatAProcessorIsNotForGoesToTheServiceThatHasAnnouncedIt() throws Exception {
        services.announce(ServiceDescriptor.internal("dice-service", "1", false)
                .withIqNamespaces(Map.of(NAMESPACE, IqAccess.SUBSCRIBERS)));
        FakeServices.get(bus.serve(
                        Addresses.iq(NAMESPACE),
                        IqRequest.class,
                        _ -> Future.succeededFuture(
                                new IqRequest.Answer(List.of(Element.text("said", NAMESPACE, "by the service")))))
                .completion());
        IqProcessor processor = saying("by the processor");

        assertThat(answer(processor, Jid.of("localhost"), IqTarget.HOST, null).toString())
                .contains("by the processor");
        assertThat(answer(processor, JULIET, IqTarget.SUBSCRIBED, new Account(JULIET))
                        .toString())
                .contains("by the service");
    }
}
