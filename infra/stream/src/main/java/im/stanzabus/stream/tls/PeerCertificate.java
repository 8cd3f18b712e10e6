package im.stanzabus.stream.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The certificate of another server, which has proved in its handshake that it has the key.
///
/// @param certificate its own, without the chain
/// @param problem why it is not trusted, as a part of a sentence about "it"; null if it is trusted
public record PeerCertificate(
        X509Certificate certificate,
        PresentedNames names,
        @Nullable String problem) {

    /// True if a trusted authority has issued it, for whatever names.
    public boolean isTrusted() {
        return problem == null;
    }

    /// True if a trusted authority says that this is the server of the domain.
    ///
    /// @param domain in prepared form
    public boolean isFor(String domain) {
        return isTrusted() && names.include(domain);
    }

    /// Why it is not good for the domain, as a part of a sentence about "it"; null if it is.
    ///
    /// @param domain in prepared form
    public @Nullable String refusal(String domain) {
        if (problem != null) {
            return problem;
        }
        return names.include(domain) ? null : "it is for " + names;
    }

    /// The SHA-256 of the public key (the whole SubjectPublicKeyInfo) in hexadecimal digits,
    /// lower case. It stays when a certificate is renewed for the same key.
    public String keyDigest() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(certificate.getPublicKey().getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
