package im.stanzabus.stream.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.security.PrivateKey;
import java.util.Set;

/// What does the cryptography of TLS.
public enum TlsEngine {
    /// The JDK's, which exports keying material for channel binding (RFC 9266) and refuses peers that offer other
    /// protocols only (RFC 7301 section 3.2).
    JDK(SslProvider.JDK),
    /// BoringSSL, which the server brings along for Linux, macOS and Windows. Handshakes take a fraction of the
    /// JDK's time. It does neither of the two.
    OPENSSL(SslProvider.OPENSSL_REFCNT);

    private static final Set<String> OPENSSL_KEYS = Set.of("RSA", "EC");

    final SslProvider provider;

    TlsEngine(SslProvider provider) {
        this.provider = provider;
    }

    /// Whether `tls-exporter` can be had.
    public boolean exportsKeyingMaterial() {
        return this == JDK;
    }

    /// Whether it can prove that it has this key.
    boolean takes(PrivateKey key) {
        return this == JDK || OPENSSL_KEYS.contains(key.getAlgorithm());
    }

    /// Why it cannot be used on this machine, in one line; empty if it can.
    public String missing() {
        return this == JDK || OpenSsl.isAvailable() ? "" : reason(OpenSsl.unavailabilityCause());
    }

    /// The library is looked for in several places; why none of them will do is told at the end of what was
    /// suppressed.
    static String reason(Throwable failure) {
        Throwable[] suppressed = failure.getSuppressed();
        if (suppressed.length > 0) {
            return reason(suppressed[suppressed.length - 1]);
        }
        if (failure.getCause() != null) {
            return reason(failure.getCause());
        }
        String message = failure.getMessage();
        return message == null
                ? failure.toString()
                : message.lines().findFirst().orElse("");
    }
}
