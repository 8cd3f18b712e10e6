package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// RFC 6120 section 7.
class BindingTest {
    private static final String BIND = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>";

    private TestGateway gateway;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.plain();
        client = gateway.login("romeo");
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void theClientsWishIsPassedOnPrepared() throws Exception {
        assertThat(client.bind("orchard"))
                .isEqualTo("<iq type='result' id='b'>" + BIND + "<jid>romeo@alpha.test/orchard</jid></bind></iq>");
        SessionEvent.Bind bind = gateway.owner.next(SessionEvent.Bind.class);
        assertThat(bind.resource()).isEqualTo("orchard");
        assertThat(bind.account()).isEqualTo(Jid.of("romeo@alpha.test"));
        assertThat(bind.peer()).isEqualTo("127.0.0.1");
    }

    @Test
    void anEmptyWishIsNone() throws Exception {
        assertThat(client.bind("")).contains("<jid>romeo@alpha.test/given</jid>");
        assertThat(gateway.owner.next(SessionEvent.Bind.class).resource()).isNull();
    }

    @Test
    void aResourceThatIsNoneIsABadRequest() throws Exception {
        assertThat(client.bind("x".repeat(2000))).contains("type='error'").contains("<bad-request");
        client.send("<iq type='get' id='g'>" + BIND + "</bind></iq>");
        assertThat(client.until("</iq>")).contains("type='error' id='g'").contains("<bad-request");
        assertThat(client.bind("fine")).contains("romeo@alpha.test/fine");
    }

    @Test
    void theOwnersRefusalIsAnsweredAndTheClientMayTryAgain() throws Exception {
        assertThat(client.bind("taken"))
                .isEqualTo("<iq type='error' id='b'><error type='cancel'>"
                        + "<conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
        assertThat(client.bind("free")).contains("romeo@alpha.test/free");
    }

    @Test
    void stanzasToOthersBeforeBindingEndTheStream() throws Exception {
        client.send("<message to='juliet@alpha.test' id='m'><body>early</body></message>");
        client.expectStreamError("not-authorized");
        TestClient other = gateway.login("romeo");
        other.send("<iq type='set' id='o' to='juliet@alpha.test'>" + BIND + "</bind></iq>");
        other.expectStreamError("not-authorized");
        assertThat(gateway.owner.rest()).isEmpty();
    }

    @Test
    void otherStanzasBeforeBindingGetAnError() throws Exception {
        client.send("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
        assertThat(client.until("</iq>"))
                .startsWith("<iq type='error' id='r'>")
                .contains("<error type='auth'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>");
        client.send("<message type='error'/><presence type='nonsense' id='p'/>");
        assertThat(client.until("</presence>")).startsWith("<presence type='error' id='p'");
        assertThat(gateway.owner.rest()).isEmpty();
        assertThat(client.bind("x")).contains("romeo@alpha.test/x");
    }

    @Test
    void aSecondResourceIsNotAllowed() throws Exception {
        client.bind("one");
        client.send("<iq type='set' id='two'>" + BIND + "<resource>two</resource></bind></iq>");
        assertThat(client.until("</iq>")).contains("type='error' id='two'").contains("<not-allowed");
    }

    /// RFC 3921 section 3: old clients open a session.
    @Test
    void aSessionIsOpenedForOldClients() throws Exception {
        client.bind("one");
        assertThat(client.sync()).isEqualTo("<iq type='result' id='sync'");
        assertThat(gateway.owner.next(SessionEvent.Bind.class)).isNotNull();
        assertThat(gateway.owner.rest()).isEmpty();
    }

    @Test
    void whatIsSentBehindTheRequestWaitsForTheResource() throws Exception {
        client.send("<iq type='set' id='b'>" + BIND + "</bind></iq><presence/>");
        SessionEvent.FromClient presence = gateway.owner.next(SessionEvent.FromClient.class);
        assertThat(presence.stanza().from()).isEqualTo(Jid.of("romeo@alpha.test/given"));
        assertThat(presence.number()).isEqualTo(1);
    }

    @Test
    void aResourceBoundForAClientThatLeftIsGivenBack() throws Exception {
        client.send("<iq type='set' id='b'>" + BIND + "<resource>slow</resource></bind></iq>");
        SessionEvent.Bind bind = gateway.owner.next(SessionEvent.Bind.class);
        client.socket().setSoLinger(true, 0);
        client.close();
        Jid slow = Jid.of("romeo@alpha.test/slow");
        gateway.owner.send(new ConnectionEvent.Bound(bind.connection(), slow));
        SessionEvent.Gone gone = gateway.owner.next(SessionEvent.Gone.class);
        assertThat(gone.connection()).isEqualTo(bind.connection());
        assertThat(gone.client()).isEqualTo(slow);
    }
}
