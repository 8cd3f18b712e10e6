package im.stanzabus.c2s.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks what certificates clients present, for SASL EXTERNAL (RFC 6120 section 13.7.2.2.2, XEP-0178
/// section 2). A certificate that does not pass is no reason to refuse the connection: the client may log
/// in by other means. Safe from any thread.
public final class ClientCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(ClientCertificates.class);
    private static final String XMPP_ADDRESS = "1.3.6.1.5.5.7.8.5";
    private static final int OTHER_NAME = 0;

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

    /// The XMPP addresses in the client's certificate; null if it presented none that passes.
    public @Nullable List<String> addresses(SSLSession session) {
        try {
            if (!(session.getPeerCertificates() instanceof X509Certificate[] chain) || chain.length == 0) {
                return null;
            }
            anchors.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
            return addresses(chain[0]);
        } catch (SSLPeerUnverifiedException e) {
            return null;
        } catch (CertificateException e) {
            LOG.debug("client certificate refused: {}", e.getMessage());
            return null;
        }
    }

    /// The `id-on-xmppAddr` names (RFC 6120 section 13.7.1.4) of the subject.
    static List<String> addresses(X509Certificate certificate) throws CertificateException {
        List<String> found = new ArrayList<>();
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names != null) {
            for (List<?> name : names) {
                // Java gives the type's OID and the decoded value behind the encoded one
                if (name.size() >= 4
                        && Integer.valueOf(OTHER_NAME).equals(name.get(0))
                        && XMPP_ADDRESS.equals(name.get(2))) {
                    String address = text(name.get(3));
                    if (address != null) {
                        found.add(address);
                    }
                }
            }
        }
        return found;
    }

    /// An ASN.1 string as Java decoded it, or its DER form with the tag of UTF8String and a short length.
    private static @Nullable String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof byte[] der && der.length >= 2 && der[0] == 0x0c && der[1] == der.length - 2) {
            return new String(der, 2, der.length - 2, StandardCharsets.UTF_8);
        }
        return null;
    }

    /// For the handshake: asks for certificates of the trusted issuers and takes any.
    X509ExtendedTrustManager asking() {
        return new X509ExtendedTrustManager() {
            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return anchors.getAcceptedIssuers();
            }

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String authType) {}

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
                throw new CertificateException("not for servers");
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                    throws CertificateException {
                throw new CertificateException("not for servers");
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                    throws CertificateException {
                throw new CertificateException("not for servers");
            }
        };
    }
}
