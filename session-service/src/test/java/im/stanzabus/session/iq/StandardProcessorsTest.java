package im.stanzabus.session.iq;

import static im.stanzabus.session.iq.Questions.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.api.CapsRequest;
import im.stanzabus.launcher.DomainService;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.VerificationString;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StandardProcessorsTest {
    private Vertx vertx;
    private Bus bus;
    private StandardProcessors processors;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        bus = new Bus(vertx, new LocalMembership(new NodeId("n1"), "test"));
        processors = StandardProcessors.of(
                Questions.settings(_ -> false, "capulet.example"),
                bus,
                List.of(new Carbons()),
                List::of,
                Clock.systemUTC(),
                Instant.EPOCH);
    }

    @AfterEach
    void close() {
        await(vertx.close());
    }

    /// A processor from elsewhere.
    private record Carbons() implements IqProcessor {
        @Override
        public String namespace() {
            return "urn:xmpp:carbons:2";
        }

        @Override
        public Set<IqTarget> targets() {
            return Set.of(IqTarget.OWN);
        }

        @Override
        public List<String> hostFeatures() {
            return List.of(namespace());
        }

        @Override
        public Future<Element> process(IqQuestion question) {
            return Future.succeededFuture();
        }
    }

    @Test
    void oneForEachNamespace() {
        assertThat(processors.all().stream().map(IqProcessor::namespace))
                .containsExactlyInAnyOrder(
                        "urn:xmpp:carbons:2",
                        "urn:xmpp:ping",
                        "jabber:iq:version",
                        "urn:xmpp:time",
                        "jabber:iq:last",
                        "jabber:iq:register",
                        "urn:ietf:params:xml:ns:xmpp-session",
                        "http://jabber.org/protocol/disco#info",
                        "http://jabber.org/protocol/disco#items");
    }

    @Test
    void strangersGetNoAnswerFromAnyOfThem() {
        assertThat(processors.all())
                .allSatisfy(processor -> assertThat(processor.targets()).doesNotContain(IqTarget.STRANGER));
    }

    /// The list that clients see is that of the processors, and its hash is what the stream
    /// features say.
    @Test
    void discoShowsThemAllAndTheCapabilitiesAreItsHash() {
        IqProcessor info = processors.all().stream()
                .filter(processor -> processor.namespace().endsWith("#info"))
                .findFirst()
                .orElseThrow();
        Element answer = Questions.answer(info, Questions.question("""
                <iq xmlns='jabber:client' type='get' id='1' to='capulet.example'>
                  <query xmlns='http://jabber.org/protocol/disco#info'/>
                </iq>
                """, IqTarget.HOST));
        assertThat(answer.children().stream()
                        .filter(child -> child.name().equals("feature"))
                        .map(child -> child.attribute("var")))
                .containsExactly(
                        "http://jabber.org/protocol/caps",
                        "http://jabber.org/protocol/disco#info",
                        "http://jabber.org/protocol/disco#items",
                        "jabber:iq:last",
                        "jabber:iq:register",
                        "jabber:iq:version",
                        "urn:xmpp:carbons:2",
                        "urn:xmpp:ping",
                        "urn:xmpp:time");
        await(processors.caps().serve(bus).completion());
        CapsRequest.Caps caps =
                await(bus.request(Addresses.CAPS, new CapsRequest("capulet.example"), CapsRequest.Caps.class));
        assertThat(caps.ver()).isEqualTo(VerificationString.ver(answer));
        assertThat(caps.node()).isEqualTo("https://stanzabus.im");
    }

    /// A service that announced one of these would never be asked.
    @Test
    void whatTheServerAnswersNoServiceMayHave() {
        assertThat(DomainService.SERVER_NAMESPACES)
                .containsAll(
                        processors.all().stream().map(IqProcessor::namespace).toList());
    }
}
