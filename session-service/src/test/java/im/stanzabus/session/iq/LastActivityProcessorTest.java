package im.stanzabus.session.iq;

import static im.stanzabus.session.iq.Questions.answer;
import static im.stanzabus.session.iq.Questions.question;
import static im.stanzabus.session.iq.Questions.refusal;
import static im.stanzabus.session.iq.Questions.xml;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// XEP-0012, with a bus.
class LastActivityProcessorTest {
    private static final Instant STARTED = Instant.parse("2026-03-01T00:00:00Z");

    private final List<IqRequest> asked = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private Bus bus;
    private LastActivityProcessor processor;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        bus = new Bus(vertx, new LocalMembership(new NodeId("n1"), "test"));
        processor = new LastActivityProcessor(bus, InstantSource.fixed(STARTED.plusSeconds(123_456)), STARTED);
    }

    @AfterEach
    void close() {
        Questions.await(vertx.close());
    }

    /// Section 5.
    @Test
    void theUptimeOfAHost() {
        assertThat(answer(processor, question("""
                <iq xmlns='jabber:client' type='get' id='last3' to='capulet.example'>
                  <query xmlns='jabber:iq:last'/>
                </iq>
                """, IqTarget.HOST)))
                .isEqualTo(xml("<query xmlns='jabber:iq:last' seconds='123456'/>"));
    }

    /// Section 3: 0 while a resource is connected or available.
    @ParameterizedTest
    @CsvSource({"OWN, ''", "OWN, juliet@capulet.example/balcony", "SUBSCRIBED, juliet@capulet.example/balcony"})
    void anAccountThatIsOnline(IqTarget target, String resource) {
        String[] resources = resource.isEmpty() ? new String[0] : new String[] {resource};
        assertThat(answer(processor, ofJuliet(target, resources)))
                .isEqualTo(xml("<query xmlns='jabber:iq:last' seconds='0'/>"));
    }

    /// Section 3: what profile-service remembers.
    @Test
    void anAccountThatIsOffline() {
        Element remembered = xml("<query xmlns='jabber:iq:last' seconds='903'>Heading Home</query>");
        serve(_ -> Future.succeededFuture(new IqRequest.Answer(List.of(remembered))));
        assertThat(answer(processor, ofJuliet(IqTarget.SUBSCRIBED))).isEqualTo(remembered);
        assertThat(asked).singleElement().satisfies(request -> {
            assertThat(request.account()).isEqualTo(Questions.JULIET);
            assertThat(request.own()).isFalse();
        });
    }

    @Test
    void anAccountThatWasNeverSeen() {
        serve(_ -> Future.failedFuture(new BusFailure(StanzaError.of(Condition.ITEM_NOT_FOUND), "never")));
        assertThat(refusal(processor, ofJuliet(IqTarget.SUBSCRIBED))).isEqualTo(Condition.ITEM_NOT_FOUND);
    }

    @Test
    void nobodyRemembers() {
        assertThat(refusal(processor, ofJuliet(IqTarget.SUBSCRIBED))).isEqualTo(Condition.RESOURCE_CONSTRAINT);
    }

    /// Section 8: no leak of presence.
    @Test
    void strangersLearnNothing() {
        assertThat(processor.targets()).doesNotContain(IqTarget.STRANGER);
    }

    @Test
    void onlyGet() {
        assertThat(refusal(processor, question("""
                <iq xmlns='jabber:client' type='set' id='1' to='capulet.example'><query xmlns='jabber:iq:last'/></iq>
                """, IqTarget.HOST))).isEqualTo(Condition.NOT_ALLOWED);
    }

    private void serve(Function<IqRequest, Future<IqRequest.Answer>> answer) {
        Questions.await(bus.serve(Addresses.iq("jabber:iq:last"), IqRequest.class, request -> {
                    asked.add(request);
                    return answer.apply(request);
                })
                .completion());
    }

    private static IqQuestion ofJuliet(IqTarget target, String... resources) {
        return question("""
                <iq xmlns='jabber:client' type='get' id='last1' to='juliet@capulet.example'>
                  <query xmlns='jabber:iq:last'/>
                </iq>
                """, target, resources);
    }
}
