package im.stanzabus.s2s.dialback;

import im.stanzabus.stanza.StanzaError;

/// What an initiating server has to do next; to be done in the order in which it was said.
public sealed interface OutgoingStep {
    /// Send the request, and come back with a timeout if nothing is heard.
    record Send(Dialback.Request request) implements OutgoingStep {}

    /// Stanzas of the pair may go over this stream now.
    record Authorized(DomainPair pair) implements OutgoingStep {}

    /// Stanzas of the pair must not go over this stream.
    ///
    /// @param error what those who sent the waiting stanzas are told (XEP-0220 section 2.1.1)
    /// @param elsewhere whether a stream of its own may be tried before (section 2.5,
    ///     `resource-constraint`)
    /// @param reason for the log
    record Refused(DomainPair pair, StanzaError.Condition error, boolean elsewhere, String reason)
            implements OutgoingStep {}

    /// Tell the stream that the key came on.
    record Verified(Dialback.VerificationRequest request, Verification outcome) implements OutgoingStep {}

    /// Send no more over this stream: the peer is about to end it (section 2.1.1).
    record Leave() implements OutgoingStep {}

    /// Do nothing.
    ///
    /// @param reason for the log
    record Drop(DomainPair pair, String reason) implements OutgoingStep {}
}
