package im.stanzabus.bench.load.wire;

import im.stanzabus.stream.tls.AnyCertificate;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;

/// Makes the clients' ends of TLS. They take any certificate, as servers under test sign their own, and resume no
/// session: every handshake is a full one.
final class TlsClient {
    private final SSLContext context;

    TlsClient() {
        try {
            context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /// The engine is not told whom it talks to, which is what keeps it from resuming.
    SSLEngine engine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        return engine;
    }
}
