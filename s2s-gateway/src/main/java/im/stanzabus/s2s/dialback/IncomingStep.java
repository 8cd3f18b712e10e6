package im.stanzabus.s2s.dialback;

import im.stanzabus.stanza.StreamError;
import org.jspecify.annotations.Nullable;

/// What a receiving server has to do next; to be done in the order in which it was said.
public sealed interface IncomingStep {
    /// Send the answer. If it is valid, the pair is verified now.
    record Answer(Dialback.AuthorizationAnswer answer) implements IncomingStep {}

    /// Ask the authoritative server of the sender's domain, not over the stream that the key came
    /// on (XEP-0288 section 2.2), and tell {@link IncomingDialback#verified} what came of it,
    /// even if nothing did.
    record Verify(Dialback.VerificationRequest request) implements IncomingStep {}

    /// End the stream.
    ///
    /// @param error why; null where the answer before says it
    record End(@Nullable StreamError error) implements IncomingStep {}

    /// Do nothing.
    ///
    /// @param reason for the log
    record Drop(DomainPair pair, String reason) implements IncomingStep {}
}
