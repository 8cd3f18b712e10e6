package im.stanzabus.stream.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/// A PEM file, whose every failure is told in one sentence that begins with its name.
public record PemFile(Path path) {
    /// All certificates of the file, in its order; at least one. Blocks.
    ///
    /// @throws GeneralSecurityException if it cannot be used; the message is fit for people
    public X509Certificate[] certificates() throws GeneralSecurityException {
        byte[] content = bytes();
        X509Certificate[] found;
        try {
            found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(content))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toArray(X509Certificate[]::new);
        } catch (CertificateException e) {
            throw new CertificateException(path + " cannot be read as certificates in PEM form", e);
        }
        if (found.length == 0) {
            throw new CertificateException(path + " holds no certificate");
        }
        return found;
    }

    String text() throws GeneralSecurityException {
        return new String(bytes(), StandardCharsets.ISO_8859_1);
    }

    private byte[] bytes() throws GeneralSecurityException {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new GeneralSecurityException(path + (Files.exists(path) ? " cannot be read" : " does not exist"), e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
