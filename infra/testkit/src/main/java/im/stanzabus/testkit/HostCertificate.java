package im.stanzabus.testkit;

import im.stanzabus.testkit.TestCertificates.Issued;
import im.stanzabus.testkit.TestCertificates.Validity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/// What a server's certificate is to say. Unless something else is asked for it is signed by the
/// authority, good for a week, and says nothing of what it may be used for. To be used by one
/// thread.
public final class HostCertificate {
    private static final ASN1ObjectIdentifier SRV_NAME = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.7");

    private final TestCertificates authority;
    private final List<GeneralName> names = new ArrayList<>();
    private final List<Extension> extensions = new ArrayList<>();
    private Validity validity = new Validity(TestCertificates.BEGUN, TestCertificates.GOOD);
    private boolean selfSigned;

    HostCertificate(TestCertificates authority, String... domains) {
        this.authority = authority;
        for (String domain : domains) {
            names.add(new GeneralName(GeneralName.dNSName, domain));
        }
    }

    /// Adds an `id-on-xmppAddr` (RFC 6120 section 13.7.1.4).
    public HostCertificate xmppAddr(String domain) {
        names.add(TestCertificates.otherName(TestCertificates.XMPP_ADDR, new DERUTF8String(domain)));
        return this;
    }

    /// Adds an `SRVName` (RFC 4985), such as `_xmpp-server.example.org`.
    public HostCertificate srvName(String name) {
        names.add(TestCertificates.otherName(SRV_NAME, new DERIA5String(name)));
        return this;
    }

    /// Was good until yesterday.
    public HostCertificate expired() {
        validity = new Validity(TestCertificates.BEGUN, TestCertificates.OVER);
        return this;
    }

    /// Is good from tomorrow on.
    public HostCertificate notYetValid() {
        validity = new Validity(Duration.ofDays(1), TestCertificates.GOOD);
        return this;
    }

    /// Is signed by nobody but its owner.
    public HostCertificate selfSigned() {
        selfSigned = true;
        return this;
    }

    /// May be used by servers only, not by clients, as certificates of public authorities are
    /// (RFC 5280 section 4.2.1.12).
    public HostCertificate forServersOnly() {
        extensions.add(TestCertificates.extension(
                Extension.extendedKeyUsage, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)));
        return this;
    }

    /// The certificate, with a new key.
    public Issued issue() {
        List<Extension> all = new ArrayList<>(extensions);
        if (!names.isEmpty()) {
            GeneralNames alternative = new GeneralNames(names.toArray(GeneralName[]::new));
            all.add(TestCertificates.extension(Extension.subjectAlternativeName, alternative));
        }
        return selfSigned ? TestCertificates.issueSelfSigned(all, validity) : authority.issue(all, validity);
    }
}
