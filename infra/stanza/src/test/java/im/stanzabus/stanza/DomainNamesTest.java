package im.stanzabus.stanza;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainNamesTest {
    /// By IDNA 2008: the sharp s is a letter of its own.
    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "b\u00fccher.example, xn--bcher-kva.example",
        "im.fu\u00dfball.example, im.xn--fuball-cta.example",
        "192.0.2.1, 192.0.2.1",
        "[2001:db8::1], [2001:db8::1]",
    })
    void areWrittenInAscii(String domain, String ascii) {
        assertThat(DomainNames.ascii(Jid.of(domain).domain())).isEqualTo(ascii);
        assertThat(DomainNames.ascii(Jid.of(ascii).domain())).isEqualTo(ascii);
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, true",
        "localhost, true",
        "1.example, true",
        "192.0.2.x1, true",
        "192.0.2.1, false",
        "[::1], false"
    })
    void areNoAddresses(String domain, boolean name) {
        assertThat(DomainNames.isName(domain)).isEqualTo(name);
    }
}
