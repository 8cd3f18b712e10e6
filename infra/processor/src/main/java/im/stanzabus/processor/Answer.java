package im.stanzabus.processor;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A processor's answer to an IQ request.
public sealed interface Answer {
    /// One that is known now.
    sealed interface Known extends Answer {}

    /// A result.
    ///
    /// @param payload its child; null for an empty result
    record Result(@Nullable Element payload) implements Known {}

    /// An error.
    record Refusal(StanzaError error) implements Known {
        public Refusal {
            Objects.requireNonNull(error);
        }
    }

    /// One that takes time, such as that of another server. The stage may be completed on any
    /// thread. If it fails, the answer is `internal-server-error`; if it is not completed within
    /// 15 s, `resource-constraint`.
    record Later(CompletionStage<Known> answer) implements Answer {}

    static Known result(Element payload) {
        return new Result(payload);
    }

    static Known emptyResult() {
        return new Result(null);
    }

    static Known refusal(Condition condition) {
        return new Refusal(StanzaError.of(condition));
    }

    /// @param text a sentence for people, in English
    static Known refusal(Condition condition, String text) {
        return new Refusal(StanzaError.of(condition, text));
    }

    /// @see Later
    static Answer later(CompletionStage<? extends Known> answer) {
        return new Later(answer.thenApply(known -> known));
    }
}
