package im.stanzabus.stream.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Presents the certificate of one domain to servers, whatever issuers they name: which
/// certificates they take is for them to decide after the handshake, and they have other means of
/// authentication. Safe from any thread.
final class DomainKeys extends X509ExtendedKeyManager {
    private final HostCertificates certificates;
    private final String name;

    /// @param name as {@link HostCertificates#nameOf} gives it
    DomainKeys(HostCertificates certificates, String name) {
        this.certificates = certificates;
        this.name = name;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        return certificates.alias(name, List.of(keyTypes));
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return certificates.getCertificateChain(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return certificates.getPrivateKey(alias);
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }
}
