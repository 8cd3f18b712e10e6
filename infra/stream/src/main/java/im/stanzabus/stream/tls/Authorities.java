package im.stanzabus.stream.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/// Certificates whose issuers are trusted, by their subjects. Safe from any thread.
record Authorities(Map<X500Principal, List<X509Certificate>> bySubject) {
    static Authorities of(X509Certificate... certificates) {
        return new Authorities(
                Arrays.stream(certificates).collect(Collectors.groupingBy(X509Certificate::getSubjectX500Principal)));
    }

    /// Those that come with Java, or that the property `javax.net.ssl.trustStore` names.
    static Authorities ofSystem() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return of(x509.getAcceptedIssuers());
            }
        }
        throw new GeneralSecurityException("this Java has no X.509 trust manager");
    }

    boolean include(X509Certificate certificate) {
        return bySubject
                .getOrDefault(certificate.getSubjectX500Principal(), List.of())
                .contains(certificate);
    }

    /// The authority that has issued the certificate; null if it is not among these.
    @Nullable
    X509Certificate issuer(X509Certificate issued) {
        return issuer(issued, bySubject.getOrDefault(issued.getIssuerX500Principal(), List.of()));
    }

    /// The one of the candidates that has issued the certificate, rather a valid one; null if
    /// none has.
    static @Nullable X509Certificate issuer(X509Certificate issued, Collection<X509Certificate> candidates) {
        List<X509Certificate> issuers = new ArrayList<>();
        for (X509Certificate candidate : candidates) {
            if (candidate.getSubjectX500Principal().equals(issued.getIssuerX500Principal())
                    && isSignedBy(issued, candidate)) {
                issuers.add(candidate);
            }
        }
        for (X509Certificate issuer : issuers) {
            if (isValid(issuer)) {
                return issuer;
            }
        }
        return issuers.isEmpty() ? null : issuers.getFirst();
    }

    private static boolean isSignedBy(X509Certificate issued, X509Certificate issuer) {
        try {
            issued.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private static boolean isValid(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            return true;
        } catch (CertificateExpiredException | CertificateNotYetValidException _) {
            return false;
        }
    }
}
