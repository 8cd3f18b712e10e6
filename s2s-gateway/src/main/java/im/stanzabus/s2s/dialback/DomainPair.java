package im.stanzabus.s2s.dialback;

/// The two domains for which stanzas may go one way over a stream (XEP-0220 section 1.3), in
/// prepared form (RFC 7622 section 3.2).
///
/// @param sender the domain of the stanzas' `from`
/// @param target the domain of the stanzas' `to`
public record DomainPair(String sender, String target) {
    /// The pair of what goes the other way.
    public DomainPair reversed() {
        return new DomainPair(target, sender);
    }

    @Override
    public String toString() {
        return sender + " to " + target;
    }
}
