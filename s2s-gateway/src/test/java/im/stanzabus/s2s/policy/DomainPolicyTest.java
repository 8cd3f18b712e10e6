package im.stanzabus.s2s.policy;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.s2s.policy.DomainPolicy.Authentication;
import im.stanzabus.s2s.policy.DomainPolicy.Encryption;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainPolicyTest {
    private static final PublicKeyPin PIN = new PublicKeyPin("0".repeat(64));
    private static final PublicKeyPin OTHER = new PublicKeyPin("1".repeat(64));

    /// What a stream can show of its peer.
    enum Shown {
        PLAIN(PeerProof.NONE),
        TLS(new PeerProof(true, false, null)),
        CERTIFICATE(new PeerProof(true, true, OTHER)),
        PIN(new PeerProof(true, false, DomainPolicyTest.PIN)),
        OTHER_KEY(new PeerProof(true, false, OTHER));

        private final PeerProof proof;

        Shown(PeerProof proof) {
            this.proof = proof;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CERTIFICATE, REQUIRED, PLAIN,       TLS_MISSING",
        "CERTIFICATE, REQUIRED, TLS,         PROOF_MISSING",
        "CERTIFICATE, REQUIRED, CERTIFICATE, PROVEN",
        "CERTIFICATE, REQUIRED, OTHER_KEY,   PROOF_MISSING",
        "CERTIFICATE, OPTIONAL, PLAIN,       TLS_MISSING",
        "DIALBACK,    REQUIRED, PLAIN,       TLS_MISSING",
        "DIALBACK,    REQUIRED, TLS,         MAY_DIAL_BACK",
        "DIALBACK,    REQUIRED, CERTIFICATE, PROVEN",
        "DIALBACK,    REQUIRED, PIN,         MAY_DIAL_BACK",
        "DIALBACK,    OPTIONAL, PLAIN,       MAY_DIAL_BACK",
        "DIALBACK,    OPTIONAL, CERTIFICATE, PROVEN",
        "PINNED,      REQUIRED, PLAIN,       TLS_MISSING",
        "PINNED,      REQUIRED, TLS,         PROOF_MISSING",
        "PINNED,      REQUIRED, PIN,         PROVEN",
        "PINNED,      REQUIRED, OTHER_KEY,   PROOF_MISSING",
        "PINNED,      REQUIRED, CERTIFICATE, PROOF_MISSING",
        "PINNED,      OPTIONAL, PLAIN,       TLS_MISSING"
    })
    void standing(Authentication authentication, Encryption tls, Shown shown, Standing expected) {
        DomainPolicy policy = new DomainPolicy(authentication, Set.of(PIN), false, tls, null);

        assertThat(policy.standing(shown.proof)).isEqualTo(expected);
        assertThat(new DomainPolicy(authentication, Set.of(PIN), true, tls, null).standing(shown.proof))
                .isEqualTo(Standing.BLOCKED);
    }

    @Test
    void tlsIsRequiredUnlessAPolicySaysOtherwise() {
        assertThat(DomainPolicy.DEFAULT.requiresTls()).isTrue();
        assertThat(new DomainPolicy(Authentication.DIALBACK, Set.of(), false, Encryption.OPTIONAL, null).requiresTls())
                .isFalse();
    }
}
