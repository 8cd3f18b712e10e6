package im.stanzabus.s2s.dialback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stanza.xml.StreamLimits;
import im.stanzabus.stanza.xml.StreamParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DialbackElementsTest {
    private static final DomainPair PAIR = new DomainPair("capulet.example", "montague.example");

    /// What a stream between servers makes of a text.
    private static Element parsed(String xml) throws StreamErrorException {
        StreamParser parser = new StreamParser(StreamLimits.DEFAULT, Namespaces.SERVER);
        parser.feed(("<stream:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback'"
                        + " xmlns:stream='http://etherx.jabber.org/streams'>" + xml)
                .getBytes(StandardCharsets.UTF_8));
        assertThat(parser.next()).isInstanceOf(StreamEvent.Opened.class);
        return ((StreamEvent.Nonza) parser.next()).element();
    }

    private static Dialback read(String xml) throws StreamErrorException {
        return DialbackElements.read(parsed(xml));
    }

    /// The examples of XEP-0220, seen by both sides.
    static Stream<Arguments> elements() {
        return Stream.of(
                Arguments.of(
                        "<db:result from='capulet.example' to='montague.example'>b483</db:result>",
                        new Dialback.AuthorizationRequest(PAIR, "b483")),
                Arguments.of(
                        "<db:result from='montague.example' to='capulet.example' type='valid'/>",
                        new Dialback.AuthorizationAnswer(PAIR, Verdict.VALID)),
                Arguments.of(
                        "<db:result from='montague.example' to='capulet.example' type='invalid'/>",
                        new Dialback.AuthorizationAnswer(PAIR, Verdict.INVALID)),
                Arguments.of(
                        "<db:result from='montague.example' to='capulet.example' type='error'><error type='cancel'>"
                                + "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></db:result>",
                        new Dialback.AuthorizationAnswer(PAIR, new Verdict.Failed(DialbackCondition.ITEM_NOT_FOUND))),
                Arguments.of(
                        "<db:verify from='montague.example' to='capulet.example' id='417GAF25'>225c</db:verify>",
                        new Dialback.VerificationRequest(PAIR, "417GAF25", "225c")),
                Arguments.of(
                        "<db:verify from='capulet.example' to='montague.example' id='417GAF25' type='valid'/>",
                        new Dialback.VerificationAnswer(PAIR, "417GAF25", Verdict.VALID)),
                Arguments.of(
                        "<db:verify from='capulet.example' to='montague.example' id='417GAF25' type='invalid'/>",
                        new Dialback.VerificationAnswer(PAIR, "417GAF25", Verdict.INVALID)),
                Arguments.of(
                        "<db:verify from='capulet.example' to='montague.example' id='417GAF25' type='error'>"
                                + "<error type='cancel'><remote-connection-failed"
                                + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></db:verify>",
                        new Dialback.VerificationAnswer(
                                PAIR, "417GAF25", new Verdict.Failed(DialbackCondition.REMOTE_CONNECTION_FAILED))));
    }

    @ParameterizedTest
    @MethodSource("elements")
    void whatIsReadIsWhatIsWritten(String xml, Dialback dialback) throws Exception {
        assertThat(DialbackElements.isDialback(parsed(xml))).isTrue();
        assertThat(read(xml)).isEqualTo(dialback);
        assertThat(DialbackElements.write(dialback)).isEqualTo(xml);
    }

    @ParameterizedTest
    @EnumSource
    void everyConditionIsReadAgain(DialbackCondition condition) throws Exception {
        Dialback answer = new Dialback.AuthorizationAnswer(PAIR, new Verdict.Failed(condition));

        assertThat(read(DialbackElements.write(answer))).isEqualTo(answer);
    }

    /// A peer's key is passed on as it came, whatever is in it.
    @Test
    void keysAndIdsAreEscaped() throws Exception {
        Dialback request = new Dialback.VerificationRequest(PAIR, "<'\"&>", "]]></db:verify><x a='&'>");

        assertThat(read(DialbackElements.write(request))).isEqualTo(request);
    }

    @Test
    void domainsAreCompared() throws Exception {
        assertThat(read("<db:result from='CAPULET.example.' to='xn--mntague-90a.Example'>\n  1 \n</db:result>"))
                .isEqualTo(new Dialback.AuthorizationRequest(
                        new DomainPair("capulet.example", "m\u00f6ntague.example"), "1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '%', textBlock = """
            <error type='cancel'/>
            <error type='cancel'><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>no</text></error>
            <error type='cancel'><a-later-one xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>
            <error type='cancel'><item-not-found/></error>
            <other/>
            """)
    void anErrorIsOneWhateverItSays(String inside) throws Exception {
        assertThat(read("<db:result from='a.example' to='b.example' type='error'>" + inside + "</db:result>"))
                .isEqualTo(new Dialback.AuthorizationAnswer(
                        new DomainPair("b.example", "a.example"),
                        new Verdict.Failed(DialbackCondition.UNDEFINED_CONDITION)));
    }

    @Test
    void aConditionMayStandBehindItsText() throws Exception {
        assertThat(read("<db:result from='a.example' to='b.example' type='error'><error type='auth'>"
                        + "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>no</text>"
                        + "<not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></db:result>"))
                .isEqualTo(new Dialback.AuthorizationAnswer(
                        new DomainPair("b.example", "a.example"),
                        new Verdict.Failed(DialbackCondition.NOT_AUTHORIZED)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '%', textBlock = """
            <db:result to='b.example'>1</db:result>                                     | improper-addressing
            <db:result from='a.example'>1</db:result>                                   | improper-addressing
            <db:result from='' to='b.example'>1</db:result>                             | improper-addressing
            <db:result from='romeo@a.example' to='b.example'>1</db:result>              | improper-addressing
            <db:result from='a.example' to='b.example/home'>1</db:result>               | improper-addressing
            <db:result from='a..example' to='b.example'>1</db:result>                   | improper-addressing
            <db:verify from='a.example' id='1' type='valid'/>                           | improper-addressing
            <db:verify from='a.example' to='@b.example' id='1'>1</db:verify>            | improper-addressing
            <db:verify from='a.example' to='b.example'>1</db:verify>                    | bad-format
            <db:verify from='a.example' to='b.example' id=''>1</db:verify>              | bad-format
            <db:verify from='a.example' to='b.example' type='valid'/>                   | bad-format
            <db:result from='a.example' to='b.example' type='perhaps'/>                 | bad-format
            <db:result from='a.example' to='b.example' type=''/>                        | bad-format
            <db:message from='a.example' to='b.example'/>                               | unsupported-stanza-type
            """)
    void whatIsNoDialbackEndsTheStream(String xml, String condition) {
        assertThatThrownBy(() -> read(xml))
                .isInstanceOf(StreamErrorException.class)
                .hasMessageStartingWith(condition);
    }

    @Test
    void theFeatureSaysThatErrorsAreKnown() {
        assertThat(DialbackElements.FEATURE)
                .hasToString("<dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback>");
        assertThat(DialbackElements.offersErrors(features(DialbackElements.FEATURE)))
                .isTrue();
        assertThat(DialbackElements.offersErrors(features(Element.of("dialback", "urn:xmpp:features:dialback"))))
                .isFalse();
        assertThat(DialbackElements.offersErrors(features())).isFalse();
    }

    private static Element features(Element... features) {
        return Element.builder("features", Namespaces.STREAMS)
                .children(List.of(features))
                .build();
    }
}
