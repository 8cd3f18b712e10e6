package im.stanzabus.s2s.dialback;

/// What a peer may make us remember and do by dialback on one stream.
///
/// @param pairs how many pairs a stream may carry
/// @param pending how many pairs of a stream may be verified at the same time; each may cost a
///     connection
/// @param failures how many pairs may fail until the stream is ended
/// @param verifications how many questions to one authoritative server may be without an answer
public record DialbackLimits(int pairs, int pending, int failures, int verifications) {
    /// Longer keys are nobody's: what is common has 64 characters or fewer.
    static final int KEY_CHARACTERS = 512;

    public static final DialbackLimits DEFAULT = new DialbackLimits(500, 20, 50, 200);
}
