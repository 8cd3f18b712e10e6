package im.stanzabus.processor.loading;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.processor.Answer;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.processor.Processor;
import im.stanzabus.processor.ProcessorDescriptor;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class LoadedProcessorTest {
    private static final IqQuestion QUESTION = question("words", StanzaType.GET);

    private static IqQuestion question(String element, StanzaType type) {
        Element query = Element.of(element, "urn:x");
        Stanza iq = Stanza.iq(type, "1", Jid.of("romeo@example.org/orchard"), Jid.of("example.org"), query);
        return new IqQuestion(iq, query, IqTarget.HOST, null);
    }

    private static Answer.Known answer(Duration patience, Function<IqQuestion, Answer> what) throws Exception {
        Processor processor = new Processor() {
            @Override
            public Answer answer(IqQuestion question) {
                return what.apply(question);
            }
        };
        LoadedProcessor loaded = new LoadedProcessor(
                ProcessorDescriptor.named("words").build(), processor, new Watch("words", System::nanoTime), patience);
        return switch (loaded.answer(QUESTION)) {
            case Answer.Known known -> known;
            case Answer.Later(var stage) -> stage.toCompletableFuture().get();
        };
    }

    private static Answer.Known answer(Function<IqQuestion, Answer> what) throws Exception {
        return answer(Duration.ofMinutes(1), what);
    }

    @Test
    void anAnswerMayBeKnownOrCome() throws Exception {
        Answer.Known result = Answer.result(Element.of("words", "urn:x"));
        CompletableFuture<Answer.Known> later = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> later.complete(result));

        assertThat(answer(_ -> result)).isEqualTo(result);
        assertThat(answer(_ -> Answer.later(later))).isEqualTo(result);
    }

    @Test
    void aFaultIsAnAnswer() throws Exception {
        Answer.Known fault = Answer.refusal(Condition.INTERNAL_SERVER_ERROR);

        assertThat(answer(_ -> null)).isEqualTo(fault);
        assertThat(answer(_ -> {
                    throw new IllegalStateException();
                }))
                .isEqualTo(fault);
        assertThat(answer(_ -> Answer.later(CompletableFuture.failedFuture(new IllegalStateException()))))
                .isEqualTo(fault);
        assertThat(answer(_ -> Answer.later(CompletableFuture.completedFuture(null))))
                .isEqualTo(fault);
        assertThat(answer(_ -> new Answer.Later(null))).isEqualTo(fault);
    }

    /// It would fail where it is written, when nobody knows any more whose fault it is.
    @Test
    void anAnswerThatXmlCannotCarryIsAFault() throws Exception {
        Answer.Known fault = Answer.refusal(Condition.INTERNAL_SERVER_ERROR);
        Answer.Known result = Answer.result(Element.text("words", "urn:x", "a\u0001"));

        assertThat(answer(_ -> result)).isEqualTo(fault);
        assertThat(answer(_ -> Answer.later(CompletableFuture.completedFuture(result))))
                .isEqualTo(fault);
        assertThat(answer(_ -> Answer.refusal(Condition.GONE, "a\u0001"))).isEqualTo(fault);
    }

    @Test
    void whoNeverAnswersIsNotWaitedForForEver() throws Exception {
        CompletableFuture<Answer.Known> never = new CompletableFuture<>();

        assertThat(answer(Duration.ofMillis(1), _ -> Answer.later(never)))
                .isEqualTo(Answer.refusal(Condition.RESOURCE_CONSTRAINT));
        assertThat(never).isNotDone();
    }

    @Test
    void whoAnswersNothingSaysSo() {
        assertThat(new Processor() {}.answer(QUESTION)).isEqualTo(Answer.refusal(Condition.SERVICE_UNAVAILABLE));
    }

    @Test
    void aQuestionKnowsWhatIsWrongWithIt() {
        assertThat(QUESTION.mistake(StanzaType.GET, "words")).isNull();
        assertThat(QUESTION.mistake(StanzaType.SET, "words").condition()).isEqualTo(Condition.NOT_ALLOWED);
        assertThat(QUESTION.mistake(StanzaType.GET, "other").condition()).isEqualTo(Condition.BAD_REQUEST);
    }
}
