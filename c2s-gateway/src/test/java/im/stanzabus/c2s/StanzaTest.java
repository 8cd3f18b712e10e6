package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// RFC 6120 section 8.1: what a bound client sends.
class StanzaTest {
    private static final Jid ROMEO = Jid.of("romeo@alpha.test/orchard");

    private TestGateway gateway;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.plain();
        client = gateway.bound("romeo", "orchard");
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private SessionEvent.FromClient next() throws InterruptedException {
        return gateway.owner.next(SessionEvent.FromClient.class);
    }

    @Test
    void stanzasAreStampedNumberedAndKeptInOrder() throws Exception {
        client.send("<message to='juliet@alpha.test' id='1'><body>a</body></message><presence/>"
                + "<iq type='get' id='3' to='beta.test'><ping xmlns='urn:xmpp:ping'/></iq>");
        SessionEvent.FromClient message = next();
        assertThat(message.stanza())
                .hasToString("<message xmlns='jabber:client' id='1' from='romeo@alpha.test/orchard'"
                        + " to='juliet@alpha.test'><body>a</body></message>");
        assertThat(message.client()).isEqualTo(ROMEO);
        assertThat(message.number()).isEqualTo(1);
        assertThat(next().number()).isEqualTo(2);
        SessionEvent.FromClient iq = next();
        assertThat(iq.number()).isEqualTo(3);
        assertThat(iq.stanza().from()).isEqualTo(ROMEO);
    }

    /// RFC 6120 section 8.1.2.1.
    @Test
    void theClientsOwnAddressesAreReplacedByTheFullOne() throws Exception {
        client.send("<presence from='romeo@alpha.test'/><presence from='romeo@alpha.test/orchard'/>");
        assertThat(next().stanza().from()).isEqualTo(ROMEO);
        assertThat(next().stanza().from()).isEqualTo(ROMEO);
    }

    @Test
    void aForeignSenderEndsTheStream() throws Exception {
        client.send("<message from='juliet@alpha.test' to='nurse@alpha.test'><body>forged</body></message>");
        client.expectStreamError("invalid-from");
        assertThat(gateway.owner.next(SessionEvent.Gone.class).number()).isZero();
        assertThat(gateway.owner.rest()).isEmpty();
    }

    @Test
    void anotherResourceOfTheSameAccountIsForeign() throws Exception {
        client.send("<presence from='romeo@alpha.test/elsewhere'/>");
        client.expectStreamError("invalid-from");
    }

    /// RFC 6120 section 8.1.5.
    @Test
    void theLanguageOfTheStreamIsThatOfItsStanzas() throws Exception {
        TestClient german = gateway.connect();
        german.open(TestGateway.ALPHA);
        german.auth("romeo", FakeAuth.PASSWORD);
        german.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        german.send(TestClient.header(TestGateway.ALPHA).replace(" to=", " xml:lang='de' to="));
        german.until("</stream:features>");
        german.bind("de");
        german.send("<presence/><presence xml:lang='it'/>");
        assertThat(next().stanza().lang()).isEqualTo("de");
        assertThat(next().stanza().lang()).isEqualTo("it");
    }

    @Test
    void stanzasThatMakeNoSenseAreAnswered() throws Exception {
        client.send("<message to='@' id='j'/>");
        assertThat(client.until("</message>")).contains("type='error' id='j'").contains("<jid-malformed");
        client.send("<iq type='get' id='q' to='juliet@alpha.test'/>");
        assertThat(client.until("</iq>"))
                .startsWith("<iq type='error' id='q' from='juliet@alpha.test' to='romeo@alpha.test/orchard'>")
                .contains("<bad-request");
        client.send("<presence type='odd' id='p'/>");
        assertThat(client.until("</presence>")).contains("type='error' id='p'").contains("<bad-request");
    }

    /// RFC 6120 section 8.3.1: an error is never answered with an error.
    @Test
    void answersThatMakeNoSenseAreNotAnswered() throws Exception {
        client.send("<message type='error' to='@' id='e'/><iq type='result' to='@' id='r'/>");
        assertThat(client.sync()).doesNotContain("type='error'");
    }

    /// RFC 6120 section 4.9.3.24.
    @Test
    void unknownElementsEndTheStream() throws Exception {
        client.send("<sonnet xmlns='urn:example:poem'/>");
        client.expectStreamError("unsupported-stanza-type");
    }

    @Test
    void brokenXmlEndsTheStream() throws Exception {
        client.send("<message><body>a</message>");
        client.expectStreamError("not-well-formed");
        assertThat(gateway.owner.next(SessionEvent.Gone.class).client()).isEqualTo(ROMEO);
    }

    @Test
    void theOwnerIsToldWhenTheClientLeaves() throws Exception {
        client.send("<presence/></stream:stream>");
        assertThat(client.untilEnd()).isEqualTo("</stream:stream>");
        assertThat(next().stanza().isPresence()).isTrue();
        assertThat(gateway.owner.next(SessionEvent.Gone.class).connection())
                .isEqualTo(gateway.owner.connection(client));
    }

    @Test
    void theOwnerIsToldWhenTheConnectionBreaks() throws Exception {
        client.socket().setSoLinger(true, 0);
        client.close();
        assertThat(gateway.owner.next(SessionEvent.Gone.class).client()).isEqualTo(ROMEO);
    }
}
