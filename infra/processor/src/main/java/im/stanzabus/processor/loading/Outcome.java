package im.stanzabus.processor.loading;

import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import org.jspecify.annotations.Nullable;

/// What the processors have made of a stanza before the server looks at it.
public sealed interface Outcome {
    /// The stanza goes on.
    record Onward(Stanza stanza) implements Outcome {}

    /// The stanza ends here.
    ///
    /// @param error what its sender is told; null for nothing
    record Ended(@Nullable StanzaError error) implements Outcome {}
}
