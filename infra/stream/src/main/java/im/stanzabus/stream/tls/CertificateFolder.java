package im.stanzabus.stream.tls;

import im.stanzabus.stanza.DomainNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/// Finds the certificates of the virtual hosts: those in the configured folder, else others.
///
/// @param configured the folder of the configuration; the empty path for none
/// @param otherwise the files of a domain that has none there; may block
public record CertificateFolder(Path configured, Function<String, HostFiles> otherwise) {

    /// One pair of files per domain, in the order of the domains. Blocks.
    public List<HostFiles> files(List<String> domains) {
        return domains.stream().map(this::files).toList();
    }

    /// The names under which the usual tools leave certificates. Half a pair is a mistake, which
    /// shows when the other half is read: a certificate that nobody knows would serve in its
    /// place.
    private HostFiles files(String domain) {
        if (!configured.toString().isEmpty()) {
            String name = DomainNames.ascii(domain);
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
        return otherwise.apply(domain);
    }
}
