package im.stanzabus.s2s.dialback;

/// An element of server dialback. Each names its domains in its own way round; what it is about
/// is always the pair.
///
/// On a stream that only its initiator sends stanzas over, the initiator sends requests and gets
/// answers. What comes the other way is nobody's: an answer on such a stream from its initiator
/// must be dropped, or anybody could authorize himself (XEP-0220 sections 2.2 and 3.1). With
/// XEP-0288 both may send both.
public sealed interface Dialback {
    DomainPair pair();

    /// What is asked of a peer.
    sealed interface Request extends Dialback {}

    /// What a peer says to a request.
    sealed interface Answer extends Dialback {
        Verdict verdict();
    }

    /// Step 1: the initiating server wants to send stanzas. A `<db:result/>` with a key.
    record AuthorizationRequest(DomainPair pair, String key) implements Request {}

    /// Step 4: what the receiving server says to it. A `<db:result/>` with a type.
    record AuthorizationAnswer(DomainPair pair, Verdict verdict) implements Answer {}

    /// Step 2: the receiving server asks the authoritative one about a key. A `<db:verify/>` with
    /// a key.
    ///
    /// @param id of the stream on which the receiving server got the key
    record VerificationRequest(DomainPair pair, String id, String key) implements Request {
        VerificationAnswer answer(Verdict verdict) {
            return new VerificationAnswer(pair, id, verdict);
        }
    }

    /// Step 3: what the authoritative server says to it. A `<db:verify/>` with a type.
    record VerificationAnswer(DomainPair pair, String id, Verdict verdict) implements Answer {}
}
