package im.stanzabus.processor;

import im.stanzabus.stanza.Payload;
import java.util.Objects;

/// What a processor wants to become of a stanza on its way to a client. Made by the methods of
/// {@link Verdict}.
public sealed interface FilterVerdict extends Verdict {
    /// See {@link Verdict#pass}.
    enum Pass implements FilterVerdict {
        PASS
    }

    /// See {@link Verdict#replace}.
    record Replace(Payload payload) implements FilterVerdict {
        public Replace {
            Objects.requireNonNull(payload);
        }
    }

    /// See {@link Verdict#drop}.
    enum Drop implements FilterVerdict {
        DROP
    }
}
