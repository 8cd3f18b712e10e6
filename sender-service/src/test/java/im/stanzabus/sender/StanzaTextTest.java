package im.stanzabus.sender;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.Jid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StanzaTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<message from='a@x.example' to='b@x.example'/>",
                " <message from='a@x.example' to='b@x.example' xmlns='jabber:client'><body>&lt;</body></message>\n",
                "<presence from='a@x.example' to='b@x.example' type='unavailable'/>",
                "<iq from='a@x.example' to='b@x.example' type='set' id='1'><q xmlns='urn:q'/></iq>"
            })
    void stanzasAreRead(String text) {
        assertThat(StanzaText.read(text)).isInstanceOfSatisfying(StanzaText.Addressed.class, read -> {
            assertThat(read.from()).isEqualTo(Jid.of("a@x.example"));
            assertThat(read.to()).isEqualTo(Jid.of("b@x.example"));
            assertThat(read.stanza().to()).isEqualTo(read.to());
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "<message from='a@x.example'/>                                                    | has no to",
                "<message to='a@x.example'/>                                                      | has no from",
                "<message from='@' to='b@x.example'/>                                             | jid-malformed: from",
                "<message from='a@x.example' to='b@x.example//'/><message/>                       | something follows",
                "<message from='a@x.example' to='b@x.example'/>hello                              | something follows",
                "hello                                                                            | bad-format",
                "<message from='a@x.example' to='b@x.example'>                                    | it does not end",
                "<message from='a@x.example' to='b@x.example'></presence>                         | not-well-formed",
                "<message from='a@x.example' to='b@x.example'><y:z/></message>                    | not-well-formed",
                "<message from='a@x.example' to='b@x.example' xmlns='jabber:server'/>             | not one message",
                "<html xmlns='http://www.w3.org/1999/xhtml'/>                                     | not one message",
                "<nonsense/>                                                              | unsupported-stanza-type",
                "<iq from='a@x.example' to='b@x.example' type='get' id='1'/>                      | bad-request: iq with 0",
                "<iq from='a@x.example' to='b@x.example' type='get'><q xmlns='urn:q'/></iq>       | bad-request: iq without id",
                "<presence from='a@x.example' to='b@x.example' type='odd'/>                       | of unknown type",
                "<?xml version='1.0'?><message from='a@x.example' to='b@x.example'/>              | restricted-xml",
                "<!DOCTYPE m [<!ENTITY e 'x'>]><message from='a@x.example' to='b@x.example'/>     | restricted-xml",
                "<message from='a@x.example' to='b@x.example'><body>&e;</body></message>          | restricted-xml",
                "<message from='a@x.example' to='b@x.example'><!-- --></message>                  | restricted-xml"
            })
    void whatIsNoStanzaIsToldWithTheReason(String text, String reason) {
        assertThat(StanzaText.read(text))
                .isInstanceOfSatisfying(
                        StanzaText.Wrong.class,
                        wrong -> assertThat(wrong.reason()).contains(reason));
    }

    @Test
    void aTextThatIsEmptyIsNoStanza() {
        assertThat(StanzaText.read(" "))
                .isInstanceOfSatisfying(
                        StanzaText.Wrong.class,
                        wrong -> assertThat(wrong.reason()).contains("there is nothing"));
    }

    @Test
    void limitsAreThoseOfStreams() {
        String deep = "<a>".repeat(70) + "</a>".repeat(70);
        assertThat(StanzaText.read("<message from='a@x.example' to='b@x.example'>" + deep + "</message>"))
                .isInstanceOfSatisfying(
                        StanzaText.Wrong.class,
                        wrong -> assertThat(wrong.reason()).startsWith("policy-violation: elements nested deeper"));
    }
}
