package im.stanzabus.stream.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Judges the certificates that other servers present (RFC 5280 section 6, RFC 6120 section
/// 13.7.2), in streams that we open as in those that they open. Revocation is not looked up.
///
/// Who speaks for a domain needs a certificate for servers also where it opens the stream: for
/// certificates of clients nobody promises that the domain in them is the client's. It takes a
/// few milliseconds of the thread, whatever is presented: the path to an authority is looked for
/// without turning back. Safe from any thread.
public final class PeerCertificates {
    private static final String FOR_SERVERS = "1.3.6.1.5.5.7.3.1";
    private static final String FOR_EVERYTHING = "2.5.29.37.0";
    private static final int DIGITAL_SIGNATURE = 0;

    private final Authorities authorities;

    private PeerCertificates(Authorities authorities) {
        this.authorities = authorities;
    }

    /// Trusts these authorities alone. A certificate of a server may be among them, and is
    /// trusted by itself then.
    ///
    /// @param file PEM file with their certificates
    /// @throws GeneralSecurityException if it cannot be used; the message is fit for people and
    ///     names the file
    public static PeerCertificates trusting(Path file) throws GeneralSecurityException {
        return new PeerCertificates(Authorities.of(new PemFile(file).certificates()));
    }

    /// Trusts the authorities that come with Java, or that the property
    /// `javax.net.ssl.trustStore` names.
    ///
    /// @throws GeneralSecurityException if they cannot be read
    public static PeerCertificates trustingSystem() throws GeneralSecurityException {
        return new PeerCertificates(Authorities.ofSystem());
    }

    /// What the peer has presented in its handshake; null if that is nothing.
    public @Nullable PeerCertificate presented(SSLSession session) {
        X509Certificate[] chain = PeerChain.of(session);
        return chain == null ? null : judge(chain);
    }

    /// @param chain as it was presented: the peer's own first, the others in any order
    PeerCertificate judge(X509Certificate... chain) {
        X509Certificate own = chain[0];
        String problem = problem(own);
        return new PeerCertificate(
                own, PresentedNames.of(own), problem == null && !authorities.include(own) ? path(chain) : problem);
    }

    /// What is wrong with a server's certificate in itself; null if nothing is.
    private static @Nullable String problem(X509Certificate own) {
        Instant now = Instant.now();
        if (now.isAfter(own.getNotAfter().toInstant())) {
            return "it has expired on " + own.getNotAfter().toInstant();
        }
        if (now.isBefore(own.getNotBefore().toInstant())) {
            return "it is not valid before " + own.getNotBefore().toInstant();
        }
        boolean[] usage = own.getKeyUsage();
        if (usage != null && !usage[DIGITAL_SIGNATURE]) {
            return "its key may not sign handshakes";
        }
        try {
            List<String> purposes = own.getExtendedKeyUsage();
            if (purposes != null && !purposes.contains(FOR_SERVERS) && !purposes.contains(FOR_EVERYTHING)) {
                return "it is not for servers";
            }
        } catch (CertificateParsingException _) {
            return "what it is for cannot be read";
        }
        return null;
    }

    /// What is wrong on the way to an authority; null if nothing is.
    private @Nullable String path(X509Certificate... chain) {
        List<X509Certificate> path = new ArrayList<>(List.of(chain[0]));
        List<X509Certificate> others = new ArrayList<>(Arrays.asList(chain).subList(1, chain.length));
        X509Certificate authority = authorities.issuer(path.getLast());
        while (authority == null) {
            X509Certificate issuer = Authorities.issuer(path.getLast(), others);
            if (issuer == null) {
                return unknownIssuer(path);
            }
            others.remove(issuer);
            path.add(issuer);
            authority = authorities.issuer(issuer);
        }
        return validated(path, authority);
    }

    private static String unknownIssuer(List<X509Certificate> path) {
        X509Certificate last = path.getLast();
        boolean self = last.getIssuerX500Principal().equals(last.getSubjectX500Principal());
        if (self && path.size() == 1) {
            return "it is self-signed";
        }
        return "its issuer " + PrintableNames.of(last.getIssuerX500Principal())
                + (self ? " is not trusted" : " is not trusted, or a certificate between the two is missing");
    }

    private static @Nullable String validated(List<X509Certificate> path, X509Certificate authority) {
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
            parameters.setRevocationEnabled(false);
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return null;
        } catch (CertPathValidatorException e) {
            int index = e.getIndex();
            String which =
                    index <= 0 ? "it" : PrintableNames.of(path.get(index).getSubjectX500Principal()) + " in its chain";
            if (e.getReason() == BasicReason.EXPIRED) {
                return which + " has expired";
            }
            if (e.getReason() == BasicReason.NOT_YET_VALID) {
                return which + " is not valid yet";
            }
            return which + " does not pass: " + PrintableNames.of(String.valueOf(e.getMessage()));
        } catch (GeneralSecurityException e) {
            return "it cannot be checked: " + PrintableNames.of(String.valueOf(e.getMessage()));
        }
    }
}
