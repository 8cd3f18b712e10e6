package im.stanzabus.s2s.dialback;

/// What an answer says of a key: the attribute `type` and, for errors, what is inside.
public sealed interface Verdict {
    Verdict VALID = new Valid();
    Verdict INVALID = new Invalid();

    /// The key is the sender domain's.
    record Valid() implements Verdict {}

    /// The key is not the sender domain's.
    record Invalid() implements Verdict {}

    /// Nothing could be found out.
    record Failed(DialbackCondition condition) implements Verdict {}
}
