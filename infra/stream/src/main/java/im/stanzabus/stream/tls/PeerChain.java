package im.stanzabus.stream.tls;

import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// The certificates that a peer has presented, its own first.
public final class PeerChain {
    private PeerChain() {}

    /// Null if it has presented none.
    public static X509Certificate @Nullable [] of(SSLSession session) {
        try {
            return Stream.of(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
        } catch (SSLPeerUnverifiedException _) {
            return null;
        }
    }
}
