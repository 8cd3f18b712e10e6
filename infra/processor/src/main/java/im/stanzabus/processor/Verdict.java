package im.stanzabus.processor;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import java.util.Objects;

/// What a processor wants to become of a stanza *before* the server looks at it.
public sealed interface Verdict permits FilterVerdict, Verdict.Refuse {
    /// The stanza goes on as it is.
    static FilterVerdict pass() {
        return FilterVerdict.Pass.PASS;
    }

    /// The stanza goes on with another content; its kind, type, id and addresses stay. An IQ
    /// request keeps exactly one child (RFC 6120 section 8.2.3).
    static FilterVerdict replace(Payload payload) {
        return new FilterVerdict.Replace(payload);
    }

    /// As above.
    static FilterVerdict replace(Element... content) {
        return new FilterVerdict.Replace(Payload.of(content));
    }

    /// The stanza vanishes without a word. For what the server promises not to lose (messages of the types
    /// chat and normal, subscription stanzas) only if the descriptor says that the processor does that ({@link
    /// ProcessorDescriptor#dropsMessages}). Never for IQs, which somebody waits for an answer to. Where it is
    /// not allowed it counts as if the processor had thrown.
    static FilterVerdict drop() {
        return FilterVerdict.Drop.DROP;
    }

    /// The stanza does not go on; the client gets it back with an error. Where no error may be
    /// sent (for errors, for IQ results, for presence but `subscribe` and available presence) it
    /// just ends here.
    static Verdict refuse(StanzaError error) {
        return new Refuse(error);
    }

    /// As above.
    ///
    /// @param text a sentence for people, in English
    static Verdict refuse(Condition condition, String text) {
        return new Refuse(StanzaError.of(condition, text));
    }

    /// See {@link Verdict#refuse}.
    record Refuse(StanzaError error) implements Verdict {
        public Refuse {
            Objects.requireNonNull(error);
        }
    }
}
