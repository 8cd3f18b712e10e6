package im.stanzabus.processor.loading;

import im.stanzabus.processor.Answer;
import im.stanzabus.processor.FilterVerdict;
import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.Passage;
import im.stanzabus.processor.Processor;
import im.stanzabus.processor.ProcessorDescriptor;
import im.stanzabus.processor.Selector;
import im.stanzabus.processor.Verdict;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A processor that the configuration has enabled. Never throws what the processor throws, and
/// lets it do only what {@link Processor} allows. Safe from any thread.
public final class LoadedProcessor {
    private static final Verdict BROKEN = Verdict.refuse(
            Condition.INTERNAL_SERVER_ERROR, "The server could not check this stanza, so it was not sent.");

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final ProcessorDescriptor descriptor;
    private final Processor processor;
    private final Watch watch;
    private final Duration patience;

    public LoadedProcessor(ProcessorDescriptor descriptor, Processor processor) {
        this(descriptor, processor, new Watch(descriptor.name(), System::nanoTime), PATIENCE);
    }

    /// @param patience how long an answer may take
    LoadedProcessor(ProcessorDescriptor descriptor, Processor processor, Watch watch, Duration patience) {
        this.patience = patience;
        this.descriptor = descriptor;
        this.processor = processor;
        this.watch = watch;
    }

    public ProcessorDescriptor descriptor() {
        return descriptor;
    }

    /// What it answers to a request in its namespace. An answer that comes later does come, and
    /// does not fail.
    public Answer answer(IqQuestion question) {
        Answer answer = watch.call("processing", () -> settled(processor.answer(question)));
        return answer == null ? Answer.refusal(Condition.INTERNAL_SERVER_ERROR) : answer;
    }

    private Answer settled(Answer answer) {
        return switch (answer) {
            case Answer.Known known -> writable(known);
            case Answer.Later(CompletionStage<Answer.Known> stage) ->
                Answer.later(stage.toCompletableFuture()
                        .copy()
                        .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                        .handle(this::given));
        };
    }

    /// @throws IllegalArgumentException for an answer that XML cannot carry, which is the processor's fault and is
    ///     to stay its own
    private static Answer.Known writable(Answer.Known known) {
        if (known instanceof Answer.Result(@Nullable Element payload) && payload != null) {
            Payload.of(payload);
        }
        return known;
    }

    private Answer.Known given(Answer.@Nullable Known known, @Nullable Throwable failure) {
        if (failure == null && known != null) {
            Answer.Known checked = watch.call("processing", () -> writable(known));
            return checked == null ? Answer.refusal(Condition.INTERNAL_SERVER_ERROR) : checked;
        }
        watch.misbehaved("processing", "did not answer: " + failure);
        return Answer.refusal(
                failure instanceof TimeoutException ? Condition.RESOURCE_CONSTRAINT : Condition.INTERNAL_SERVER_ERROR);
    }

    boolean wantsBefore(Stanza stanza) {
        return isChosen(descriptor.before(), stanza);
    }

    boolean wantsAfter(Stanza stanza) {
        return isChosen(descriptor.after(), stanza);
    }

    boolean wantsOutgoing(Stanza stanza) {
        return isChosen(descriptor.outgoing(), stanza);
    }

    private static boolean isChosen(List<Selector> selectors, Stanza stanza) {
        for (int i = 0; i < selectors.size(); i++) {
            if (selectors.get(i).matches(stanza)) {
                return true;
            }
        }
        return false;
    }

    Verdict before(Passage passage) {
        Verdict verdict = watch.call("before", () -> processor.before(passage));
        if (verdict != null && isAllowed("before", verdict, passage.stanza())) {
            return verdict;
        }
        return Promised.isPromised(passage.stanza()) ? BROKEN : Verdict.pass();
    }

    FilterVerdict outgoing(Passage passage) {
        FilterVerdict verdict = watch.call("outgoing", () -> processor.outgoing(passage));
        return verdict != null && isAllowed("outgoing", verdict, passage.stanza()) ? verdict : Verdict.pass();
    }

    private boolean isAllowed(String place, Verdict verdict, Stanza stanza) {
        String wrong = switch (verdict) {
            case FilterVerdict.Pass _, Verdict.Refuse _ -> null;
            case FilterVerdict.Drop _ -> wrongWithDropping(stanza);
            case FilterVerdict.Replace(Payload payload) ->
                stanza.isIq() && stanza.isRequest() && payload.size() != 1
                        ? "gave an IQ request other than one child"
                        : null;
        };
        if (wrong != null) {
            watch.misbehaved(place, wrong);
        }
        return wrong == null;
    }

    private @Nullable String wrongWithDropping(Stanza stanza) {
        if (stanza.isIq()) {
            return "wanted to drop an IQ";
        }
        return Promised.isPromised(stanza) && !descriptor.dropsMessages()
                ? "wanted to drop a stanza that was promised to be delivered, and its descriptor does not say so"
                : null;
    }

    List<Stanza> after(Passage passage) {
        List<Stanza> further = watch.call("after", () -> List.copyOf(processor.after(passage)));
        if (further == null || further.isEmpty()) {
            return List.of();
        }
        if (further.size() > Processor.MOST_FURTHER) {
            watch.misbehaved("after", "wanted to send more than " + Processor.MOST_FURTHER + " stanzas");
            return List.of();
        }
        for (Stanza stanza : further) {
            if (stanza.to() == null || !speaksFor(passage.account().jid(), stanza.from())) {
                watch.misbehaved("after", "wanted to send a stanza that is to nobody, or from somebody else");
                return List.of();
            }
        }
        return further;
    }

    private static boolean speaksFor(Jid account, @Nullable Jid from) {
        return from != null
                && (Jid.sameAccount(account, from) || from.toString().equals(account.domain()));
    }
}
