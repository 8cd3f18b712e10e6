package im.stanzabus.s2s.component;

import static im.stanzabus.s2s.component.TestGateway.ECHO;
import static im.stanzabus.s2s.component.TestGateway.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A component that waits for us: `jabber:component:connect` of XEP-0114.
@Timeout(30)
class ConnectedComponentTest {
    private static final String ANSWER = "<?xml version='1.0'?><stream:stream xmlns='jabber:component:connect'"
            + " xmlns:stream='http://etherx.jabber.org/streams' from='echo.localhost' id='3BF96D32'>";

    private ServerSocket listener;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        listener.setSoTimeout(10_000);
        gateway = gateway("50 ms");
    }

    private TestGateway gateway(String retry) throws Exception {
        return new TestGateway("""
                components:
                  domains: [{domain: echo.localhost, secret: s3cr3t-of-echo, connect: '127.0.0.1:%d'}]
                retry: {first: %s}
                """.formatted(listener.getLocalPort(), retry));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        listener.close();
    }

    private Socket accept() throws IOException {
        Socket socket = listener.accept();
        socket.setSoTimeout(10_000);
        return socket;
    }

    static String readUntil(Socket socket, String end) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = in.read();
            assertThat(next).as(text.toString()).isNotNegative();
            text.append((char) next);
        }
        return text.toString();
    }

    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Plays the component up to our handshake, and accepts it.
    static void join(Socket socket) throws IOException {
        String header = readUntil(socket, "<stream:stream") + readUntil(socket, ">");
        assertThat(header).contains("xmlns='jabber:component:connect'", "from='echo.localhost'");
        write(socket, ANSWER);
        assertThat(readUntil(socket, "</handshake>"))
                .isEqualTo("<handshake>" + Handshake.of("3BF96D32", SECRET) + "</handshake>");
        write(socket, "<handshake/>");
    }

    @Test
    void weConnectAndShowThatWeKnowTheSecret() throws Exception {
        assertThat(gateway.port()).isZero();
        try (Socket socket = accept()) {
            assertThat(gateway.isServed()).isFalse();
            join(socket);
            gateway.awaitServed(true);
            write(socket, "<message from='echo.localhost' to='romeo@localhost'><body>hello</body></message>");
            assertThat(gateway.stanza().payload()).hasToString("<body>hello</body>");
            gateway.says(ECHO, "and back");
            assertThat(readUntil(socket, "</message>")).contains("<body>and back</body>");
        }
    }

    @Test
    void weConnectAgain() throws Exception {
        try (Socket first = accept()) {
            join(first);
            gateway.awaitServed(true);
        }
        accept().close();
        try (Socket third = accept()) {
            gateway.says(ECHO, "meanwhile");
            join(third);
            assertThat(readUntil(third, "</message>")).contains("<body>meanwhile</body>");
        }
    }

    /// While this process may not connect the component has not failed: after the first 4 s it would
    /// be left alone for 4 s more at least.
    @Test
    void weConnectAgainSoonAfterHavingBeenCutOff() throws Exception {
        gateway.close();
        accept().close();
        gateway = gateway("4 s");
        try (Socket first = accept()) {
            join(first);
            gateway.awaitServed(true);
            gateway.isolated(true);
            gateway.awaitServed(false);
            Awaitility.await().during(Duration.ofMillis(4_200)).until(() -> !gateway.isServed());
            gateway.isolated(false);
            listener.setSoTimeout(1_700);
            accept().close();
        }
    }

    @Test
    void whoSpeaksForAnotherIsLeft() throws Exception {
        try (Socket socket = accept()) {
            join(socket);
            write(socket, "<message from='juliet@localhost' to='romeo@localhost'><body>hello</body></message>");
            assertThat(readUntil(socket, "</stream:stream>")).contains("<invalid-from ");
        }
        accept().close();
        assertThat(gateway.rest()).isEmpty();
    }

    @Test
    void nothingIsTakenBeforeTheHandshakeIsAccepted() throws Exception {
        try (Socket socket = accept()) {
            readUntil(socket, "from=");
            write(socket, ANSWER + "<message from='echo.localhost' to='romeo@localhost'><body>hello</body></message>");
            assertThat(readUntil(socket, "</stream:stream>")).contains("<not-authorized ");
        }
        assertThat(gateway.rest()).isEmpty();
        assertThat(gateway.isServed()).isFalse();
    }
}
