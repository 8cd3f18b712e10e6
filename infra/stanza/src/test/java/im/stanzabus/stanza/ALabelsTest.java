package im.stanzabus.stanza;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ALabelsTest {
    @ParameterizedTest
    @CsvSource({
        "capulet.example, capulet.example",
        "b\u00fccher.example, xn--bcher-kva.example",
        "chat.fu\u00dfball.\u043f\u0440\u0438\u043c\u0435\u0440, chat.xn--fuball-cta.xn--e1afmkfd",
        "[::1], [::1]",
    })
    void internationalLabelsAreEncoded(String domain, String ascii) {
        assertThat(ALabels.of(domain)).isEqualTo(ascii);
    }

    /// The A-labels of a domainpart mean the same domainpart.
    @Test
    void theyLeadBack() throws JidSyntaxException {
        String domain = Jid.parse("B\u00dcCHER.\u4f8b\u3048.example").domain();

        assertThat(Jid.parse(ALabels.of(domain)).domain()).isEqualTo(domain);
    }
}
