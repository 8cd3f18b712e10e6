package im.stanzabus.s2s.policy;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is asked of a domain, in both directions.
///
/// @param authentication how it has to prove itself
/// @param pins public keys, one of which it must have; only for {@link Authentication#PINNED}
/// @param blocked nothing is sent to it and nothing is taken from it
/// @param destination where it is; null for what DNS says
public record DomainPolicy(
        Authentication authentication,
        Set<PublicKeyPin> pins,
        boolean blocked,
        Encryption tls,
        @Nullable Destination destination) {

    /// How a domain proves itself.
    public enum Authentication {
        /// By a certificate that a known authority has issued for the domain.
        CERTIFICATE,
        /// So if it can, else by dialback.
        DIALBACK,
        /// By a key that is known beforehand, whoever has signed it.
        PINNED
    }

    /// What TLS is to its streams.
    public enum Encryption {
        REQUIRED,
        /// It is used where both can.
        OPTIONAL
    }

    /// For domains that no policy is written for.
    public static final DomainPolicy DEFAULT =
            new DomainPolicy(Authentication.DIALBACK, Set.of(), false, Encryption.REQUIRED, null);

    /// Whether nothing may be said on a stream without TLS but what leads to TLS.
    public boolean requiresTls() {
        return tls == Encryption.REQUIRED || authentication != Authentication.DIALBACK;
    }

    /// How a peer stands that claims to speak for the domain.
    public Standing standing(PeerProof proof) {
        if (blocked) {
            return Standing.BLOCKED;
        }
        if (!proof.tls() && requiresTls()) {
            return Standing.TLS_MISSING;
        }
        boolean certified = proof.tls() && proof.certificate();
        return switch (authentication) {
            case CERTIFICATE -> certified ? Standing.PROVEN : Standing.PROOF_MISSING;
            case DIALBACK -> certified ? Standing.PROVEN : Standing.MAY_DIAL_BACK;
            case PINNED -> proof.pin() != null && pins.contains(proof.pin()) ? Standing.PROVEN : Standing.PROOF_MISSING;
        };
    }
}
