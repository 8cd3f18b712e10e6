package im.stanzabus.launcher;

import java.nio.file.Path;

/// The PEM files of one domain's certificate.
///
/// @param chain the certificate, followed by intermediate ones
/// @param key the private key (PKCS#8)
public record CertificateFiles(Path chain, Path key) {}
