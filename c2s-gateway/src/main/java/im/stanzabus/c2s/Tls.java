package im.stanzabus.c2s;

import im.stanzabus.c2s.C2sConfig.Written;
import im.stanzabus.c2s.tls.ClientCertificates;
import im.stanzabus.launcher.CertificateFiles;
import im.stanzabus.launcher.Certificates;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.StartupException;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.launcher.config.ConfigException;
import im.stanzabus.stream.tls.CertificateFolder;
import im.stanzabus.stream.tls.HostCertificates;
import im.stanzabus.stream.tls.HostFiles;
import im.stanzabus.stream.tls.TlsContexts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the configuration makes of TLS.
///
/// @param clients null if no client certificates are asked for
record Tls(HostCertificates certificates, @Nullable ClientCertificates clients, TlsContexts contexts) {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
    private static final String ALPN = "xmpp-client";

    /// Reads keys and certificates and makes a first connection's engine, which takes long in a cold
    /// process.
    ///
    /// @throws ConfigException if a file that the configuration names cannot be used
    /// @throws StartupException if one of those cannot be used that were made at the first start
    static Tls read(C2sConfig config, ServiceContext context) {
        HostCertificates certificates = certificates(config, context);
        ClientCertificates clients = clients(config, context);
        try {
            return new Tls(
                    certificates,
                    clients,
                    new TlsContexts(
                            certificates,
                            clients == null ? null : clients.asking(),
                            ALPN,
                            config.timeouts().handshake()));
        } catch (SSLException e) {
            throw new StartupException("TLS cannot be used: " + e.getMessage());
        }
    }

    private static HostCertificates certificates(C2sConfig config, ServiceContext context) {
        Written configured = config.certificates();
        if (configured.isGiven() && !Files.isDirectory(configured.path())) {
            throw configured.place().mistake(configured.path() + " is not a folder");
        }
        Path made = context.dataFolder().resolve("certificates");
        CertificateFolder folder = new CertificateFolder(configured.path(), domain -> selfSigned(made, domain));
        try {
            return new HostCertificates(
                    () -> folder.files(
                            context.hosts().stream().map(VirtualHost::domain).toList()),
                    config.tlsEngine());
        } catch (GeneralSecurityException e) {
            throw mistake(configured, e);
        }
    }

    /// Those made at the first start.
    private static HostFiles selfSigned(Path made, String domain) {
        CertificateFiles files = Certificates.ensure(made, domain);
        return new HostFiles(domain, files.chain(), files.key());
    }

    private static @Nullable ClientCertificates clients(C2sConfig config, ServiceContext context) {
        if (context.hosts().stream().noneMatch(VirtualHost::external)) {
            return null;
        }
        Written authorities = config.clientAuthorities();
        if (!authorities.isGiven()) {
            LOG.warn("no client-authorities are configured, so no client certificate will pass for SASL EXTERNAL");
            return null;
        }
        try {
            return ClientCertificates.trusting(authorities.path());
        } catch (GeneralSecurityException e) {
            throw mistake(authorities, e);
        }
    }

    private static RuntimeException mistake(Written written, GeneralSecurityException e) {
        String message = String.valueOf(e.getMessage());
        return written.isGiven() ? written.place().mistake(message) : new StartupException(message);
    }
}
