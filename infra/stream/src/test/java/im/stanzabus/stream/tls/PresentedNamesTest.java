package im.stanzabus.stream.tls;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stream.testing.CertificateRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 9525 section 6: which names are those of a domain.
class PresentedNamesTest {
    private static PresentedNames of(String kind, String name) {
        CertificateRequest request = new CertificateRequest("CN=montague.example");
        switch (kind) {
            case "dns" -> request.dns(name);
            case "srv" -> request.srv(name);
            case "xmpp" -> request.xmppAddr(name);
            default -> throw new IllegalArgumentException(kind);
        }
        return PresentedNames.of(request.selfSigned().certificate());
    }

    @ParameterizedTest
    @CsvSource({
        "dns, montague.example, montague.example",
        "dns, MONTAGUE.Example, montague.example",
        "dns, xn--bcher-kva.example, b\u00fccher.example",
        "dns, XN--BCHER-KVA.example, b\u00fccher.example",
        "dns, xn--fuball-cta.example, fu\u00dfball.example",
        "dns, *.montague.example, im.montague.example",
        "dns, *.Montague.example, im.montague.example",
        "dns, *.montague.example, xn--bcher-kva.montague.example",
        "srv, _xmpp-server.montague.example, montague.example",
        "srv, _XMPP-Server.Montague.Example, montague.example",
        "srv, _xmpp-server.xn--bcher-kva.example, b\u00fccher.example",
        "xmpp, montague.example, montague.example",
        "xmpp, Montague.Example, montague.example",
        "xmpp, b\u00fccher.example, b\u00fccher.example",
        "xmpp, xn--bcher-kva.example, b\u00fccher.example",
        "xmpp, 192.0.2.1, 192.0.2.1",
    })
    void isThatOfTheDomain(String kind, String name, String domain) {
        assertThat(of(kind, name).include(domain)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "dns, capulet.example, montague.example",
        "dns, montague.example, im.montague.example",
        "dns, im.montague.example, montague.example",
        "dns, xmontague.example, montague.example",
        "dns, montague.example., montague.example",
        "dns, *.montague.example, montague.example",
        "dns, *.montague.example, a.im.montague.example",
        "dns, *.example, montague.example",
        "dns, *., montague",
        "dns, *, montague",
        "dns, *, montague.example",
        "dns, *.*, montague.example",
        "dns, *.*.example, im.montague.example",
        "dns, im*.montague.example, im1.montague.example",
        "dns, im.*.example, im.montague.example",
        "dns, fussball.example, fu\u00dfball.example",
        "dns, 192.0.2.1, 192.0.2.1",
        "dns, *.0.2.1, 192.0.2.1",
        "srv, montague.example, montague.example",
        "srv, _xmpp-client.montague.example, montague.example",
        "srv, _xmpps-server.montague.example, montague.example",
        "srv, _xmpp-server.capulet.example, montague.example",
        "srv, _xmpp-server.*.example, montague.example",
        "srv, *.montague.example, im.montague.example",
        "xmpp, capulet.example, montague.example",
        "xmpp, *.montague.example, im.montague.example",
        "xmpp, romeo@montague.example, montague.example",
        "xmpp, montague.example/im, montague.example",
        "xmpp, _xmpp-server.montague.example, montague.example",
    })
    void isNotThatOfTheDomain(String kind, String name, String domain) {
        assertThat(of(kind, name).include(domain)).isFalse();
    }

    /// The common name, which is that of the domain here, is not looked at (RFC 9525 section 2).
    @Test
    void aCertificateWithoutNamesIsForNobody() {
        PresentedNames none = PresentedNames.of(
                new CertificateRequest("CN=montague.example").selfSigned().certificate());
        assertThat(none.include("montague.example")).isFalse();
        assertThat(none).hasToString("no names");
    }

    @Test
    void anyOfManyWillDo() {
        PresentedNames names = PresentedNames.of(new CertificateRequest("CN=x")
                .dns("capulet.example")
                .xmppAddr("capulet.example")
                .srv("_xmpp-server.montague.example")
                .dns("*.verona.example")
                .selfSigned()
                .certificate());
        assertThat(names.include("montague.example")).isTrue();
        assertThat(names.include("im.verona.example")).isTrue();
        assertThat(names.include("verona.example")).isFalse();
        assertThat(names)
                .hasToString("capulet.example, *.verona.example, _xmpp-server.montague.example, capulet.example");
    }

    @Test
    void whatIsLoggedOfThemIsOneLine() {
        assertThat(of("xmpp", "a\r\nINFO all is well " + "x".repeat(200)).toString())
                .startsWith("a??INFO all is well")
                .hasSize(121);
    }
}
