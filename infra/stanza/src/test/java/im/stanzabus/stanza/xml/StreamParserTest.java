package im.stanzabus.stanza.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamParserTest {
    static final String HEADER = "<?xml version='1.0'?><stream:stream to='example.org' version='1.0' xml:lang='de'"
            + " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

    private final StreamParser parser = new StreamParser(StreamLimits.DEFAULT, Namespaces.CLIENT);

    private List<StreamEvent> read(String text) throws StreamErrorException {
        parser.feed(text.getBytes(UTF_8));
        List<StreamEvent> events = new ArrayList<>();
        for (StreamEvent event = parser.next(); event != null; event = parser.next()) {
            events.add(event);
        }
        return events;
    }

    @Test
    void readsAWholeStream() throws StreamErrorException {
        List<StreamEvent> events = read(HEADER + "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\n"
                + "<message to='romeo@example.org/orchard' type='chat' id='m1' xml:lang='en'><body>Art thou &lt;not&gt;"
                + " Romeo?</body><active xmlns='http://jabber.org/protocol/chatstates'/></message></stream:stream>");
        assertThat(events).hasSize(4);
        assertThat(events.get(0)).isEqualTo(new StreamEvent.Opened("example.org", null, "1.0", "de"));
        assertThat(events.get(1)).isEqualTo(new StreamEvent.Nonza(Element.of("starttls", Namespaces.TLS)));
        Stanza stanza = (Stanza) events.get(2);
        assertThat(stanza.type()).isEqualTo(StanzaType.CHAT);
        assertThat(stanza.payload())
                .hasToString("<body>Art thou &lt;not&gt; Romeo?</body>"
                        + "<active xmlns='http://jabber.org/protocol/chatstates'/>");
        assertThat(stanza.payload().has("body", Namespaces.CLIENT)).isTrue();
        assertThat(stanza.payload().has("active", Namespaces.CHAT_STATES)).isTrue();
        assertThat(events.get(3)).isEqualTo(new StreamEvent.Closed());
    }
}
