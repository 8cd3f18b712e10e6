package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.SessionEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// RFC 6120 sections 4.6 and 13.12: clients that take too long.
class TimeoutsTest {
    private TestGateway gateway;

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void loginMustComeInTime() throws Exception {
        gateway = TestGateway.plain("timeouts: {login: 200 ms}\n");
        TestClient silent = gateway.connect();
        assertThat(silent.untilEnd())
                .startsWith("<?xml version='1.0'?><stream:stream ")
                .contains("<connection-timeout")
                .endsWith("</stream:stream>");
        TestClient slow = gateway.connect();
        slow.open(TestGateway.ALPHA);
        slow.expectStreamError("connection-timeout");
        TestClient unbound = gateway.login("romeo");
        unbound.expectStreamError("connection-timeout");
    }

    @Test
    void aBoundClientHasAllTime() throws Exception {
        gateway = TestGateway.plain("timeouts: {login: 100 ms}\n");
        TestClient client = gateway.bound("romeo", "orchard");
        TestGateway.result(gateway.vertx().timer(300));
        client.sync();
    }

    @Test
    void aSilentClientIsAskedAndKeptWhenItAnswers() throws Exception {
        gateway = TestGateway.plain("timeouts: {idle: 100 ms, ping: 2 s}\n");
        TestClient client = gateway.bound("romeo", "orchard");
        for (int i = 0; i < 3; i++) {
            String ping = client.until("</iq>");
            assertThat(ping).contains("<ping xmlns='urn:xmpp:ping'/>");
            int start = ping.indexOf(" id='") + 5;
            client.send("<iq type='result' id='" + ping.substring(start, ping.indexOf('\'', start)) + "'/>");
        }
        client.sync();
        assertThat(gateway.owner.rest()).allMatch(SessionEvent.Bind.class::isInstance);
    }

    @Test
    void aClientThatDoesNotAnswerIsGone() throws Exception {
        gateway = TestGateway.plain("timeouts: {idle: 100 ms, ping: 100 ms}\n");
        TestClient client = gateway.bound("romeo", "orchard");
        assertThat(client.until("</iq>")).contains("<ping");
        client.expectStreamError("connection-timeout");
        assertThat(gateway.owner.next(SessionEvent.Gone.class).client()).isEqualTo(client.jid);
    }

    /// RFC 6120 section 4.6.1: whitespace keeps a stream alive.
    @Test
    void whitespaceIsASignOfLife() throws Exception {
        gateway = TestGateway.plain("timeouts: {idle: 1 s, ping: 1 s}\n");
        TestClient client = gateway.bound("romeo", "orchard");
        for (int i = 0; i < 30; i++) {
            client.send(" ");
            TestGateway.result(gateway.vertx().timer(50));
        }
        assertThat(client.sync()).doesNotContain("urn:xmpp:ping");
    }

    @Test
    void aHandshakeMustComeInTime() throws Exception {
        gateway = new TestGateway("timeouts: {handshake: 100 ms}\n");
        TestClient direct = gateway.track(new TestClient(gateway.directTlsPort()));
        assertThat(direct.untilEnd()).isEmpty();
        TestClient upgrading = gateway.connect();
        upgrading.open(TestGateway.ALPHA);
        upgrading.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        upgrading.until("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        assertThat(upgrading.untilEnd()).doesNotContain("<stream");
    }

    /// RFC 6120 section 4.4: a client that does not close its side is not waited for for ever.
    @Test
    void aClientThatKeepsSendingAfterTheEndIsCutOff() throws Exception {
        gateway = TestGateway.plain("timeouts: {close: 200 ms}\n");
        TestClient client = gateway.bound("romeo", "orchard");
        client.send("<unknown xmlns='urn:x'/>");
        client.until("</stream:stream>");
        // our side is closed at once, and what comes is thrown away
        assertThat(client.untilEnd()).isEmpty();
        client.send("<presence/>");
        gateway.owner.next(SessionEvent.Gone.class);
        assertThat(gateway.owner.rest()).isEmpty();
    }
}
