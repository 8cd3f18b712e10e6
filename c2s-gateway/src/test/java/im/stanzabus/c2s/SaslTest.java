package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Promise;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// RFC 6120 section 6: the elements around a SASL exchange.
class SaslTest {
    private static final String NS = " xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";

    private TestGateway gateway;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.plain("limits: {login-attempts: 3}\n");
        client = gateway.connect();
        client.open(TestGateway.ALPHA);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private AuthRequest.SaslStep step() throws InterruptedException {
        AuthRequest.SaslStep step = gateway.auth.steps.poll(10, TimeUnit.SECONDS);
        assertThat(step).isNotNull();
        return step;
    }

    @Test
    void anExchangeOfSeveralStepsCarriesItsState() throws Exception {
        client.send("<auth" + NS + " mechanism='TWO-STEPS'>" + "YWJj" + "</auth>");
        // "hello abc"
        assertThat(client.until("</challenge>")).isEqualTo("<challenge" + NS + ">aGVsbG8gYWJj</challenge>");
        assertThat(step().state()).isNull();
        client.send("<response" + NS + ">cm9tZW8=</response>");
        assertThat(client.until("</success>")).isEqualTo("<success" + NS + ">d2VsY29tZQ==</success>");
        AuthRequest.SaslStep second = step();
        assertThat(second.data()).asString().isEqualTo("romeo");
        assertThat(second.state()).asString().isEqualTo("state");
        assertThat(second.channel().peerAddress()).isEqualTo("127.0.0.1");
        client.open(TestGateway.ALPHA);
        assertThat(client.bind("x")).contains("romeo@alpha.test/x");
    }

    @Test
    void noInitialResponseDiffersFromAnEmptyOne() throws Exception {
        client.send("<auth" + NS + " mechanism='TWO-STEPS'/>");
        client.until("<challenge" + NS + ">=</challenge>");
        assertThat(step().data()).isNull();
        client.send("<abort" + NS + "/>");
        assertThat(client.until("</failure>")).contains("<aborted/>");
        client.send("<auth" + NS + " mechanism='TWO-STEPS'>=</auth>");
        client.until("</challenge>");
        assertThat(step().data()).isEmpty();
    }

    @Test
    void anEmptyResponseIsData() throws Exception {
        client.send("<auth" + NS + " mechanism='TWO-STEPS'/>");
        client.until("</challenge>");
        step();
        client.send("<response" + NS + "/>");
        client.until("</success>");
        assertThat(step().data()).isEmpty();
    }

    @Test
    void aWrongPasswordMayBeCorrected() throws Exception {
        client.auth("romeo", "wrong");
        assertThat(client.until("</failure>"))
                .isEqualTo("<failure" + NS + "><not-authorized/><text xml:lang='en'>wrong name or password</text>"
                        + "</failure>");
        client.auth("romeo", FakeAuth.PASSWORD);
        client.until("<success" + NS + "/>");
        assertThat(gateway.count("stanzabus.c2s.logins", "result", "failure")).isEqualTo(1);
        assertThat(gateway.count("stanzabus.c2s.logins", "result", "success")).isEqualTo(1);
    }

    @Test
    void tooManyFailuresEndTheStream() throws Exception {
        client.auth("romeo", "wrong");
        client.until("</failure>");
        client.auth("romeo", "false");
        client.until("</failure>");
        client.auth("romeo", "mistaken");
        client.until("</failure>");
        client.expectStreamError("policy-violation");
    }

    @Test
    void whatIsNotBase64IsRefused() throws Exception {
        client.send("<auth" + NS + " mechanism='PLAIN'>%%%</auth>");
        assertThat(client.until("</failure>")).contains("<incorrect-encoding/>");
        assertThat(gateway.auth.steps).isEmpty();
    }

    @Test
    void mechanismsThatAreNotOfferedAreRefused() throws Exception {
        client.send("<auth" + NS + " mechanism='SCRAM-TEST-PLUS'>AAAA</auth>");
        assertThat(client.until("</failure>")).contains("<invalid-mechanism/>");
        client.send("<auth" + NS + ">AAAA</auth>");
        assertThat(client.until("</failure>")).contains("<invalid-mechanism/>");
        assertThat(gateway.auth.steps).isEmpty();
    }

    @Test
    void elementsOutOfOrderAreRefused() throws Exception {
        client.send("<response" + NS + ">AAAA</response>");
        assertThat(client.until("</failure>")).contains("<malformed-request/>");
        client.send("<auth" + NS + " mechanism='TWO-STEPS'/>");
        client.until("</challenge>");
        client.auth("romeo", FakeAuth.PASSWORD);
        assertThat(client.until("</failure>")).contains("<malformed-request/>");
    }

    @Test
    void anUnreachableAuthServiceIsATemporaryFailure() throws Exception {
        gateway.auth.down = true;
        client.auth("romeo", FakeAuth.PASSWORD);
        assertThat(client.until("</failure>")).contains("<temporary-auth-failure/>");
    }

    /// What a client sends ahead waits for the answer that says what it means.
    @Test
    void whatIsSentAheadWaitsForTheAnswer() throws Exception {
        gateway.auth.held = Promise.promise();
        client.auth("romeo", FakeAuth.PASSWORD);
        client.send(TestClient.header(TestGateway.ALPHA)
                + "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        step();
        gateway.auth.held.complete(new SaslReply.Success(Jid.of("romeo@alpha.test"), null));
        assertThat(client.until("</iq>"))
                .startsWith("<success" + NS + "/><?xml version='1.0'?><stream:stream")
                .contains("<jid>romeo@alpha.test/given</jid>");
    }

    @Test
    void aClientThatLeavesDuringAnExchangeIsForgotten() throws Exception {
        gateway.auth.held = Promise.promise();
        client.auth("romeo", FakeAuth.PASSWORD);
        step();
        client.send("</stream:stream>");
        client.close();
        gateway.auth.held.complete(new SaslReply.Success(Jid.of("romeo@alpha.test"), null));
        gateway.auth.held = null;
        assertThat(gateway.login("juliet").bind("x")).contains("juliet@alpha.test/x");
    }
}
