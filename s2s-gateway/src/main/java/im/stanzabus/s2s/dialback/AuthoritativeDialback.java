package im.stanzabus.s2s.dialback;

import java.util.function.Predicate;

/// The part of the authoritative server (XEP-0220 section 2.2.2): says whether a key was made
/// here. As nothing is remembered of keys, any process of the installation can answer, on any
/// stream, to anybody. Safe from any thread.
public final class AuthoritativeDialback {
    private final DialbackKey key;
    private final Predicate<String> hosted;

    /// @param hosted whether a domain is served here
    public AuthoritativeDialback(DialbackKey key, Predicate<String> hosted) {
        this.key = key;
        this.hosted = hosted;
    }

    public Dialback.VerificationAnswer answer(Dialback.VerificationRequest request) {
        if (!hosted.test(request.pair().sender())) {
            return request.answer(new Verdict.Failed(DialbackCondition.ITEM_NOT_FOUND));
        }
        return request.answer(
                key.isValid(request.key(), request.pair(), request.id()) ? Verdict.VALID : Verdict.INVALID);
    }
}
