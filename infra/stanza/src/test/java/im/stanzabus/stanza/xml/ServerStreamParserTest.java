package im.stanzabus.stanza.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The streams of servers and components, also where we began them.
class ServerStreamParserTest {
    private static final String STREAMS = "xmlns:stream='http://etherx.jabber.org/streams'";
    private static final StreamLimits LIMITS = new StreamLimits(400, 4, 8, 40);

    private static List<StreamEvent> read(String contentNamespace, String text) throws StreamErrorException {
        StreamParser parser = new StreamParser(LIMITS, contentNamespace);
        parser.feed(text.getBytes(UTF_8));
        List<StreamEvent> events = new ArrayList<>();
        for (StreamEvent event = parser.next(); event != null; event = parser.next()) {
            events.add(event);
        }
        return events;
    }

    /// RFC 6120 sections 4.3.2 and 4.7.3: what the receiver of our stream answers.
    @Test
    void theAnswerToOurStreamIsRead() throws StreamErrorException {
        List<StreamEvent> events = read(
                Namespaces.SERVER,
                "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback' " + STREAMS
                        + " id='s1' from='a.example' to='b.example' version='1.0'><stream:features>"
                        + "<dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback></stream:features>"
                        + "<stream:error><host-gone xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                        + "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>moved</text></stream:error>"
                        + "</stream:stream>");
        assertThat(events.get(0))
                .isEqualTo(new StreamEvent.Opened(
                        "b.example", "a.example", "s1", "1.0", null, Set.of(Namespaces.DIALBACK)));
        Element features = ((StreamEvent.Nonza) events.get(1)).element();
        assertThat(features.is("features", Namespaces.STREAMS)).isTrue();
        assertThat(features.child("dialback", "urn:xmpp:features:dialback")).isNotNull();
        assertThat(StreamError.parse(((StreamEvent.Nonza) events.get(2)).element()))
                .isEqualTo(StreamError.of(StreamError.Condition.HOST_GONE, "moved"));
        assertThat(events.get(3)).isEqualTo(new StreamEvent.Closed());
    }

    /// XEP-0220 section 2.4.1: a server without XMPP 1.0 has neither a version nor features.
    @Test
    void aServerWithoutVersionIsRead() throws StreamErrorException {
        List<StreamEvent> events = read(
                Namespaces.SERVER,
                "<stream:stream xmlns:dial='jabber:server:dialback' xmlns='jabber:server' id='&lt;1>' " + STREAMS
                        + "><dial:result from='a.example' to='b.example' type='valid'/>"
                        + "<dial:verify from='a.example' to='b.example' id='s1'>key</dial:verify>"
                        + "<verify xmlns='jabber:server:dialback' id='s2'/>");
        assertThat(events.getFirst())
                .isEqualTo(new StreamEvent.Opened(null, null, "<1>", null, null, Set.of(Namespaces.DIALBACK)));
        assertThat(events.subList(1, 4))
                .allMatch(event -> event instanceof StreamEvent.Nonza(Element element)
                        && element.namespace().equals(Namespaces.DIALBACK));
        Element verify = ((StreamEvent.Nonza) events.get(2)).element();
        assertThat(verify.name()).isEqualTo("verify");
        assertThat(verify.attribute("id")).isEqualTo("s1");
        assertThat(verify.text()).isEqualTo("key");
    }

    /// XEP-0114 section 3.
    @Test
    void aComponentIsRead() throws StreamErrorException {
        String header = "<stream:stream xmlns='jabber:component:accept' " + STREAMS + " to='plays.example'>";
        List<StreamEvent> events = read(
                Namespaces.COMPONENT,
                header + "<handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e</handshake><handshake/>"
                        + "<message from='macbeth@plays.example' to='romeo@b.example'><body>1</body></message>"
                        + "<presence xmlns='jabber:component:accept' from='plays.example' to='b.example'><show/></presence>");
        assertThat(events.get(0)).isEqualTo(new StreamEvent.Opened("plays.example", null, null, null, null, Set.of()));
        assertThat(((StreamEvent.Nonza) events.get(1)).element())
                .isEqualTo(Element.text("handshake", Namespaces.COMPONENT, "aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e"));
        assertThat(((StreamEvent.Nonza) events.get(2)).element())
                .isEqualTo(Element.of("handshake", Namespaces.COMPONENT));
        assertThat(((Stanza) events.get(3)).payload()).hasToString("<body>1</body>");
        assertThat(((Stanza) events.get(4)).payload()).hasToString("<show/>");
    }

    /// XEP-0114 section 3: what a component answers that we have connected to.
    @Test
    void aComponentThatWaitedForUsIsRead() throws StreamErrorException {
        List<StreamEvent> events = read(
                Namespaces.COMPONENT_CONNECT,
                "<stream:stream xmlns='jabber:component:connect' " + STREAMS + " id='s1' from='plays.example'>"
                        + "<handshake/><message from='plays.example' to='b.example'><body>1</body></message>");
        assertThat(events.get(0)).isEqualTo(new StreamEvent.Opened(null, "plays.example", "s1", null, null, Set.of()));
        assertThat(((StreamEvent.Nonza) events.get(1)).element())
                .isEqualTo(Element.of("handshake", Namespaces.COMPONENT_CONNECT));
        assertThat(((Stanza) events.get(2)).payload()).hasToString("<body>1</body>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jabber:server | unsupported-stanza-type | <handshake/>",
                "jabber:client | unsupported-stanza-type | <handshake/>",
                "jabber:component:accept | unsupported-stanza-type | <log/>",
                "jabber:component:accept | bad-format | text",
                "jabber:server | not-well-formed | <db:result/>",
                "jabber:server | not-well-formed | <message>&</message>",
                "jabber:server | restricted-xml | <message><!----></message>",
                "jabber:server | policy-violation | <r a='' b='' c='' d='' e='' f='' g='' h='' xmlns='urn:x'/>",
                "jabber:server | policy-violation | <message><a><b><c><d/></c></b></a></message>",
                "jabber:server | policy-violation | <a345678901234567890123456789012345678901234567890/>",
                "jabber:server | policy-violation | <r xmlns='urn:3456789012345678901234567890123456789'/>",
                "jabber:component:accept | policy-violation | <handshake><a><b><c><d/></c></b></a></handshake>",
            })
    void whatIsRefusedToClientsIsRefusedToServers(String contentNamespace, String condition, String inside) {
        assertThatThrownBy(() -> read(
                        contentNamespace, "<stream:stream xmlns='" + contentNamespace + "' " + STREAMS + ">" + inside))
                .isInstanceOfSatisfying(
                        StreamErrorException.class,
                        e -> assertThat(e.error().condition().wire()).isEqualTo(condition));
    }

    @ParameterizedTest
    @CsvSource({"jabber:server", "jabber:component:accept"})
    void noElementIsLongerThanTheLimit(String contentNamespace) {
        for (String tag : List.of("message", "r xmlns='urn:x'", "handshake")) {
            assertThatThrownBy(() -> read(
                            contentNamespace,
                            "<stream:stream xmlns='" + contentNamespace + "' " + STREAMS + "><" + tag + ">"
                                    + "x".repeat(400)))
                    .hasMessageContaining("more than 400 bytes");
        }
    }

    /// A payload that is written anew names the namespaces of the header for each child.
    @Test
    void aPayloadThatGrowsIsHeldToTheLimitToo() {
        assertThatThrownBy(() -> read(
                        Namespaces.SERVER,
                        "<stream:stream xmlns='jabber:server' xmlns:h='urn:example:a-namespace-of-the-header' "
                                + STREAMS + "><message>" + "<h:a/>".repeat(30) + "</message>"))
                .hasMessageContaining("more than 400 bytes");
    }

    @Test
    void theHeaderMustBeThatOfTheStream() {
        assertThatThrownBy(() -> read(Namespaces.SERVER, "<stream:stream xmlns='jabber:client' " + STREAMS + ">"))
                .hasMessageContaining("invalid-namespace");
        assertThatThrownBy(() -> read(Namespaces.COMPONENT, "<stream:stream xmlns='jabber:server' " + STREAMS + ">"))
                .hasMessageContaining("invalid-namespace");
    }
}
