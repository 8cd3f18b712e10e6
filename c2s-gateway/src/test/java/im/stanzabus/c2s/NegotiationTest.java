package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.api.CapsRequest;
import io.vertx.core.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 6120 sections 4.2, 4.3, 4.7 and 4.9: headers, features and the errors before login.
class NegotiationTest {
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.plain();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void aClientLogsInBindsAndIsDelivered() throws Exception {
        TestClient client = gateway.bound("romeo", "orchard");
        gateway.owner.deliver(client, false, "hello");
        assertThat(client.until("</message>"))
                .isEqualTo("<message type='chat' from='juliet@alpha.test/balcony' to='romeo@alpha.test/orchard'>"
                        + "<body>hello</body></message>");
    }

    @Test
    void theHeaderAnswersTheClients() throws Exception {
        TestClient client = gateway.connect();
        client.send("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xml:lang='de'"
                + " xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to='alpha.test'"
                + " from='romeo@alpha.test'>");
        assertThat(client.until("</stream:features>"))
                .matches("(?s)<\\?xml version='1.0'\\?><stream:stream xmlns='jabber:client'"
                        + " xmlns:stream='http://etherx.jabber.org/streams' id='[A-Za-z0-9_-]{20}' from='alpha.test'"
                        + " to='romeo@alpha.test' version='1.0' xml:lang='en'><stream:features>.*");
    }

    @Test
    void streamIdsDiffer() throws Exception {
        String first = gateway.connect().open(TestGateway.ALPHA);
        String second = gateway.connect().open(TestGateway.ALPHA);
        assertThat(id(first)).isNotEqualTo(id(second));
    }

    private static String id(String header) {
        int start = header.indexOf(" id='") + 5;
        return header.substring(start, header.indexOf('\'', start));
    }

    @Test
    void featuresBeforeLoginNameTheMechanismsAndLimits() throws Exception {
        assertThat(gateway.connect().open(TestGateway.ALPHA))
                .contains("<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
                        + "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism>"
                        + "<mechanism>TWO-STEPS</mechanism></mechanisms>"
                        + "<register xmlns='http://jabber.org/features/iq-register'/>"
                        + "<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>16384</max-bytes>");
    }

    @Test
    void registrationIsOfferedWhereItIsOpenOnly() throws Exception {
        assertThat(gateway.connect().open(TestGateway.BETA)).doesNotContain("iq-register");
    }

    @Test
    void featuresAfterLoginNameBinding() throws Exception {
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        client.auth("romeo", FakeAuth.PASSWORD);
        client.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        assertThat(client.open(TestGateway.ALPHA))
                .contains("<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
                        + "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session>"
                        + "<sm xmlns='urn:xmpp:sm:3'/>"
                        + "<ver xmlns='urn:xmpp:features:rosterver'/>"
                        + "<sub xmlns='urn:xmpp:features:pre-approval'/>"
                        + "<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>262144</max-bytes>"
                        + "<idle-seconds>300</idle-seconds></limits></stream:features>");
    }

    /// XEP-0115 section 6.3.
    @Test
    void theHostsCapabilitiesAreAFeatureWhereTheyAreKnown() throws Exception {
        gateway.bus.serve(
                Addresses.CAPS,
                CapsRequest.class,
                request -> Future.succeededFuture(new CapsRequest.Caps("urn:" + request.host(), "q07IKJEyjvHSyhy/")));
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        client.auth("romeo", FakeAuth.PASSWORD);
        client.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        assertThat(client.open(TestGateway.ALPHA))
                .contains("<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:alpha.test'"
                        + " ver='q07IKJEyjvHSyhy/'/>");
    }

    @ParameterizedTest
    @CsvSource({
        "to='elsewhere.test' version='1.0', host-unknown",
        "to='romeo@alpha.test' version='1.0', host-unknown",
        "to='alpha.test/x' version='1.0', host-unknown",
        "to='@' version='1.0', host-unknown",
        "version='1.0', improper-addressing",
        "to='alpha.test', unsupported-version",
        "to='alpha.test' version='0.9', unsupported-version",
        "to='alpha.test' version='one', unsupported-version",
    })
    void aHeaderThatCannotBeServedIsAnswered(String attributes, String condition) throws Exception {
        TestClient client = gateway.connect();
        client.send("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " + attributes
                + ">");
        assertThat(client.until("xml:lang='en'>")).contains("from='alpha.test'");
        client.expectStreamError(condition);
    }

    @Test
    void aLaterMinorVersionIsServed() throws Exception {
        TestClient client = gateway.connect();
        client.send(TestClient.header(TestGateway.ALPHA).replace("'1.0' to", "'1.12' to"));
        assertThat(client.until("</stream:features>")).contains("version='1.0'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'>|invalid-namespace",
                "<stream:stream xmlns='jabber:client' xmlns:stream='urn:x'>|invalid-namespace",
                "<s:stream xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams'>|bad-namespace-prefix",
                "GET / HTTP/1.1|not-well-formed",
                "<?xml version='1.0' encoding='ISO-8859-1'?><stream|unsupported-encoding",
                "<!DOCTYPE x><x/>|restricted-xml",
            })
    void whatIsNoStreamGetsAHeaderAndTheError(String sent, String condition) throws Exception {
        TestClient client = gateway.connect();
        client.send(sent);
        assertThat(client.until("xml:lang='en'>")).startsWith("<?xml version='1.0'?><stream:stream ");
        client.expectStreamError(condition);
    }

    @Test
    void theEndOfAStreamIsAnswered() throws Exception {
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        client.send("</stream:stream>");
        assertThat(client.untilEnd()).isEqualTo("</stream:stream>");
    }

    @Test
    void aStanzaBeforeLoginEndsTheStream() throws Exception {
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        client.send("<message to='juliet@alpha.test'><body>early</body></message>");
        client.expectStreamError("not-authorized");
        assertThat(gateway.owner.rest()).isEmpty();
    }

    @Test
    void anUnknownElementBeforeLoginEndsTheStream() throws Exception {
        TestClient client = gateway.connect();
        client.open(TestGateway.ALPHA);
        client.send("<compress xmlns='http://jabber.org/protocol/compress'/>");
        client.expectStreamError("unsupported-stanza-type");
        assertThat(gateway.count("stanzabus.c2s.stream.errors", "condition", "unsupported-stanza-type"))
                .isEqualTo(1);
    }

    @Test
    void everythingMayComeInOnePieceOrByteByByte() throws Exception {
        String all = TestClient.header(TestGateway.ALPHA)
                + "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"
                + TestClient.plain("romeo", FakeAuth.PASSWORD) + "</auth>" + TestClient.header(TestGateway.ALPHA)
                + "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>";
        TestClient atOnce = gateway.connect();
        atOnce.send(all);
        assertThat(atOnce.until("</iq>")).contains("<jid>romeo@alpha.test/given</jid>");
        TestClient bytes = gateway.connect();
        for (int i = 0; i < all.length(); i++) {
            bytes.send(all.substring(i, i + 1));
        }
        assertThat(bytes.until("</iq>")).contains("<jid>romeo@alpha.test/given</jid>");
    }

    @Test
    void withoutAuthServiceLoginIsNotPossible() throws Exception {
        gateway.auth.down = true;
        TestClient client = gateway.connect();
        client.send(TestClient.header(TestGateway.ALPHA));
        client.expectStreamError("resource-constraint");
    }

    @Test
    void afterLoginTheHeaderMustNameTheSameHostAndUser() throws Exception {
        TestClient other = gateway.connect();
        other.open(TestGateway.ALPHA);
        other.auth("romeo", FakeAuth.PASSWORD);
        other.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        other.send(TestClient.header(TestGateway.BETA));
        other.expectStreamError("host-unknown");
        TestClient foreign = gateway.connect();
        foreign.open(TestGateway.ALPHA);
        foreign.auth("romeo", FakeAuth.PASSWORD);
        foreign.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        foreign.send(TestClient.header(TestGateway.ALPHA).replace(" to=", " from='paris@alpha.test' to="));
        foreign.expectStreamError("invalid-from");
    }
}
