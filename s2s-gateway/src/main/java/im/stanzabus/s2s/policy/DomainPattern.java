package im.stanzabus.s2s.policy;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import org.jspecify.annotations.Nullable;

/// Which domains a policy is for: `example.org` for that one, `*.example.org` for all below it,
/// however deep, and `*` for every domain.
///
/// @param domain in prepared form (RFC 7622 section 3.2); empty for every domain
/// @param below whether those below the domain are meant, and not itself
public record DomainPattern(String domain, boolean below) {
    private static final DomainPattern EVERY = new DomainPattern("", true);

    /// Reads a pattern; null if it is none.
    public static @Nullable DomainPattern parse(String text) {
        if (text.equals("*")) {
            return EVERY;
        }
        boolean below = text.startsWith("*.");
        try {
            Jid jid = Jid.parse(below ? text.substring(2) : text);
            return jid.hasLocal() || jid.isFull() ? null : new DomainPattern(jid.domain(), below);
        } catch (JidSyntaxException e) {
            return null;
        }
    }

    /// @param other a domain in prepared form
    public boolean matches(String other) {
        if (!below) {
            return other.equals(domain);
        }
        return domain.isEmpty() || other.endsWith('.' + domain);
    }

    /// Whether every domain that the other is for is one that this is for.
    boolean covers(DomainPattern other) {
        if (!below) {
            return equals(other);
        }
        return domain.isEmpty()
                || (!other.domain.isEmpty() && (matches(other.domain) || (other.below && domain.equals(other.domain))));
    }

    /// As it is written in the configuration.
    @Override
    public String toString() {
        if (domain.isEmpty()) {
            return "*";
        }
        return below ? "*." + domain : domain;
    }
}
