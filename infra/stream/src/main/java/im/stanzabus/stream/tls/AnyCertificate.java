package im.stanzabus.stream.tls;

import java.net.Socket;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Lets a handshake succeed with whatever certificate the peer presents, or none: what it is
/// worth is for the protocol to decide, which can say what is wrong and has other means of
/// authentication. That the peer has the key is proved by the handshake all the same. Safe from
/// any thread.
public final class AnyCertificate extends X509ExtendedTrustManager {
    private final X509Certificate[] issuers;

    /// @param issuers whose certificates are asked for; none to ask for any
    public AnyCertificate(X509Certificate... issuers) {
        this.issuers = issuers.clone();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return issuers.clone();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}
}
