package im.stanzabus.s2s.component;

import static im.stanzabus.s2s.component.TestGateway.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.SessionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A component whose host takes little at a time, and which reads slowly or not at all.
@Timeout(60)
class SlowComponentTest {
    private static final int COUNT = 80;
    private static final String LARGE = "o".repeat(100_000);
    private static final String LAST = "That is all";
    private static final int AT_ONCE = 65_536;

    private ServerSocket listener;
    private TestGateway gateway;
    private Socket component;

    @BeforeEach
    void start() throws Exception {
        listener = new ServerSocket();
        listener.setReceiveBufferSize(16_384);
        listener.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.setSoTimeout(10_000);
        gateway = new TestGateway("""
                components:
                  domains: [{domain: echo.localhost, secret: s3cr3t-of-echo, connect: '127.0.0.1:%d'}]
                timeouts: {answer: 2 s}
                retry: {first: 50 ms}
                """.formatted(listener.getLocalPort()));
        try (Socket first = join()) {
            ConnectedComponentTest.write(first, "</stream:stream>");
            ConnectedComponentTest.readUntil(first, "</stream:stream>");
        }
        for (int i = 0; i < COUNT; i++) {
            gateway.says(ECHO, i < COUNT - 1 ? LARGE : LAST);
        }
        component = join();
    }

    private Socket join() throws Exception {
        Socket socket = listener.accept();
        socket.setSoTimeout(10_000);
        ConnectedComponentTest.join(socket);
        gateway.awaitServed(true);
        return socket;
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        component.close();
        listener.close();
    }

    private List<SessionEvent.Accepted> accepted() {
        return gateway.rest().stream()
                .filter(SessionEvent.Accepted.class::isInstance)
                .map(SessionEvent.Accepted.class::cast)
                .toList();
    }

    /// It takes longer than the connection may stand still, but it never does.
    @Test
    void whoReadsSlowlyIsNotGivenUp() throws Exception {
        CompletableFuture<Integer> messages = new CompletableFuture<>();
        StringBuilder read = new StringBuilder();
        try (ScheduledExecutorService reader = Executors.newSingleThreadScheduledExecutor()) {
            reader.scheduleAtFixedRate(
                    () -> {
                        if (!readSome(read) || isOver(read)) {
                            messages.complete(read.toString().split("</message>", -1).length - 1);
                            reader.shutdown();
                        }
                    },
                    0,
                    40,
                    TimeUnit.MILLISECONDS);
            assertThat(messages.get(30, TimeUnit.SECONDS)).isEqualTo(COUNT);
        }
        List<SessionEvent.Accepted> accepted = new ArrayList<>();
        Awaitility.await().until(() -> {
            accepted.addAll(accepted());
            return accepted.size() == COUNT;
        });
    }

    private boolean readSome(StringBuilder read) {
        try {
            InputStream in = component.getInputStream();
            byte[] bytes = new byte[AT_ONCE];
            int count = 0;
            int more = 1;
            while (count < AT_ONCE && more > 0 && !isOver(read)) {
                more = in.read(bytes, 0, AT_ONCE - count);
                if (more > 0) {
                    read.append(new String(bytes, 0, more, StandardCharsets.ISO_8859_1));
                    count += more;
                }
            }
            return more > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isOver(StringBuilder read) {
        return read.indexOf(LAST, Math.max(0, read.length() - 100)) > 0;
    }

    /// Whoever vanishes says nothing, and what was sent is not taken: only the operating system knows.
    @Test
    void aHostThatDoesNotAnswerIsGivenUpByTheOperatingSystem() {
        assertThat(gateway.parts.connecting().getTcpUserTimeout()).isEqualTo(2_000);
        assertThat(gateway.parts.listening().getTcpUserTimeout()).isEqualTo(2_000);
    }

    /// What it has not read is lost with it where the operating system has it: that is little.
    @Test
    void littleIsTakenForWhoDoesNotRead() {
        List<SessionEvent.Accepted> accepted = new ArrayList<>();
        Awaitility.await().during(Duration.ofSeconds(1)).until(() -> !accepted.addAll(accepted()));
        assertThat(accepted).hasSizeLessThan(6);
    }
}
