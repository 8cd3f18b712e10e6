package im.stanzabus.c2s.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Makes the TLS side of a connection (RFC 7590): TLS 1.3 and 1.2 with forward secrecy and authenticated
/// encryption only. Built on the JDK's engine, the only one here that exports keying material for channel
/// binding. Netty's handler is used as it is, because Vert.x cannot upgrade a connection of a server that
/// several verticles share. Safe from any thread.
public final class TlsContexts {
    private static final int CLOSE_NOTIFY_MILLIS = 500;
    private static final int CACHED_SESSIONS = 1_000;
    private static final int SESSION_SECONDS = 3_600;
    private static final String ALPN = "xmpp-client";
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private final SslContext upgraded;
    private final SslContext direct;
    private final Duration handshakeTimeout;

    /// @param clients checks client certificates; null to ask for none
    public TlsContexts(HostCertificates certificates, @Nullable ClientCertificates clients, Duration handshakeTimeout)
            throws SSLException {
        this.handshakeTimeout = handshakeTimeout;
        upgraded = builder(certificates, clients).build();
        direct = builder(certificates, clients)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.FATAL_ALERT,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.FATAL_ALERT,
                        ALPN))
                .build();
    }

    private static SslContextBuilder builder(HostCertificates certificates, @Nullable ClientCertificates clients) {
        SslContextBuilder builder = SslContextBuilder.forServer(certificates)
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .sessionCacheSize(CACHED_SESSIONS)
                .sessionTimeout(SESSION_SECONDS);
        if (clients != null) {
            builder.clientAuth(ClientAuth.OPTIONAL).trustManager(clients.asking());
        }
        return builder;
    }

    /// For a connection that is upgraded (RFC 6120 section 5): the first write, `<proceed/>`, goes out as
    /// it is, and everything that is read from now on must be TLS.
    public SslHandler upgrade(ByteBufAllocator allocator) {
        return limited(new SslHandler(upgraded.newEngine(allocator), true));
    }

    /// For a connection that begins with TLS (XEP-0368): a client that offers application protocols without
    /// `xmpp-client` among them is refused.
    public SslHandler direct(ByteBufAllocator allocator) {
        return limited(new SslHandler(direct.newEngine(allocator)));
    }

    private SslHandler limited(SslHandler handler) {
        handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
        // a peer that does not read does not hold up the end of its connection
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
        return handler;
    }
}
