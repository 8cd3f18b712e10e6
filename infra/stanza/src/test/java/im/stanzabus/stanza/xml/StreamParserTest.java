package im.stanzabus.stanza.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.ElementName;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamParserTest {
    static final String HEADER = "<?xml version='1.0'?><stream:stream to='example.org' version='1.0' xml:lang='de'"
            + " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

    private final StreamParser parser = new StreamParser(StreamLimits.DEFAULT, Namespaces.CLIENT);

    private List<StreamEvent> read(String text) throws StreamErrorException {
        return read(parser, text);
    }

    private static List<StreamEvent> read(StreamParser parser, String text) throws StreamErrorException {
        parser.feed(text.getBytes(UTF_8));
        List<StreamEvent> events = new ArrayList<>();
        for (StreamEvent event = parser.next(); event != null; event = parser.next()) {
            events.add(event);
        }
        return events;
    }

    private StreamEvent one(String inside) throws StreamErrorException {
        List<StreamEvent> events = read(HEADER + inside);
        assertThat(events).hasSize(2);
        return events.get(1);
    }

    private Stanza stanza(String inside) throws StreamErrorException {
        return (Stanza) one(inside);
    }

    @Test
    void readsAWholeStream() throws StreamErrorException {
        List<StreamEvent> events = read(HEADER + "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\n"
                + "<message to='romeo@example.org/orchard' type='chat' id='m1' xml:lang='en'><body>Art thou &lt;not&gt;"
                + " Romeo?</body><active xmlns='http://jabber.org/protocol/chatstates'/></message></stream:stream>");
        assertThat(events).hasSize(4);
        assertThat(events.get(0)).isEqualTo(new StreamEvent.Opened("example.org", null, null, "1.0", "de", Set.of()));
        assertThat(events.get(1)).isEqualTo(new StreamEvent.Nonza(Element.of("starttls", Namespaces.TLS)));
        Stanza stanza = (Stanza) events.get(2);
        assertThat(stanza.kind()).isEqualTo(Stanza.Kind.MESSAGE);
        assertThat(stanza.type()).isEqualTo(StanzaType.CHAT);
        assertThat(stanza.id()).isEqualTo("m1");
        assertThat(stanza.lang()).isEqualTo("en");
        assertThat(stanza.from()).isNull();
        assertThat(stanza.to()).isEqualTo(Jid.of("romeo@example.org/orchard"));
        assertThat(stanza.payload())
                .hasToString("<body>Art thou &lt;not&gt; Romeo?</body>"
                        + "<active xmlns='http://jabber.org/protocol/chatstates'/>");
        assertThat(stanza.payload().has("body", Namespaces.CLIENT)).isTrue();
        assertThat(stanza.payload().has("active", Namespaces.CHAT_STATES)).isTrue();
        assertThat(events.get(3)).isEqualTo(new StreamEvent.Closed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<?xml version='1.0'?>",
                "<?xml version=\"1.0\" encoding='utf-8' standalone='no' ?>",
                " \r\n<?xml version = '1.0' encoding=\"UTF-8\"?>\n"
            })
    void opens(String declaration) throws StreamErrorException {
        assertThat(read(declaration + "<stream:stream from=\"a&amp;b\" xmlns='jabber:client'\n"
                        + " xmlns:stream='http://etherx.jabber.org/streams' >"))
                .containsExactly(new StreamEvent.Opened(null, "a&b", null, null, null, Set.of()));
    }

    @Test
    void opensAndClosesAtOnce() throws StreamErrorException {
        assertThat(read("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'/>"))
                .containsExactly(
                        new StreamEvent.Opened(null, null, null, null, null, Set.of()), new StreamEvent.Closed());
    }

    @Test
    void whatFollowsTheEndTagIsIgnored() throws StreamErrorException {
        assertThat(one("</stream:stream \n><presence/>")).isEqualTo(new StreamEvent.Closed());
        assertThat(parser.hasUnread()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<presence/> | ''",
                "<presence></presence> | ''",
                "<presence> </presence> | ''",
                "<presence>gone</presence> | ''",
                "<presence><![CDATA[gone]]></presence> | ''",
                "<presence><show>away</show></presence > | <show>away</show>",
                "<presence> <show>away</show>\t</presence> | '' <show>away</show>\t ''",
                "<presence>x<show>away</show>y</presence> | <show>away</show>",
                "<presence xmlns='jabber:client'><show/></presence> | <show/>",
                "<presence><show xmlns='jabber:client'/><c:x xmlns:c='jabber:client'/></presence> | <show/><x/>",
                "<presence><x xmlns='urn:x'><y xmlns='jabber:client'/></x></presence> | <x xmlns='urn:x'><y xmlns='jabber:client'/></x>",
                "<presence xmlns:a='urn:x'><a:b a:c='1'/><d/></presence> | <b xmlns='urn:x' xmlns:a0='urn:x' a0:c='1'/><d/>",
                "<presence><a:b xmlns:a='urn:x'/></presence> | <a:b xmlns:a='urn:x'/>",
                "<c:presence xmlns:c='jabber:client' xmlns=''><c:show/><x/></c:presence> | <show/><x xmlns=''/>",
                "<presence><x xmlns=''/></presence> | <x xmlns=''/>",
                "<presence><stream:x/></presence> | <x xmlns='http://etherx.jabber.org/streams'/>",
                "<presence foo='bar' xml:space='preserve'><x/></presence> | <x/>",
            })
    void payloadsStandOnTheirOwn(String text, String payload) throws StreamErrorException {
        String expected = payload.replace("'' ", " ").replace(" ''", "");
        Payload read = stanza(text).payload();
        assertThat(read.toString()).isEqualTo(expected);
        assertThat(read.isEmpty()).isEqualTo(expected.isEmpty());
    }

    @Test
    void payloadsMayUseThePrefixesOfTheHeader() throws StreamErrorException {
        List<StreamEvent> events = read(
                "<stream:stream xmlns='jabber:client' xmlns:h='urn:x&amp;&apos;'"
                        + " xmlns:stream='http://etherx.jabber.org/streams'><message><h:a/><b/></message><h:c/><presence><d/></presence>");
        assertThat(((Stanza) events.get(1)).payload()).hasToString("<a xmlns='urn:x&amp;&apos;'/><b/>");
        assertThat(events.get(2)).isEqualTo(new StreamEvent.Nonza(Element.of("c", "urn:x&'")));
        assertThat(((Stanza) events.get(3)).payload()).hasToString("<d/>");
    }

    @Test
    void aStreamsPrefixesEndWithIt() throws StreamErrorException {
        read("<stream:stream xmlns='jabber:client' xmlns:h='urn:x' xmlns:stream='http://etherx.jabber.org/streams'>");
        parser.restart();
        read(HEADER);
        parser.feed("<h:a/>".getBytes(UTF_8));
        org.assertj.core.api.Assertions.assertThatThrownBy(parser::next).isInstanceOf(StreamErrorException.class);
    }

    @Test
    void payloadsOfServersAreInTheNamespaceOfClients() throws StreamErrorException {
        StreamParser server = new StreamParser(StreamLimits.DEFAULT, Namespaces.SERVER);
        List<StreamEvent> events = read(
                server,
                "<stream:stream xmlns='jabber:server'"
                        + " xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback'>"
                        + "<db:result to='a.example' from='b.example'>key</db:result>"
                        + "<message><body>1</body></message>"
                        + "<message><body xmlns='jabber:server'>2</body><x xmlns='urn:x'><body xmlns='jabber:server'/></x></message>");
        assertThat(((StreamEvent.Nonza) events.get(1)).element().namespace()).isEqualTo("jabber:server:dialback");
        assertThat(((Stanza) events.get(2)).payload()).hasToString("<body>1</body>");
        assertThat(((Stanza) events.get(3)).payload())
                .hasToString("<body>2</body><x xmlns='urn:x'><body xmlns='jabber:client'/></x>");
        for (int i = 2; i < 4; i++) {
            assertThat(((Stanza) events.get(i)).payload().name(0))
                    .isEqualTo(new ElementName(Namespaces.CLIENT, "body"));
        }
    }

    @Test
    void elementsOfOtherNamespacesAreNonzas() throws StreamErrorException {
        assertThat(one("<a:message xmlns:a='urn:x' b='1'>t<c/></a:message>"))
                .isEqualTo(new StreamEvent.Nonza(Element.builder("message", "urn:x")
                        .attribute("b", "1")
                        .text("t")
                        .child(Element.of("c", Namespaces.CLIENT))
                        .build()));
        assertThat(read("<message xmlns=''/>")).containsExactly(new StreamEvent.Nonza(Element.of("message", "")));
        assertThat(read("<stream:error/>"))
                .containsExactly(new StreamEvent.Nonza(Element.of("error", Namespaces.STREAMS)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jid-malformed | <message to='@'/>",
                "jid-malformed | <message to=''/>",
                "jid-malformed | <message from='a b@c'/>",
                "jid-malformed | <iq to='@'/>",
                "bad-request | <presence type='sleepy'/>",
                "bad-request | <presence type=''/>",
                "bad-request | <iq id='1'/>",
                "bad-request | <iq id='1' type='foo'/>",
                "bad-request | <iq type='get'><a/></iq>",
                "bad-request | <iq type='get' id='1'/>",
                "bad-request | <iq type='set' id='1'>text</iq>",
                "bad-request | <iq type='set' id='1'><a/><b/></iq>",
                "bad-request | <iq type='result' id='1'><a/><b/></iq>",
                "bad-request | <iq type='result'/>",
            })
    void stanzasThatCannotBeProcessed(String condition, String text) throws StreamErrorException {
        StreamEvent.BadStanza bad = (StreamEvent.BadStanza) one(text);
        assertThat(bad.error().condition().wire()).isEqualTo(condition);
    }

    @Test
    void badStanzasSayWhatCouldBeRead() throws StreamErrorException {
        StreamEvent.BadStanza bad = (StreamEvent.BadStanza) one("<iq type='set' id='7' to='a@b'/>");
        assertThat(bad.kind()).isEqualTo(Stanza.Kind.IQ);
        assertThat(bad.type()).isEqualTo(StanzaType.SET);
        assertThat(bad.id()).isEqualTo("7");
        assertThat(bad.to()).isEqualTo(Jid.of("a@b"));
        assertThat(bad.rawTo()).isEqualTo("a@b");
        bad = (StreamEvent.BadStanza) read("<message to='@' type='chat'/>").getFirst();
        assertThat(bad.to()).isNull();
        assertThat(bad.rawTo()).isEqualTo("@");
        assertThat(bad.from()).isNull();
        bad = (StreamEvent.BadStanza) read("<message to='@' from='a@b'/>").getFirst();
        assertThat(bad.from()).isEqualTo(Jid.of("a@b"));
        bad = (StreamEvent.BadStanza) read("<message to='@' from='@'/>").getFirst();
        assertThat(bad.from()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<message type='unknown'/>",
                "<message type='error'/>",
                "<presence type='subscribe' to='a@b'/>",
                "<iq type='result' id=''/>",
                "<iq type='result' id='1'> <a/> </iq>",
                "<iq type='get' id='1'>text<a/></iq>",
                "<iq type='error' id='1'><a/><error/></iq>",
            })
    void stanzasThatCan(String text) throws StreamErrorException {
        assertThat(one(text)).isInstanceOf(Stanza.class);
    }

    @Test
    void anEqualSignAndTheLikeInValuesAndTextMeanNothing() throws StreamErrorException {
        String payload = "<x a=\"/>'=\" b='</message>\"'/><y>/> = ' \" ]] ></y><z><![CDATA[</message>]]]]></z>"
                .replace("</message>\"", "&lt;/message>\"");
        assertThat(stanza("<message id=\"'>/\">" + payload + "</message>").payload())
                .hasToString(payload);
    }

    @Test
    void frames() throws StreamErrorException {
        StreamParser frames = StreamParser.forFrames(StreamLimits.DEFAULT, Namespaces.CLIENT);
        assertThat(read(frames, "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='a'/>"))
                .hasOnlyElementsOfType(StreamEvent.Nonza.class);
        frames.restart();
        Stanza stanza = (Stanza) read(frames, "<message xmlns='jabber:client'><body>1</body></message>")
                .getFirst();
        assertThat(stanza.payload()).hasToString("<body>1</body>");
        frames.feed("</stream:stream>".getBytes(UTF_8));
        org.assertj.core.api.Assertions.assertThatThrownBy(frames::next).isInstanceOf(StreamErrorException.class);
    }
}
