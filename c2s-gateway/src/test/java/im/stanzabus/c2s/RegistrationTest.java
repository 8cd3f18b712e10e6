package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.AuthRequest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// XEP-0077 section 3.1, before login.
class RegistrationTest {
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.plain();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private static String register(String fields) {
        return "<iq type='set' id='r'><query xmlns='jabber:iq:register'>" + fields + "</query></iq>";
    }

    private TestClient at(String host) throws Exception {
        TestClient client = gateway.connect();
        client.open(host);
        return client;
    }

    @Test
    void theFieldsAreTold() throws Exception {
        TestClient client = at(TestGateway.ALPHA);
        client.send("<iq type='get' id='f' to='alpha.test'><query xmlns='jabber:iq:register'/></iq>");
        assertThat(client.until("</iq>"))
                .startsWith("<iq type='result' id='f' from='alpha.test'><query xmlns='jabber:iq:register'>")
                .contains("<username")
                .contains("<password");
    }

    @Test
    void anAccountIsMadeAndMayLogIn() throws Exception {
        TestClient client = at(TestGateway.ALPHA);
        client.send(register("<username>new</username><password>secret</password>"));
        assertThat(client.until("/>")).isEqualTo("<iq type='result' id='r' from='alpha.test'/>");
        AuthRequest.Register made = gateway.auth.registrations.poll(10, TimeUnit.SECONDS);
        assertThat(made).isNotNull();
        assertThat(made)
                .isEqualTo(new AuthRequest.Register(TestGateway.ALPHA, "new", "secret", "127.0.0.1", made.creation()));
        assertThat(made.creation()).isNotZero();
        client.send(register("<username>another</username><password>secret</password>"));
        assertThat(client.until("</iq>")).contains("<not-acceptable");
        client.auth("new", "secret");
        client.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    }

    @Test
    void refusalsAreAnswered() throws Exception {
        TestClient client = at(TestGateway.ALPHA);
        client.send(register("<username>taken</username><password>secret</password>"));
        assertThat(client.until("</iq>")).contains("type='error'").contains("<conflict");
        client.send(register("<username>new</username>"));
        assertThat(client.until("</iq>")).contains("<not-acceptable");
    }

    @Test
    void whereItIsNotOpenItIsNotAllowed() throws Exception {
        TestClient client = at(TestGateway.BETA);
        client.send(register("<username>new</username><password>secret</password>"));
        assertThat(client.until("</iq>")).contains("type='error'").contains("<not-allowed");
        assertThat(gateway.auth.registrations).isEmpty();
    }
}
