package im.stanzabus.session.iq;

import static im.stanzabus.session.iq.Questions.question;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.launcher.StartupException;
import im.stanzabus.processor.Answer;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.processor.Processor;
import im.stanzabus.processor.ProcessorDescriptor;
import im.stanzabus.processor.loading.LoadedProcessor;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class LoadedIqTest {
    private static final Element WORDS = Element.of("words", "urn:x");
    private static final IqQuestion QUESTION = question("""
            <iq xmlns='jabber:client' type='get' id='1' to='capulet.example'><words xmlns='urn:x'/></iq>
            """, IqTarget.HOST);

    private Vertx vertx;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static LoadedIq answering(String name, String namespace, Answer answer) {
        ProcessorDescriptor descriptor = ProcessorDescriptor.named(name)
                .answers(namespace, IqTarget.HOST)
                .hostFeature("urn:x")
                .accountFeature("urn:y")
                .build();
        return new LoadedIq(new LoadedProcessor(descriptor, new Processor() {
            @Override
            public Answer answer(IqQuestion question) {
                return answer;
            }
        }));
    }

    @Test
    void answersAsTheServersOwnDo() {
        LoadedIq result = answering("words", "urn:x", Answer.result(WORDS));

        assertThat(result.namespace()).isEqualTo("urn:x");
        assertThat(result.targets()).containsExactly(IqTarget.HOST);
        assertThat(result.hostFeatures()).containsExactly("urn:x");
        assertThat(result.accountFeatures()).containsExactly("urn:y");
        assertThat(Questions.answer(result, QUESTION)).isEqualTo(WORDS);
        assertThat(Questions.answer(answering("words", "urn:x", Answer.emptyResult()), QUESTION))
                .isNull();
        assertThat(Questions.refusal(answering("words", "urn:x", Answer.refusal(Condition.GONE)), QUESTION))
                .isEqualTo(Condition.GONE);
    }

    /// Whoever asked goes on where it was, whichever thread the answer comes from.
    @Test
    void anAnswerThatComesLaterComesToTheContextOfTheQuestion() throws Exception {
        CompletableFuture<Answer.Known> later = new CompletableFuture<>();
        LoadedIq processor = answering("words", "urn:x", Answer.later(later));
        Context context = vertx.getOrCreateContext();
        Promise<Context> answeredOn = Promise.promise();

        context.runOnContext(_ -> {
            Future<Element> answer = processor.process(QUESTION);
            Thread.ofVirtual().start(() -> later.complete(Answer.result(WORDS)));
            answer.onComplete(_ -> answeredOn.complete(Vertx.currentContext()), answeredOn::fail);
        });

        assertThat(answeredOn.future().toCompletionStage().toCompletableFuture().get())
                .isSameAs(context);
    }

    @Test
    void oneThatAnswersNothingIsAskedForNothing() {
        ProcessorDescriptor descriptor =
                ProcessorDescriptor.named("quiet").hostFeature("urn:x").build();
        LoadedIq quiet = new LoadedIq(new LoadedProcessor(descriptor, new Processor() {}));

        assertThat(quiet.targets()).isEmpty();
        assertThat(quiet.hostFeatures()).containsExactly("urn:x");
    }

    @Test
    void nobodyTakesANamespaceFromTheServerOrAnother() {
        Bus bus = new Bus(vertx, new LocalMembership(new NodeId("n1"), "test"));
        LoadedIq ping = answering("ping", "urn:xmpp:ping", Answer.emptyResult());
        assertThatThrownBy(() -> standard(bus, List.of(ping)))
                .isInstanceOf(StartupException.class)
                .hasMessage("processor ping and the server both answer urn:xmpp:ping; see session-service.processors");
        assertThatThrownBy(() -> standard(
                        bus,
                        List.of(
                                answering("one", "urn:x", Answer.emptyResult()),
                                answering("two", "urn:x", Answer.emptyResult()))))
                .isInstanceOf(StartupException.class)
                .hasMessageStartingWith("processor one and processor two both answer urn:x;");
    }

    private static void standard(Bus bus, List<IqProcessor> others) {
        StandardProcessors.of(
                Questions.settings(_ -> false, "capulet.example"),
                bus,
                others,
                List::of,
                Clock.systemUTC(),
                Instant.EPOCH);
    }
}
