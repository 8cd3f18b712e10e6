package im.stanzabus.c2s.tls;

import im.stanzabus.stream.tls.AnyCertificate;
import im.stanzabus.stream.tls.PeerChain;
import im.stanzabus.stream.tls.PemFile;
import im.stanzabus.stream.tls.PresentedNames;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks what certificates clients present, for SASL EXTERNAL (RFC 6120 section 13.7.2.2.2, XEP-0178
/// section 2). A certificate that does not pass is no reason to refuse the connection: the client may log
/// in by other means. Safe from any thread.
public final class ClientCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(ClientCertificates.class);

    private final X509TrustManager anchors;

    private ClientCertificates(X509TrustManager anchors) {
        this.anchors = anchors;
    }

    /// @param anchorFile PEM file with the certificates of the issuers that are trusted
    /// @throws GeneralSecurityException if it holds no certificates; the message is fit for people
    public static ClientCertificates trusting(Path anchorFile) throws GeneralSecurityException {
        X509Certificate[] certificates = new PemFile(anchorFile).certificates();
        KeyStore store = empty();
        for (X509Certificate certificate : certificates) {
            store.setCertificateEntry("anchor" + store.size(), certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return new ClientCertificates(x509);
            }
        }
        throw new GeneralSecurityException("this Java has no X.509 trust manager");
    }

    private static KeyStore empty() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new IllegalStateException("nothing is read for an empty store", e);
        }
        return store;
    }

    /// The `id-on-xmppAddr` names (RFC 6120 section 13.7.1.4) in the client's certificate; null
    /// if it presented none that passes.
    public @Nullable List<String> addresses(SSLSession session) {
        X509Certificate[] chain = PeerChain.of(session);
        if (chain == null) {
            return null;
        }
        try {
            anchors.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
            return PresentedNames.of(chain[0]).addresses();
        } catch (CertificateException e) {
            LOG.debug("client certificate refused: {}", e.getMessage());
            return null;
        }
    }

    /// For the handshake: asks for certificates of the trusted issuers and takes any.
    public AnyCertificate asking() {
        return new AnyCertificate(anchors.getAcceptedIssuers());
    }
}
