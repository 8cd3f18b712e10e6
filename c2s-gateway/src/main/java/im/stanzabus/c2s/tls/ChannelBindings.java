package im.stanzabus.c2s.tls;

import im.stanzabus.bus.api.AuthRequest.ChannelBinding;
import im.stanzabus.stream.tls.TlsEngine;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Channel-binding data of a TLS connection, from the server's side.
public final class ChannelBindings {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelBindings.class);
    private static final String EXPORTER = "tls-exporter";
    private static final String END_POINT = "tls-server-end-point";
    private static final int EXPORTER_BYTES = 32;

    private ChannelBindings() {}

    /// The types that the connection can give, best first. `tls-exporter` is for TLS 1.3 alone: in TLS 1.2
    /// it is safe only with the extended master secret (RFC 9266 section 4.2).
    public static List<String> types(SSLSession session, TlsEngine engine) {
        List<String> types = new ArrayList<>(2);
        if (engine.exportsKeyingMaterial() && session.getProtocol().equals("TLSv1.3")) {
            types.add(EXPORTER);
        }
        if (endPointHash(session) != null) {
            types.add(END_POINT);
        }
        return types;
    }

    /// The data of each of {@link #types}.
    public static List<ChannelBinding> of(SSLSession session, TlsEngine engine) {
        List<ChannelBinding> bindings = new ArrayList<>(2);
        for (String type : types(session, engine)) {
            byte[] data = type.equals(EXPORTER) ? exported(session) : endPoint(session);
            if (data != null) {
                bindings.add(new ChannelBinding(type, data));
            }
        }
        return bindings;
    }

    /// RFC 9266 section 2.
    private static byte @Nullable [] exported(SSLSession session) {
        if (!(session instanceof ExtendedSSLSession extended)) {
            return null;
        }
        try {
            return extended.exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], EXPORTER_BYTES);
        } catch (SSLKeyException e) {
            LOG.warn("no channel-binding data: {}", e.getMessage());
            return null;
        }
    }

    /// RFC 5929 section 4.1.
    private static byte @Nullable [] endPoint(SSLSession session) {
        String hash = endPointHash(session);
        if (hash == null) {
            return null;
        }
        try {
            return MessageDigest.getInstance(hash).digest(session.getLocalCertificates()[0].getEncoded());
        } catch (GeneralSecurityException e) {
            LOG.warn("no channel-binding data: {}", e.getMessage());
            return null;
        }
    }

    /// The hash of the certificate's own signature, SHA-256 for the weak ones; null where the signature has
    /// none.
    private static @Nullable String endPointHash(SSLSession session) {
        Certificate[] local = session.getLocalCertificates();
        return local != null && local.length > 0 && local[0] instanceof X509Certificate certificate
                ? signatureHash(certificate)
                : null;
    }

    static @Nullable String signatureHash(X509Certificate certificate) {
        String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        int with = algorithm.indexOf("WITH");
        String hash = with < 0 ? "" : algorithm.substring(0, with);
        if (algorithm.equals("RSASSA-PSS")) {
            hash = pssHash(certificate);
        }
        return switch (hash.replace("-", "")) {
            case "MD5", "SHA1", "SHA256" -> "SHA-256";
            case "SHA384" -> "SHA-384";
            case "SHA512" -> "SHA-512";
            default -> null;
        };
    }

    private static String pssHash(X509Certificate certificate) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(certificate.getSigAlgParams());
            return parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
        } catch (GeneralSecurityException | java.io.IOException e) {
            LOG.debug("unreadable signature parameters", e);
            return "";
        }
    }
}
