package im.stanzabus.s2s;

import im.stanzabus.launcher.CertificateFiles;
import im.stanzabus.launcher.Certificates;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.StartupException;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.launcher.config.ConfigException;
import im.stanzabus.s2s.S2sConfig.Written;
import im.stanzabus.stream.tls.AnyCertificate;
import im.stanzabus.stream.tls.CertificateFolder;
import im.stanzabus.stream.tls.HostCertificates;
import im.stanzabus.stream.tls.HostFiles;
import im.stanzabus.stream.tls.PeerCertificates;
import im.stanzabus.stream.tls.PeerTls;
import im.stanzabus.stream.tls.TlsContexts;
import im.stanzabus.stream.tls.TlsEngine;
import im.stanzabus.stream.tls.TlsHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;

/// What the configuration makes of TLS between servers. Safe from any thread.
///
/// @param accepting for connections of others
/// @param opening for connections of ours
/// @param judge tells what the certificates of others are worth
record ServerTls(HostCertificates certificates, TlsContexts accepting, PeerTls opening, PeerCertificates judge) {
    private static final String ALPN = "xmpp-server";

    /// Reads keys and certificates; blocks.
    ///
    /// @throws ConfigException if a file that the configuration names cannot be used
    /// @throws StartupException if one of those cannot be used that were made at the first start
    static ServerTls read(S2sConfig config, ServiceContext context) {
        HostCertificates certificates = certificates(config, context);
        try {
            return new ServerTls(
                    certificates,
                    new TlsContexts(
                            certificates,
                            new AnyCertificate(),
                            ALPN,
                            config.timeouts().handshake()),
                    new PeerTls(certificates, config.timeouts().handshake()),
                    judge(config));
        } catch (SSLException e) {
            throw new StartupException("TLS cannot be used: " + e.getMessage());
        }
    }

    private static PeerCertificates judge(S2sConfig config) {
        Written authorities = config.authorities();
        try {
            return authorities.isGiven()
                    ? PeerCertificates.trusting(authorities.path())
                    : PeerCertificates.trustingSystem();
        } catch (GeneralSecurityException e) {
            throw mistake(authorities, e);
        }
    }

    private static HostCertificates certificates(S2sConfig config, ServiceContext context) {
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
                    TlsEngine.JDK);
        } catch (GeneralSecurityException e) {
            throw mistake(configured, e);
        }
    }

    private static HostFiles selfSigned(Path made, String domain) {
        CertificateFiles files = Certificates.ensure(made, domain);
        return new HostFiles(domain, files.chain(), files.key());
    }

    private static RuntimeException mistake(Written written, GeneralSecurityException e) {
        String message = String.valueOf(e.getMessage());
        return written.isGiven() ? written.place().mistake(message) : new StartupException(message);
    }

    /// For a stream that we begin, and that is upgraded.
    TlsHandlers upgrade(String local, String remote) {
        return opening.upgrade(local, remote);
    }

    /// For a connection of ours that begins with TLS.
    TlsHandlers direct(String local, String remote) {
        return opening.direct(local, remote);
    }
}
