package im.stanzabus.testkit;

import im.stanzabus.stream.tls.AnyCertificate;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// How a client speaks TLS. It accepts every certificate: what the server shows is for the test to judge.
///
/// @param version `TLSv1.2` or `TLSv1.3`
/// @param protocols offered by ALPN
/// @param sni the server name that is indicated; null for the host of the connection, empty for none
/// @param keys with a client certificate, if there is one
public record TlsClient(
        String version, List<String> protocols, @Nullable String sni, KeyManager @Nullable [] keys) {
    /// The usual client.
    public static final TlsClient DEFAULT = new TlsClient("TLSv1.3", List.of(), null, null);

    public TlsClient withVersion(String other) {
        return new TlsClient(other, protocols, sni, keys);
    }

    public TlsClient withProtocols(String... names) {
        return new TlsClient(version, List.of(names), sni, keys);
    }

    public TlsClient withSni(String name) {
        return new TlsClient(version, protocols, name, keys);
    }

    public TlsClient withKeys(KeyManager... managers) {
        return new TlsClient(version, protocols, sni, managers);
    }

    /// Negotiates TLS over a connected socket.
    SSLSocket over(Socket socket, String host) throws IOException {
        SSLSocket secured = (SSLSocket) context().getSocketFactory().createSocket(socket, host, socket.getPort(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(protocols.toArray(String[]::new));
        String name = sni == null ? host : sni;
        parameters.setServerNames(name.isEmpty() ? List.of() : List.of(new SNIHostName(name)));
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {new AnyCertificate()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
