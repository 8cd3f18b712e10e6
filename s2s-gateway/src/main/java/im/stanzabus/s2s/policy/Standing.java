package im.stanzabus.s2s.policy;

/// What the policy for a domain makes of a peer that claims to speak for it.
public enum Standing {
    /// It has shown that it does.
    PROVEN,
    /// Dialback is to show it.
    MAY_DIAL_BACK,
    /// The domain is not spoken with.
    BLOCKED,
    /// It could be shown, but not on a stream without TLS.
    TLS_MISSING,
    /// It was to be shown by a certificate or a key, and was not.
    PROOF_MISSING
}
