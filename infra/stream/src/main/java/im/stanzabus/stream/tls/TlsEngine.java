package im.stanzabus.stream.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/// What does the cryptography of TLS.
public enum TlsEngine {
    /// The JDK's, which exports keying material for channel binding (RFC 9266) and refuses peers that offer other
    /// protocols only (RFC 7301 section 3.2).
    JDK(SslProvider.JDK),
    /// BoringSSL, which the server brings along for Linux, macOS and Windows. Handshakes take a fraction of the
    /// JDK's time. It does neither of the two.
    OPENSSL(SslProvider.OPENSSL_REFCNT);

    final SslProvider provider;

    TlsEngine(SslProvider provider) {
        this.provider = provider;
    }

    /// Whether `tls-exporter` can be had.
    public boolean exportsKeyingMaterial() {
        return this == JDK;
    }

    /// Why it cannot be used on this machine; empty if it can.
    public String missing() {
        if (this == JDK || OpenSsl.isAvailable()) {
            return "";
        }
        Throwable cause = OpenSsl.unavailabilityCause();
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
