package im.stanzabus.bench.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void attributesMayHaveEitherQuotes() {
        String tag = Text.startTag("<iq from=\"a@b/it's\" id='1' type='result'><query id='2'/></iq>");

        assertThat(Text.attribute(tag, "from")).isEqualTo("a@b/it's");
        assertThat(Text.attribute(tag, "id")).isEqualTo("1");
        assertThat(Text.attribute(tag, "to")).isEmpty();
    }

    @Test
    void whatIsSentInBase64IsRead() {
        assertThat(Text.decoded("<challenge xmlns='x'>" + Text.encoded("r=ü") + "</challenge>"))
                .isEqualTo("r=ü");
        assertThat(Text.decoded("<success xmlns='x'/>")).isEmpty();
    }

    @Test
    void numbersAreInNamesAndPasswords() {
        Account account = new Accounts("a%d", "secret", 5, "example.org").account(3);

        assertThat(account.jid()).isEqualTo("a8@example.org");
        assertThat(account.password()).isEqualTo("secret");
    }
}
