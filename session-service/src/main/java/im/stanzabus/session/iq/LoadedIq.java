package im.stanzabus.session.iq;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.processor.Answer;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.processor.ProcessorDescriptor.Answers;
import im.stanzabus.processor.loading.LoadedProcessor;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.StanzaError;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A processor that the configuration has enabled, among those of the server. One that answers no
/// requests only announces its features.
public final class LoadedIq implements IqProcessor {
    private final LoadedProcessor processor;

    public LoadedIq(LoadedProcessor processor) {
        this.processor = processor;
    }

    @Override
    public String namespace() {
        Answers answers = processor.descriptor().answers();
        return answers == null ? processor.descriptor().name() : answers.namespace();
    }

    @Override
    public Set<IqTarget> targets() {
        Answers answers = processor.descriptor().answers();
        return answers == null ? Set.of() : answers.targets();
    }

    @Override
    public List<String> hostFeatures() {
        return processor.descriptor().hostFeatures();
    }

    @Override
    public List<String> accountFeatures() {
        return processor.descriptor().accountFeatures();
    }

    @Override
    public Future<@Nullable Element> process(IqQuestion question) {
        return switch (processor.answer(question)) {
            case Answer.Known known -> given(known);
            case Answer.Later(CompletionStage<Answer.Known> answer) ->
                Future.fromCompletionStage(answer, Vertx.currentContext()).compose(LoadedIq::given);
        };
    }

    private static Future<@Nullable Element> given(Answer.Known known) {
        return switch (known) {
            case Answer.Result(@Nullable Element payload) -> Future.succeededFuture(payload);
            case Answer.Refusal(StanzaError error) -> Future.failedFuture(new BusFailure(error, "refused"));
        };
    }

    @Override
    public String toString() {
        return "processor " + processor.descriptor().name();
    }
}
