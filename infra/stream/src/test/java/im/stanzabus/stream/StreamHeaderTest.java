package im.stanzabus.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stanza.xml.StreamLimits;
import im.stanzabus.stanza.xml.StreamParser;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamHeaderTest {
    private static StreamEvent.Opened read(StreamHeader header) throws StreamErrorException {
        StreamParser parser = new StreamParser(StreamLimits.DEFAULT, header.namespace());
        parser.feed(header.text().getBytes(US_ASCII));
        StreamEvent event = parser.next();
        assertThat(parser.hasUnread()).isFalse();
        return (StreamEvent.Opened) event;
    }

    @Test
    void theReceiverAnswers() {
        assertThat(StreamHeader.answer(Namespaces.CLIENT, "s1", "a.example", "romeo@a.example")
                        .text())
                .isEqualTo("<?xml version='1.0'?><stream:stream xmlns='jabber:client'"
                        + " xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='a.example'"
                        + " to='romeo@a.example' version='1.0' xml:lang='en'>");
    }

    @Test
    void theInitiatorAnnouncesDialback() throws StreamErrorException {
        assertThat(read(StreamHeader.initial(Namespaces.SERVER, "a.example", "b.example")
                        .withDialback()))
                .isEqualTo(new StreamEvent.Opened(
                        "b.example", "a.example", null, "1.0", "en", Set.of(Namespaces.DIALBACK)));
    }

    @Test
    void aComponentHearsNoVersion() throws StreamErrorException {
        assertThat(read(StreamHeader.answer(Namespaces.COMPONENT, "s1", "plays.example", null)
                        .withoutVersion()))
                .isEqualTo(new StreamEvent.Opened(null, "plays.example", "s1", null, "en", Set.of()));
    }

    @ParameterizedTest
    @CsvSource({"b\u00fccher.example", "a@b/<&'\">", "a@b/\uD83D\uDE00"})
    void whatIsNotAsciiOrSpecialIsRead(String address) throws StreamErrorException {
        StreamHeader header = StreamHeader.initial(Namespaces.SERVER, address, address);
        assertThat(header.text()).matches("\\p{ASCII}*");
        assertThat(read(header).to()).isEqualTo(address);
        assertThat(read(header).from()).isEqualTo(address);
    }

    /// RFC 6120 section 4.7.5.
    @ParameterizedTest
    @CsvSource({
        "1.0, true",
        "1.1, true",
        "2.0, true",
        "01.0, true",
        "0.9, false",
        "00.1, false",
        "1, false",
        "1., false",
        ".1, false",
        "a.b, false",
        "1.0.0, false",
        "'', false",
        ", false"
    })
    void versionsFromOneOnAreSpoken(String version, boolean supported) {
        assertThat(StreamHeader.isSupported(version)).isEqualTo(supported);
    }
}
