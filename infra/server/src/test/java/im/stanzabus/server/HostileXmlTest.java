package im.stanzabus.server;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.ServerSettings;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.TlsClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that send what is not what it seems. After each attack two bystanders still talk.
@ExtendWith(XmppServerExtension.class)
@ServerSettings(Bystanders.SETTINGS)
class HostileXmlTest {
    private Bystanders bystanders;

    @BeforeEach
    void bystandersCome(Scene scene) {
        bystanders = new Bystanders(scene);
    }

    @AfterEach
    void bystandersStillTalk() {
        bystanders.talk();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE lolz [<!ENTITY lol 'lol'><!ENTITY lol2 '&lol;&lol;&lol;&lol;'>]>",
                "<!DOCTYPE stream SYSTEM 'file:///etc/passwd'>",
                "<!DOCTYPE stream [<!ENTITY % x SYSTEM 'http://127.0.0.1:1/x'> %x;]>",
            })
    @Spec(
            doc = "RFC6120",
            section = {"11.1", "4.9.3.18", "13.12"})
    void entitiesAreNotExpanded(String doctype, Scene scene) {
        TestStream stream = scene.plain();
        stream.connection()
                .openStream("<?xml version='1.0'?>" + doctype
                        + TestStream.header("localhost").substring(21));
        stream.isRefusedWith("restricted-xml");
        TestClient hamlet = scene.online("hamlet");
        hamlet.sendsRaw(doctype);
        hamlet.failsWith("restricted-xml");
    }

    static List<byte[]> brokenUtf8() {
        return List.of(
                new byte[] {(byte) 0xC0, (byte) 0xBC}, // overlong <
                new byte[] {(byte) 0xE0, (byte) 0x80, (byte) 0xBC},
                new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, // half a surrogate pair
                new byte[] {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80}, // beyond Unicode
                new byte[] {(byte) 0xFF},
                new byte[] {(byte) 0x80},
                new byte[] {(byte) 0xC3, '<'}, // cut short
                new byte[] {0});
    }

    @ParameterizedTest
    @MethodSource("brokenUtf8")
    @Spec(
            doc = "RFC6120",
            section = {"11.6", "4.9.3.13", "4.9.3.22"})
    void bytesThatAreNotUtf8EndTheStream(byte[] bytes, Scene scene) throws IOException {
        TestClient hamlet = scene.online("hamlet");
        Connection connection = hamlet.stream().connection();
        connection.write(scene.text("<message to='${nobody}'><body>").getBytes(StandardCharsets.UTF_8));
        connection.write(bytes);
        connection.write("</body></message>".getBytes(StandardCharsets.UTF_8));
        Xml error = hamlet.nextStanza("a stream error");
        assertThat(error.children().getFirst().name()).isIn("unsupported-encoding", "not-well-formed");
        hamlet.stream().endsInGoodOrder();
        hamlet.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32", "IBM1047"})
    @Spec(
            doc = "RFC6120",
            section = {"11.6", "4.9.3.22"})
    void otherEncodingsAreRefused(String encoding, Scene scene) throws IOException {
        TestStream stream = scene.plain();
        stream.connection().write(TestStream.header("localhost").getBytes(Charset.forName(encoding)));
        stream.connection().readStream();
        stream.connection().header();
        Xml error = stream.connection().element();
        assertThat(error.children().getFirst().name()).isIn("unsupported-encoding", "not-well-formed");
        stream.endsInGoodOrder();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<message a:x='1' b:x='2' xmlns:a='urn:x' xmlns:b='urn:x'/>",
                "<message xmlns:xml='urn:x'/>",
                "<message xmlns:xmlns='urn:x'/>",
                "<message xmlns:a=''/>",
                "<message xmlns:a='http://www.w3.org/2000/xmlns/'/>",
                "<message><body>&#0;</body></message>",
                "<message><body>&#x1F;</body></message>",
                "<message><body>&#xD800;</body></message>",
                "<message><body>&#xFFFE;</body></message>",
                "<message><body>\uFFFF</body></message>",
                "<message><body>&#x110000;</body></message>",
                "<message><body>&#;</body></message>",
                "<message><body>&amp</body></message>",
                "<message to='a' to='b'/>",
                "<message to='a'from='b'/>",
                "< message/>",
                "<message / >",
                "<message></message ></presence>",
                "<message><![CDATA[</message>]]></body></message>",
                "<message><body>]]></body></message>",
                "<a:message xmlns:a='jabber:client'></b:message>",
                "<:message/>",
                "<message:/>",
                "<1message/>",
            })
    @Spec(
            doc = "RFC6120",
            section = {"11.2", "4.9.3.13"})
    @Spec(doc = "RFC6120", section = "13.12")
    void whatOtherParsersMightReadOtherwiseIsNotPassedOn(String xml, Scene scene) {
        TestClient hamlet = scene.online("hamlet");
        hamlet.sendsRaw(xml);
        hamlet.failsWith("not-well-formed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "]]&gt;&lt;/body&gt;&lt;/message&gt;&lt;message&gt;",
                "<![CDATA[</body></message><message from='king@localhost'><body>]]>",
                "<![CDATA[]]>]]&gt;<![CDATA[<]]>",
                "&#60;/body>&#x3c;message>",
                "&amp;lt;&amp;amp;#0;",
                "&#13;&#10;&#9;&#x85;\u2028",
                "a\r\nb\rc\nd",
                "\uD83D\uDE00\uFFFD\uE000",
                "&quot;&apos;'\"",
            })
    @Spec(doc = "RFC6120", section = "11.2")
    void textArrivesAsItWasMeant(String text, Scene scene) {
        TestClient hamlet = scene.online("hamlet");
        TestClient horatio = scene.online("horatio");
        hamlet.sendsRaw("<message type='chat' id='t' to='" + horatio.jid() + "'><body>" + text + "</body></message>");
        Xml received = horatio.nextStanza("the message");
        assertThat(received.child("body").text())
                .isEqualTo(Xml.parse("<body>" + text + "</body>").text());
        assertThat(received.attribute("from")).isEqualTo(hamlet.jid());
        if (!text.contains("<")) {
            String quoted = text.replace("'", "&apos;");
            hamlet.sendsRaw("<message type='chat' id='t' to='" + horatio.jid() + "'><x xmlns='urn:x' a='" + quoted
                    + "'/></message>");
            assertThat(horatio.nextStanza("the message").child("x").attribute("a"))
                    .isEqualTo(Xml.parse("<x a='" + quoted + "'/>").attribute("a"));
        }
        horatio.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"4.8.3", "4.8.5"})
    void prefixesMeanWhatTheyWereDeclaredFor(Scene scene) {
        TestClient hamlet = scene.online("hamlet");
        TestClient horatio = scene.online("horatio");
        hamlet.sendsRaw("<c:message xmlns:c='jabber:client' xmlns='urn:x' type='chat' id='p' to='" + horatio.jid()
                + "'><c:body>hi</c:body><y/><y xmlns='urn:y'><c:z xmlns:c='urn:c'/></y></c:message>");
        horatio.receives("""
                <message from='${hamlet/tester}' type='chat' id='p'>
                  <body>hi</body><y xmlns='urn:x'/><y xmlns='urn:y'><z xmlns='urn:c'/></y>
                </message>""");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<message xmlns='' to='%s'><body>hi</body></message>",
                "<x:message xmlns:x='jabber:server' to='%s'/>"
            })
    @Spec(doc = "RFC6120", section = "4.9.3.24")
    void whatIsNoStanzaIsNotPassedOn(String xml, Scene scene) {
        TestClient hamlet = scene.online("hamlet");
        TestClient horatio = scene.online("horatio");
        hamlet.sendsRaw(xml.formatted(horatio.jid()));
        Xml error = hamlet.nextStanza("an error");
        assertThat(error.is("error", "http://etherx.jabber.org/streams"))
                .as(error.toString())
                .isTrue();
        hamlet.close();
        horatio.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"5.3.2", "5.4.3.3"})
    void whatFollowsStartTlsInPlainTextIsNotTakenForSecured(Scene scene) {
        TestStream stream = scene.plain();
        stream.open();
        Connection connection = stream.connection();
        connection.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" + TestStream.header("localhost")
                + "<iq type='get' id='injected'><ping xmlns='urn:xmpp:ping'/></iq>");
        Connection.Event answer = connection.next();
        List<Connection.Event> seen = new ArrayList<>(List.of(answer));
        boolean proceeds = answer instanceof Connection.Event.Element(Xml xml)
                && xml.name().equals("proceed");
        if (proceeds) {
            try {
                connection.secure(TlsClient.DEFAULT);
                connection.openStream(TestStream.header("localhost"));
                connection.header();
                Xml features = stream.features();
                assertThat(TestStream.mechanisms(features)).isNotEmpty();
                connection.send("</stream:stream>");
                seen.addAll(connection.rest());
            } catch (AssertionError refused) {
                assertThat(refused).hasMessageContaining("TLS failed");
            }
        } else {
            seen.addAll(connection.rest());
        }
        assertThat(seen.toString()).doesNotContain("injected");
    }
}
