package im.stanzabus.c2s;

import im.stanzabus.c2s.tls.HostFiles;
import im.stanzabus.launcher.CertificateFiles;
import im.stanzabus.launcher.Certificates;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.VirtualHost;
import java.net.IDN;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Finds the certificates of the virtual hosts: those in the configured folder, else those made at the
/// first start.
///
/// @param configured the folder of the configuration; the empty path for none
/// @param made the folder for self-signed certificates
record CertificateFolder(Path configured, Path made) {

    static CertificateFolder of(C2sConfig config, ServiceContext context) {
        return new CertificateFolder(
                config.certificates().path(), context.dataFolder().resolve("certificates"));
    }

    /// One pair of files per host, in the order of the hosts. Blocks; makes what is missing.
    List<HostFiles> files(List<VirtualHost> hosts) {
        List<HostFiles> files = new ArrayList<>();
        for (VirtualHost host : hosts) {
            files.add(files(host.domain()));
        }
        return files;
    }

    /// The names under which the usual tools leave certificates. Half a pair is a mistake, which shows
    /// when the other half is read: a certificate that nobody knows would serve in its place.
    private HostFiles files(String domain) {
        if (!configured.toString().isEmpty()) {
            String name = domain.startsWith("[") ? domain : IDN.toASCII(domain);
            List<HostFiles> candidates = List.of(
                    new HostFiles(domain, configured.resolve(name + ".crt"), configured.resolve(name + ".key")),
                    new HostFiles(
                            domain,
                            configured.resolve(name).resolve("fullchain.pem"),
                            configured.resolve(name).resolve("privkey.pem")),
                    new HostFiles(domain, configured.resolve("fullchain.pem"), configured.resolve("privkey.pem")));
            HostFiles half = null;
            for (HostFiles candidate : candidates) {
                boolean chain = Files.exists(candidate.chain());
                boolean key = Files.exists(candidate.key());
                if (chain && key) {
                    return candidate;
                }
                half = half == null && (chain || key) ? candidate : half;
            }
            if (half != null) {
                return half;
            }
        }
        CertificateFiles self = Certificates.ensure(made, domain);
        return new HostFiles(domain, self.chain(), self.key());
    }
}
