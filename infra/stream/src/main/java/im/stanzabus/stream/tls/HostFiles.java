package im.stanzabus.stream.tls;

import java.nio.file.Path;

/// The PEM files with the certificate of a virtual host.
///
/// @param host the virtual host's domain, in prepared form
/// @param chain the host's certificate and those that lead to its issuer
/// @param key the private key
public record HostFiles(String host, Path chain, Path key) {}
