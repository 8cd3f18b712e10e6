package im.stanzabus.stanza.xml;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StreamErrorException;
import java.nio.charset.Charset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The stream errors of RFC 6120 section 4.9.3 that a parser finds.
class StreamErrorsTest {
    private static final String HEADER = StreamParserTest.HEADER;
    private static final StreamLimits LIMITS = new StreamLimits(400, 4, 3, 20);

    private static StreamErrorException error(byte[] bytes) {
        return error(new StreamParser(StreamLimits.DEFAULT, Namespaces.CLIENT), bytes);
    }

    private static StreamErrorException policyViolation(String inside) throws StreamErrorException {
        StreamParser parser = new StreamParser(StreamLimits.DEFAULT, Namespaces.CLIENT);
        parser.feed(HEADER.getBytes(UTF_8));
        assertThat(parser.next()).isNotNull();
        parser.limits(LIMITS);
        StreamErrorException thrown = error(parser, inside.getBytes(UTF_8));
        assertThat(thrown.error().condition().wire()).isEqualTo("policy-violation");
        return thrown;
    }

    private static StreamErrorException error(StreamParser parser, byte[] bytes) {
        parser.feed(bytes);
        StreamErrorException thrown = assertThrows(StreamErrorException.class, () -> {
            while (parser.next() != null) {}
        });
        assertThat(parser.retained()).isZero();
        return thrown;
    }

    private static String condition(byte[] bytes) {
        return error(bytes).error().condition().wire();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not-well-formed | <message><body>No closing tag!</message>",
                "not-well-formed | <message></presence>",
                "not-well-formed | <message to='a' to='b'/>",
                "not-well-formed | <message><x xmlns:a='urn:x' xmlns:b='urn:x' a:c='1' b:c='2'/></message>",
                "not-well-formed | <message a:b='c'/>",
                "not-well-formed | <message><a:b/></message>",
                "not-well-formed | <a:message/>",
                "not-well-formed | <message to=a/>",
                "not-well-formed | <message to/>",
                "not-well-formed | <message to='a'from='b'/>",
                "not-well-formed | <message to='<'/>",
                "not-well-formed | < message/>",
                "not-well-formed | <message/ >",
                "not-well-formed | <1/>",
                "not-well-formed | <a:b:c/>",
                "not-well-formed | <a:/>",
                "not-well-formed | <:a/>",
                "not-well-formed | <message xmlns:='urn:x'/>",
                "not-well-formed | <message xmlns:a=''/>",
                "not-well-formed | <message xmlns:xml='urn:x'/>",
                "not-well-formed | <message xmlns:xmlns='urn:x'/>",
                "not-well-formed | <message xmlns:a='http://www.w3.org/XML/1998/namespace'/>",
                "not-well-formed | <message>&</message>",
                "not-well-formed | <message>& </message>",
                "not-well-formed | <message>&;</message>",
                "not-well-formed | <message>&#0;</message>",
                "not-well-formed | <message>&#x1F;</message>",
                "not-well-formed | <message>&#xD800;</message>",
                "not-well-formed | <message>&#xFFFE;</message>",
                "not-well-formed | <message>&#x110000;</message>",
                "not-well-formed | <message>&#99999999999999999999;</message>",
                "not-well-formed | <message>&#;</message>",
                "not-well-formed | <message>&#x;</message>",
                "not-well-formed | <message>&#-1;</message>",
                "not-well-formed | <message to='&#0;'/>",
                "not-well-formed | <message>]]></message>",
                "not-well-formed | <message>\u0001</message>",
                "not-well-formed | <message to='\u0001'/>",
                "not-well-formed | <message><![CDATA[\u0001]]></message>",
                "not-well-formed | <message>\uFFFE</message>",
                "not-well-formed | <message to='\uFFFF'/>",
                "not-well-formed | <message><![CDAT[]]></message>",
                "not-well-formed | </stream>",
                "not-well-formed | </stream:features>",
                "restricted-xml | <message> <!--<subject/>--> <body>No subject.</body> </message>",
                "restricted-xml | <!-- -->",
                "restricted-xml | <!DOCTYPE a>",
                "restricted-xml | <![CDATA[a]]>",
                "restricted-xml | <message><!ENTITY a 'b'></message>",
                "restricted-xml | <message><?php?></message>",
                "restricted-xml | <?xml version='1.0'?>",
                "restricted-xml | <?a b?>",
                "restricted-xml | <message>&foo;</message>",
                "restricted-xml | <message>&nbsp;</message>",
                "restricted-xml | <message>&ampersand;</message>",
                "restricted-xml | <message to='&LT;'/>",
                "bad-format | text",
                "bad-format | <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'><message/>",
                "bad-format | <presence/>text",
                "bad-format | <message><x xmlns='urn: x'/></message>",
                "unsupported-stanza-type | <pubsub/>",
                "unsupported-stanza-type | <Message/>",
                "unsupported-stanza-type | <c:body xmlns:c='jabber:client'/>",
            })
    void insideAStream(String condition, String inside) {
        assertThat(condition((HEADER + inside).getBytes(UTF_8))).isEqualTo(condition);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "invalid-namespace | <stream:stream xmlns='jabber:client' xmlns:stream='http://wrong.namespace.example.org/'>",
                "invalid-namespace | <stream:stream xmlns:stream='http://etherx.jabber.org/streams'>",
                "invalid-namespace | <stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'>",
                "invalid-namespace | <stream>",
                "invalid-namespace | <message xmlns='jabber:client'>",
                "bad-namespace-prefix | <foobar:stream xmlns='jabber:client' xmlns:foobar='http://etherx.jabber.org/streams'>",
                "bad-namespace-prefix | <stream xmlns='http://etherx.jabber.org/streams' xmlns:c='jabber:client'>",
                "bad-format | <stream:features xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
                "not-well-formed | <stream:stream xmlns='jabber:client'>",
                "not-well-formed | <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to=>",
                "not-well-formed | GET / HTTP/1.1",
                "not-well-formed | </stream:stream>",
                "restricted-xml | <!DOCTYPE stream>",
                "restricted-xml | <!-- -->",
                "restricted-xml | <?php ?>",
                "restricted-xml | <?xml version='1.0'?><?xml version='1.0'?>",
                "restricted-xml | <?xmlish version='1.0'?>",
                "not-well-formed | <?xml?>",
                "not-well-formed | <?xml ?>",
                "not-well-formed | <?xml version='1.1'?>",
                "not-well-formed | <?xml encoding='UTF-8' version='1.0'?>",
                "unsupported-encoding | <?xml version='1.0' encoding='UTF-16'?>",
                "unsupported-encoding | <?xml version='1.0' encoding=\"ISO-8859-1\" standalone='yes'?>",
            })
    void inTheHeader(String condition, String header) {
        assertThat(condition(header.getBytes(UTF_8))).isEqualTo(condition);
    }

    static Stream<Charset> wideCharsets() {
        return Stream.of(UTF_16, UTF_16BE, UTF_16LE);
    }

    @ParameterizedTest
    @MethodSource("wideCharsets")
    void otherEncodings(Charset charset) {
        assertThat(condition(HEADER.getBytes(charset))).isEqualTo("unsupported-encoding");
    }

    @ParameterizedTest
    @CsvSource({
        "'\u0080'",
        "'\u00c3'",
        "'\u00c3a'",
        "'\u00c0\u0080'",
        "'\u00c1\u00bf'",
        "'\u00e0\u0080\u0080'",
        "'\u00e0\u009f\u00bf'",
        "'\u00ed\u00a0\u0080'",
        "'\u00ed\u00bf\u00bf'",
        "'\u00f0\u008f\u00bf\u00bf'",
        "'\u00f4\u0090\u0080\u0080'",
        "'\u00f5\u0080\u0080\u0080'",
        "'\u00ff'",
        "'\u00e2\u0082'",
    })
    void bytesThatAreNotUtf8(String latin1) {
        for (String around : new String[] {
            "<message>%s</message>", "<message to='%s'/>", "<m%s/>", "<message><![CDATA[%s]]></message>"
        }) {
            byte[] bytes = (HEADER + around.formatted(latin1)).getBytes(ISO_8859_1);
            assertThat(condition(bytes)).isEqualTo("unsupported-encoding");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "deeper than 4, <message><a><b><c><d/></c></b></a></message>",
        "more than 3 attributes, <message><a b='' c='' xmlns='urn:x' d=''/></message>",
        "more than 3 attributes, <message to='' from='' id='' type=''/>",
        "name longer than 20, <message><abcdefghijklmnopqrstu/></message>",
        "name longer than 20, <message><a abcdefghijklmnopqrstu=''/></message>",
        "name longer than 20, <abcdefghijklmnopqrstu",
        "namespace longer than 20, <message><a xmlns='urn:abcdefghijklmnopqrst'/></message>",
    })
    void limits(String text, String inside) throws StreamErrorException {
        assertThat(policyViolation(inside)).hasMessageContaining(text);
    }

    /// The namespaces that each child would have to declare for itself would make more of it than is allowed.
    @Test
    void payloadsThatGrowWhenWrittenAnew() throws StreamErrorException {
        String inside = "<message xmlns:a='urn:abcdefghijklmn'>" + "<a:b/>".repeat(40) + "</message>";
        assertThat(policyViolation(inside)).hasMessageContaining("more than 400 bytes");
    }

    @Test
    void nothingComesAfterAnError() throws StreamErrorException {
        StreamParser parser = new StreamParser(StreamLimits.DEFAULT, Namespaces.CLIENT);
        parser.feed((HEADER + "<a><b></a></b><presence/>").getBytes(UTF_8));
        assertThat(parser.next()).isNotNull();
        assertThrows(StreamErrorException.class, parser::next);
        assertThat(parser.next()).isNull();
        parser.feed("<presence/>".getBytes(UTF_8));
        assertThat(parser.next()).isNull();
    }
}
