package im.stanzabus.server.federation;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.Xml;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Users of two servers write to a component of one of them that is not there.
@Timeout(120)
class AbsentComponentTest {
    private static EmbeddedServer montague;
    private static EmbeddedServer capulet;

    @BeforeAll
    static void start() throws Exception {
        int first = freePort();
        int second = freePort();
        montague = server("montague.example", first, "capulet.example", second);
        capulet = server("capulet.example", second, "montague.example", first);
        montague.createUser("romeo", "montague.example");
        capulet.createUser("juliet", "capulet.example");
    }

    @AfterAll
    static void stop() {
        montague.close();
        capulet.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static EmbeddedServer server(String domain, int port, String other, int otherPort) {
        return new EmbeddedServer("""
                hosts: [{domain: %s}]
                http: {port: 0}
                c2s-gateway: {host: 127.0.0.1, port: 0, direct-tls: {port: 0}}
                s2s-gateway:
                  host: 127.0.0.1
                  port: %d
                  direct-tls: {enabled: false}
                  policies:
                    - {domain: %s, host: 127.0.0.1, port: %d}
                    - {domain: 'rooms.%s', host: 127.0.0.1, port: %d}
                  components: {port: 0, domains: [{domain: rooms.%s, secret: s3cr3t-of-rooms}]}
                """.formatted(domain, port, other, otherPort, other, otherPort, domain));
    }

    private static TestStream login(EmbeddedServer server, String user) {
        TestStream stream = TestStream.secured(server, server.host());
        stream.login(user, TestServer.PASSWORD);
        stream.bind("here");
        stream.connection().send("<presence/>");
        return stream;
    }

    private static Xml message(Connection connection) {
        Xml next = connection.element();
        while (!next.name().equals("message")) {
            next = connection.element();
        }
        return next;
    }

    /// The same is said to users here and elsewhere.
    @Test
    void aComponentThatIsNotConnectedMayComeBack() {
        try (TestStream romeo = login(montague, "romeo");
                TestStream juliet = login(capulet, "juliet")) {
            for (TestStream user : List.of(romeo, juliet)) {
                user.connection()
                        .send("<message to='hall@rooms.montague.example' type='chat'><body>anon</body></message>");
                Xml error = message(user.connection());
                assertThat(error.attribute("from")).isEqualTo("hall@rooms.montague.example");
                assertThat(error.attribute("type")).isEqualTo("error");
                assertThat(error.child("error").children().getFirst().name()).isEqualTo("remote-server-timeout");
            }
        }
    }
}
