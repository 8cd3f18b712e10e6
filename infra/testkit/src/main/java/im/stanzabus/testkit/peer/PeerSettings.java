package im.stanzabus.testkit.peer;

import im.stanzabus.testkit.TestCertificates;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a peer is set up.
///
/// @param domain its domain
/// @param proof what other servers have to show
/// @param certificate its own; null for one of the network's authority, for the domain and its
/// rooms
/// @param features what else it does
public record PeerSettings(
        String domain, Proof proof, TestCertificates.@Nullable Issued certificate, Set<Feature> features) {
    /// How a peer wants to be shown which domain a server may speak for.
    public enum Proof {
        /// It trusts no authority, so that only dialback is left (XEP-0220).
        DIALBACK,
        /// It takes a certificate of the network's authority, and dialback of those who have
        /// none.
        EITHER,
        /// It takes nothing but a certificate of the network's authority (XEP-0178).
        CERTIFICATE
    }

    /// What a peer can do or leave.
    public enum Feature {
        /// Streams that carry stanzas both ways (XEP-0288). Debian's ejabberd cannot.
        BIDIRECTIONAL,
        /// Acknowledgements between servers (XEP-0198). Debian's ejabberd cannot.
        ACKNOWLEDGEMENTS,
        /// Its names lead to a port for direct TLS only (XEP-0368).
        DIRECT_TLS,
        /// It runs as where it is installed, and not as a guest of a test: it logs warnings only
        /// and takes all processors, with the fastest garbage collector that it has.
        MEASURED
    }

    public PeerSettings {
        features = Set.copyOf(features);
    }

    /// A peer with a good certificate and nothing special.
    public static PeerSettings of(String domain, Proof proof) {
        return new PeerSettings(domain, proof, null, Set.of());
    }

    /// Shows another certificate.
    public PeerSettings showing(TestCertificates.Issued other) {
        return new PeerSettings(domain, proof, other, features);
    }

    /// Does this, too.
    public PeerSettings with(Feature feature) {
        EnumSet<Feature> all = EnumSet.of(feature);
        all.addAll(features);
        return new PeerSettings(domain, proof, certificate, all);
    }

    boolean has(Feature feature) {
        return features.contains(feature);
    }
}
