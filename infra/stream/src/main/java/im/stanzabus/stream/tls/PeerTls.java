package im.stanzabus.stream.tls;

import im.stanzabus.stanza.DomainNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/// Makes the TLS side of connections that we open to other servers. The handshake names the
/// domain that is wanted (SNI), presents the certificate of one of ours and succeeds with any
/// certificate of the peer: what that is worth, {@link PeerCertificates} tells afterwards. No
/// session is resumed, so that it is always presented. Safe from any thread.
public final class PeerTls {
    private static final String PROTOCOL = "xmpp-server";

    private record Contexts(SslContext upgraded, SslContext direct) {}

    private final HostCertificates certificates;
    private final Duration handshakeTimeout;

    /// By the names of virtual hosts.
    private final ConcurrentHashMap<String, Contexts> contexts = new ConcurrentHashMap<>();

    public PeerTls(HostCertificates certificates, Duration handshakeTimeout) {
        this.certificates = certificates;
        this.handshakeTimeout = handshakeTimeout;
    }

    /// For a stream that is upgraded, once the server has let us (RFC 6120 section 5.4.2.3).
    ///
    /// @param local the domain of ours that the stream is for, in prepared form; one without a
    ///     certificate of its own presents that of the default host
    /// @param peer the domain that is wanted, in prepared form
    public TlsHandlers upgrade(String local, String peer) {
        SslContext context = contexts(local).upgraded();
        return allocator -> handler(context.newEngine(allocator), peer);
    }

    /// For a connection that begins with TLS (XEP-0368): offers the protocol `xmpp-server` (RFC
    /// 7301).
    ///
    /// @param local as for {@link #upgrade}
    /// @param peer as for {@link #upgrade}
    public TlsHandlers direct(String local, String peer) {
        SslContext context = contexts(local).direct();
        return allocator -> handler(context.newEngine(allocator), peer);
    }

    private SslHandler handler(SSLEngine engine, String peer) {
        String name = DomainNames.ascii(peer);
        if (DomainNames.isName(name)) { // an IP address is not indicated (RFC 6066 section 3)
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            engine.setSSLParameters(parameters);
        }
        return TlsRules.limited(new SslHandler(engine), handshakeTimeout);
    }

    private Contexts contexts(String local) {
        return contexts.computeIfAbsent(certificates.nameOf(local), this::made);
    }

    private Contexts made(String name) {
        try {
            return new Contexts(
                    builder(name).build(),
                    builder(name)
                            .applicationProtocolConfig(TlsRules.offering(PROTOCOL))
                            .build());
        } catch (SSLException e) {
            throw new IllegalStateException("TLS works for connections that are accepted", e);
        }
    }

    private SslContextBuilder builder(String name) {
        return TlsRules.applied(SslContextBuilder.forClient(), TlsEngine.JDK)
                .keyManager(new DomainKeys(certificates, name))
                .trustManager(new AnyCertificate())
                .endpointIdentificationAlgorithm(null);
    }
}
