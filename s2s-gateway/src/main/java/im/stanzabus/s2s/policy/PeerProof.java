package im.stanzabus.s2s.policy;

import org.jspecify.annotations.Nullable;

/// What a stream has shown of the peer at its other end.
///
/// @param tls the stream is encrypted
/// @param certificate the peer's certificate is trusted, and valid for the domain in question
/// @param pin the public key of the peer's certificate, trusted or not; null without one
public record PeerProof(
        boolean tls, boolean certificate, @Nullable PublicKeyPin pin) {
    /// A stream without TLS.
    public static final PeerProof NONE = new PeerProof(false, false, null);
}
