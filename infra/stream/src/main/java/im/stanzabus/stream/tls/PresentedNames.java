package im.stanzabus.stream.tls;

import im.stanzabus.stanza.DomainNames;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.OtherName;

/// The names that a certificate's subject has for XMPP, as they are written in it. The common
/// name is none (RFC 9525 section 2).
///
/// @param dns each a dNSName
/// @param services each an SRVName (RFC 4985)
/// @param addresses each an `id-on-xmppAddr` (RFC 6120 section 13.7.1.4)
public record PresentedNames(List<String> dns, List<String> services, List<String> addresses) {
    private static final String SRV_NAME = "1.3.6.1.5.5.7.8.7";
    private static final String XMPP_ADDRESS = "1.3.6.1.5.5.7.8.5";

    /// The service of servers; with direct TLS too, whose certificates are checked as those of
    /// STARTTLS are (XEP-0368 section 2).
    private static final String SERVER = "_xmpp-server.";

    private static final String WILDCARD = "*.";

    public PresentedNames {
        dns = List.copyOf(dns);
        services = List.copyOf(services);
        addresses = List.copyOf(addresses);
    }

    /// The names in a certificate; none if they cannot be read.
    public static PresentedNames of(X509Certificate certificate) {
        List<String> dns = new ArrayList<>();
        List<String> services = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        try {
            for (GeneralName name : names(certificate)) {
                if (name.getTagNo() == GeneralName.dNSName) {
                    dns.add(ASN1IA5String.getInstance(name.getName()).getString());
                } else if (name.getTagNo() == GeneralName.otherName) {
                    OtherName other = OtherName.getInstance(name.getName());
                    if (other.getValue() instanceof ASN1String value) {
                        switch (other.getTypeID().getId()) {
                            case SRV_NAME -> services.add(value.getString());
                            case XMPP_ADDRESS -> addresses.add(value.getString());
                            default -> {}
                        }
                    }
                }
            }
        } catch (RuntimeException _) { // several are thrown for what is malformed
            return new PresentedNames(List.of(), List.of(), List.of());
        }
        return new PresentedNames(dns, services, addresses);
    }

    private static GeneralName[] names(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(Extension.subjectAlternativeName.getId());
        return extension == null
                ? new GeneralName[0]
                : GeneralNames.getInstance(
                                ASN1OctetString.getInstance(extension).getOctets())
                        .getNames();
    }

    /// Whether one of the names is that of the server of a domain (RFC 9525 section 6, RFC 6120
    /// section 13.7.2.1).
    ///
    /// @param domain in prepared form
    public boolean include(String domain) {
        String ascii = DomainNames.ascii(domain);
        // an IP address is not compared with names (RFC 9525 section 6.4)
        boolean named = DomainNames.isName(ascii)
                && (dns.stream().anyMatch(name -> matches(name, ascii))
                        || services.stream().anyMatch(name -> name.equalsIgnoreCase(SERVER + ascii)));
        return named || addresses.stream().anyMatch(address -> isDomain(address, domain));
    }

    /// A wildcard stands for one whole label, the left-most, and never for all of a domain below
    /// its top level.
    private static boolean matches(String name, String ascii) {
        if (!name.startsWith(WILDCARD)) {
            return name.equalsIgnoreCase(ascii);
        }
        String parent = name.substring(WILDCARD.length());
        int dot = ascii.indexOf('.');
        return parent.indexOf('.') > 0 && dot > 0 && ascii.substring(dot + 1).equalsIgnoreCase(parent);
    }

    private static boolean isDomain(String address, String domain) {
        try {
            return Jid.prepared(null, address, null).domain().equals(domain);
        } catch (JidSyntaxException _) {
            return false;
        }
    }

    @Override
    public String toString() {
        List<String> all = new ArrayList<>(dns);
        all.addAll(services);
        all.addAll(addresses);
        return all.isEmpty() ? "no names" : PrintableNames.of(String.join(", ", all));
    }
}
