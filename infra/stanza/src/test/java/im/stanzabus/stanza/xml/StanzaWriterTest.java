package im.stanzabus.stanza.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.XmlText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StanzaWriterTest {
    private static final Jid ROMEO = Jid.of("romeo@example.net/orchard");
    private static final Jid JULIET = Jid.of("juliet@example.com/\u00e9'<&");

    private final StanzaWriter writer = new StanzaWriter();

    private String written() {
        return new String(writer.toBytes(), UTF_8);
    }

    @Test
    void writesStanzas() {
        Stanza message = Stanza.message(
                        StanzaType.CHAT, ROMEO, JULIET, Element.text("body", Namespaces.CLIENT, "a<b\uD83D\uDE00"))
                .withId("\"1\"\n");
        assertThat(writer.stanza(message).size()).isEqualTo(writer.toBytes().length);
        assertThat(written())
                .isEqualTo("<message type='chat' id='&quot;1&quot;&#10;' from='romeo@example.net/orchard'"
                        + " to='juliet@example.com/\u00e9&apos;&lt;&amp;'><body>a&lt;b\uD83D\uDE00</body></message>");
    }

    @Test
    void writesEmptyStanzas() {
        writer.stanza(Stanza.presence(StanzaType.AVAILABLE, null, null))
                .raw(" ")
                .stanzaWithNamespace(Stanza.presence(StanzaType.UNAVAILABLE, null, null));
        assertThat(written()).isEqualTo("<presence/> <presence xmlns='jabber:client' type='unavailable'/>");
    }

    @Test
    void writesElements() {
        writer.element(StreamError.of(StreamError.Condition.CONFLICT, "a & b").toElement())
                .element(Element.of("success", Namespaces.SASL))
                .element(Element.of("features", Namespaces.STREAMS));
        assertThat(written())
                .isEqualTo("<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                        + "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>a &amp; b</text></stream:error>"
                        + "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/><stream:features/>");
    }

    /// XEP-0220 section 2: some servers know the elements by their prefix.
    @Test
    void elementsOfDialbackHaveTheirPrefix() {
        writer.element(Element.builder("result", Namespaces.DIALBACK)
                .attribute("to", "b.example")
                .attribute("type", "error")
                .child(StanzaError.of(StanzaError.Condition.ITEM_NOT_FOUND).toElement())
                .build());
        assertThat(written())
                .isEqualTo("<db:result xmlns:db='jabber:server:dialback' to='b.example' type='error'>"
                        + "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
                        + "</db:result>");
    }

    @Test
    void growsAndShrinks() {
        Stanza big = Stanza.message(
                StanzaType.NORMAL, null, null, Element.text("body", Namespaces.CLIENT, "\u00e9".repeat(100_000)));
        writer.stanza(big);
        assertThat(StanzaReader.read(writer.toBytes())).isEqualTo(big);
        writer.reset();
        assertThat(writer.size()).isZero();
        assertThat(writer.stanza(big.withPayload(im.stanzabus.stanza.Payload.EMPTY))
                        .toBytes())
                .hasSize(10);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        Stanza iq = Stanza.iq(StanzaType.SET, "\t'1'\r\n", ROMEO, JULIET, Element.of("q", "urn:x"));
        assertThat(StanzaReader.read(new StanzaWriter().stanza(iq).toBytes())).isEqualTo(iq);
        assertThat(StanzaReader.read(new StanzaWriter().stanzaWithNamespace(iq).toBytes()))
                .isEqualTo(iq);
        assertThat(StanzaReader.read(XmlText.of(iq).getBytes(UTF_8))).isEqualTo(iq);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "<message>",
                "<message/>x",
                "<message/><message/>",
                "</message>",
                "<x/>",
                "<message xmlns='urn:x'/>",
                "<iq/>",
                "<message to='@'/>",
                "<?xml version='1.0'?><message/>",
            })
    void whatIsNoStanzaIsNotRead(String text) {
        assertThatThrownBy(() -> StanzaReader.read(text.getBytes(UTF_8))).isInstanceOf(IllegalArgumentException.class);
    }
}
