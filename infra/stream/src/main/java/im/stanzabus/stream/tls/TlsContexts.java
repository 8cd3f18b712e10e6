package im.stanzabus.stream.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Makes the TLS side of connections that were accepted. Safe from any thread.
public final class TlsContexts {
    private static final int CACHED_SESSIONS = 1_000;
    private static final int SESSION_SECONDS = 3_600;

    private final SslContext upgraded;
    private final SslContext direct;
    private final Duration handshakeTimeout;

    /// What is made here is kept until the process ends.
    ///
    /// @param peers asks for certificates of peers; null to ask for none
    /// @param protocol the protocol of connections that begin with TLS (RFC 7301), such as
    ///     `xmpp-client`
    public TlsContexts(
            HostCertificates certificates, @Nullable AnyCertificate peers, String protocol, Duration handshakeTimeout)
            throws SSLException {
        this.handshakeTimeout = handshakeTimeout;
        upgraded = withoutOldCertificates(builder(certificates, peers).build());
        direct = withoutOldCertificates(builder(certificates, peers)
                .applicationProtocolConfig(TlsRules.serving(protocol, certificates.engine()))
                .build());
    }

    private static SslContextBuilder builder(HostCertificates certificates, @Nullable AnyCertificate peers) {
        SslContextBuilder builder = TlsRules.applied(server(certificates), certificates.engine())
                .sessionCacheSize(CACHED_SESSIONS)
                .sessionTimeout(SESSION_SECONDS);
        if (peers != null) {
            builder.clientAuth(ClientAuth.OPTIONAL).trustManager(peers);
        }
        return builder;
    }

    /// OpenSSL's engine reads keys and certificates from PEM, and keeps what it has read by the alias, which is
    /// another one for a new certificate.
    private static SslContextBuilder server(HostCertificates certificates) {
        return certificates.engine() == TlsEngine.JDK
                ? SslContextBuilder.forServer(certificates)
                : SslContextBuilder.forServer(new OpenSslCachingX509KeyManagerFactory(new HostKeys(certificates)));
    }

    /// A session that OpenSSL's engine resumes does not know which certificate it began with, which channel binding is
    /// to. So it resumes none.
    private static SslContext withoutOldCertificates(SslContext context) {
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setSessionCacheEnabled(false);
        }
        return context;
    }

    /// For a connection that is upgraded (RFC 6120 section 5): the first write, `<proceed/>`,
    /// goes out as it is, and everything that is read from now on must be TLS.
    public SslHandler upgrade(ByteBufAllocator allocator) {
        return TlsRules.limited(new SslHandler(upgraded.newEngine(allocator), true), handshakeTimeout);
    }

    /// For a connection that begins with TLS (XEP-0368): a peer that offers application protocols
    /// without ours among them is refused.
    public SslHandler direct(ByteBufAllocator allocator) {
        return TlsRules.limited(new SslHandler(direct.newEngine(allocator)), handshakeTimeout);
    }
}
