package im.stanzabus.stream.tls;

import java.io.ByteArrayInputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificates that a peer has presented, its own first.
public final class PeerChain {
    private static final Logger LOG = LoggerFactory.getLogger(PeerChain.class);

    private PeerChain() {}

    /// Null if it has presented none, or something that is no certificate.
    public static X509Certificate @Nullable [] of(SSLSession session) {
        try {
            Certificate[] presented = session.getPeerCertificates();
            return presented instanceof X509Certificate[] read ? read : read(presented);
        } catch (SSLPeerUnverifiedException _) {
            return null;
        } catch (CertificateException e) {
            LOG.debug("certificate refused: {}", e.getMessage());
            return null;
        }
    }

    /// OpenSSL's engine has only their bytes, which nobody has looked at.
    private static X509Certificate[] read(Certificate... presented) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        X509Certificate[] chain = new X509Certificate[presented.length];
        for (int i = 0; i < chain.length; i++) {
            chain[i] =
                    (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(presented[i].getEncoded()));
        }
        return chain;
    }
}
