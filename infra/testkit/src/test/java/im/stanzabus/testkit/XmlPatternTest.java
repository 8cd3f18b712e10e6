package im.stanzabus.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XmlPatternTest {
    private final Map<String, String> names = new HashMap<>();

    private boolean matches(String expected, String actual) {
        return new XmlPattern(Xml.parse(expected)).matches(Xml.parse(actual), names);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<message a='1' b='2'/> | <message b='2' a='1'/>",
                "<message><a/> <b/></message> | <message><b/><a/></message>",
                "<message><x xmlns='u'/></message> | <message><p:x xmlns:p='u'/></message>",
                "<message/> | <message to='a' xml:lang='en'/>",
                "<message/> | <message><stanza-id xmlns='urn:xmpp:sid:0' id='1' by='a'/></message>",
                "<message id='{any}'/> | <message id='1'/>",
                "<message id='{any?}'/> | <message/>",
                "<message>{*}<a/></message> | <message><b/><a/>text</message>",
                "<message><body>{any}</body></message> | <message><body>hi</body></message>",
                "<m><i a='{x}'/><i a='1' b='{x}'/></m> | <m><i a='1' b='2'/><i a='2'/></m>",
            })
    void matchesWhatIsMeant(String expected, String actual) {
        assertThat(matches(expected, actual)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<message/> | <presence/>",
                "<message/> | <message xmlns='u'/>",
                "<message/> | <message id='1'/>",
                "<message to='a'/> | <message/>",
                "<message to='a'/> | <message to='b'/>",
                "<message id='{any}'/> | <message/>",
                "<message/> | <message><a/></message>",
                "<message><a/></message> | <message/>",
                "<message><a/><a/></message> | <message><a/></message>",
                "<message><body>hi</body></message> | <message><body>hi </body></message>",
                "<message><body>hi</body></message> | <message><body>hi<b/></body></message>",
                "<message><a/></message> | <message>text<a/></message>",
                "<message><a/></message> | <message><a to='x'/></message>",
                "<message><body/></message> | <message><body>hi</body></message>",
                "<m a='{x}' b='{x}'/> | <m a='1' b='2'/>",
            })
    void matchesNothingElse(String expected, String actual) {
        assertThat(matches(expected, actual)).isFalse();
    }

    @Test
    void remembersWhatItSaw() {
        assertThat(matches("<message id='{first}'/>", "<message id='1'/>")).isTrue();
        assertThat(names).containsEntry("first", "1");
        assertThat(matches("<message id='{first}'/>", "<message id='2'/>")).isFalse();
        assertThat(matches("<message id='{other}' a='b'/>", "<message id='3'/>"))
                .isFalse();
        assertThat(names).doesNotContainKey("other");
    }
}
