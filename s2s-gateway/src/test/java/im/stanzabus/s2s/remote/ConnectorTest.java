package im.stanzabus.s2s.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import im.stanzabus.s2s.dns.Dns;
import im.stanzabus.s2s.dns.DnsConfig;
import im.stanzabus.s2s.dns.Target;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.testkit.DnsServer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.net.NetSocketInternal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Over real sockets of this machine.
@Timeout(60)
class ConnectorTest {
    private static final String DOMAIN = "capulet.example";
    private static final String SERVICE = "_xmpp-server._tcp.capulet.example";
    private static final Pace PACE = new Pace(
            Duration.ofMillis(250),
            Duration.ofMillis(50),
            Duration.ofMillis(700),
            Duration.ofSeconds(10),
            Duration.ofSeconds(15));

    private static final int SILENCE = 7_000;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final Context context = vertx.getOrCreateContext();
    private final DnsServer server = DnsServer.start();
    private Connector connector = connector(PACE);

    @BeforeEach
    void offer() {
        server.host("v4.capulet.example", "127.0.0.1");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Connector connector(Pace pace) {
        Dns dns = new Dns(
                context,
                new DnsConfig(
                        List.of(server.address()),
                        Duration.ofSeconds(8),
                        1,
                        Duration.ofHours(1),
                        Duration.ofMinutes(1),
                        1 << 20));
        return new Connector(context, dns, pace, SILENCE);
    }

    private <T> T call(Supplier<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        context.runOnContext(_ -> result.complete(task.get()));
        return result.get(20, TimeUnit.SECONDS);
    }

    private Connected connect(String domain, @Nullable Target instead) throws Exception {
        return await(call(() -> connector.connect(domain, instead)));
    }

    private static Connected await(Attempt<Connected> attempt) throws Exception {
        try {
            return attempt.result().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private Unreachable unreachable(String domain, @Nullable Target instead) throws Exception {
        try {
            connect(domain, instead);
        } catch (Unreachable e) {
            return e;
        }
        throw new AssertionError("there is a connection");
    }

    private static ServerSocket listen(String address, int port) throws IOException {
        return new ServerSocket(port, 50, InetAddress.ofLiteral(address));
    }

    private static int refused(String address) throws IOException {
        try (ServerSocket listener = listen(address, 0)) {
            return listener.getLocalPort();
        }
    }

    private static void assumeIpv6() {
        boolean available = true;
        try {
            listen("::1", 0).close();
        } catch (IOException e) {
            available = false;
        }
        assumeTrue(available, "this machine has no IPv6");
    }

    /// What the service says comes to what was connected.
    private static void meets(Connected connected, ServerSocket listener) throws Exception {
        CompletableFuture<String> read = new CompletableFuture<>();
        connected.socket().handler(bytes -> read.complete(bytes.toString()));
        try (Socket accepted = listener.accept()) {
            accepted.getOutputStream().write("Wherefore art thou?".getBytes(StandardCharsets.UTF_8));
            assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo("Wherefore art thou?");
            connected
                    .socket()
                    .write("Here")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            assertThat(accepted.getInputStream().readNBytes(4))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("Here");
        }
    }

    @Test
    void aDomainIsConnectedToWhereItIsServed() throws Exception {
        try (ServerSocket listener = listen("127.0.0.1", 0)) {
            server.service("_xmpps-server._tcp.capulet.example", 1, 0, listener.getLocalPort(), "v4.capulet.example");
            server.service(SERVICE, 2, 0, 5269, "other.capulet.example");

            Connected connected = connect(DOMAIN, null);

            assertThat(connected.target()).isEqualTo(new Target("v4.capulet.example", listener.getLocalPort(), true));
            assertThat(connected.others()).containsExactly(new Target("other.capulet.example", 5269, false));
            meets(connected, listener);
        }
    }

    @Test
    void ipv6IsTriedFirst() throws Exception {
        assumeIpv6();
        try (ServerSocket ipv6 = listen("::1", 0);
                ServerSocket _ = listen("127.0.0.7", ipv6.getLocalPort())) {
            server.host("both.capulet.example", "127.0.0.7", "::1");
            server.service(SERVICE, 1, 0, ipv6.getLocalPort(), "both.capulet.example");

            meets(connect(DOMAIN, null), ipv6);
        }
    }

    @Test
    void anAddressThatRefusesIsPassedOver() throws Exception {
        assumeIpv6();
        try (ServerSocket listener = listen("127.0.0.3", 0)) {
            server.host("some.capulet.example", "::1", "127.0.0.2", "127.0.0.3");
            server.service(SERVICE, 1, 0, listener.getLocalPort(), "some.capulet.example");

            meets(connect(DOMAIN, null), listener);
        }
    }

    @Test
    void anAddressThatDoesNotAnswerDoesNotHoldUp() throws Exception {
        try (BlackHole hole = new BlackHole("127.0.0.2", 0);
                ServerSocket listener = listen("127.0.0.3", hole.port())) {
            server.host("some.capulet.example", "127.0.0.2", "127.0.0.3");
            server.service(SERVICE, 1, 0, hole.port(), "some.capulet.example");
            long begin = System.nanoTime();

            Connected connected = connect(DOMAIN, null);

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
            meets(connected, listener);
        }
    }

    @Test
    void aTargetThatDoesNotAnswerDoesNotHoldUp() throws Exception {
        try (BlackHole hole = new BlackHole("127.0.0.2", 0);
                ServerSocket listener = listen("127.0.0.1", 0)) {
            server.host("hole.capulet.example", "127.0.0.2");
            server.service(SERVICE, 1, 0, hole.port(), "hole.capulet.example");
            server.service(SERVICE, 2, 0, listener.getLocalPort(), "v4.capulet.example");

            Connected connected = connect(DOMAIN, null);

            assertThat(connected.target().host()).isEqualTo("v4.capulet.example");
            meets(connected, listener);
        }
    }

    @Test
    void whereEverybodyRefusesThereIsNoConnection() throws Exception {
        int first = refused("127.0.0.1");
        server.service(SERVICE, 1, 0, first, "v4.capulet.example");
        server.service(SERVICE, 2, 0, 5269, "nowhere.capulet.example");

        Unreachable why = unreachable(DOMAIN, null);

        assertThat(why.condition()).isEqualTo(Condition.REMOTE_SERVER_TIMEOUT);
        assertThat(why)
                .hasMessage("v4.capulet.example:" + first
                        + ": 127.0.0.1 refused; nowhere.capulet.example:5269: no address");
    }

    @Test
    void whereNobodyAnswersItIsGivenUp() throws Exception {
        connector = connector(new Pace(
                Duration.ofMillis(250),
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofMillis(800)));
        try (BlackHole hole = new BlackHole("127.0.0.2", 0)) {
            Unreachable why = unreachable(DOMAIN, new Target("127.0.0.2", hole.port(), false));

            assertThat(why.condition()).isEqualTo(Condition.REMOTE_SERVER_TIMEOUT);
            assertThat(why).hasMessage("127.0.0.2:" + hole.port() + ": 127.0.0.2 no answer");
        }
    }

    @Test
    void oneAttemptIsBoundedInTimeToo() throws Exception {
        connector = connector(new Pace(
                Duration.ofMillis(250),
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                Duration.ofMillis(600),
                Duration.ofSeconds(25)));
        try (BlackHole hole = new BlackHole("127.0.0.2", 0)) {
            long begin = System.nanoTime();
            Unreachable why = unreachable(DOMAIN, new Target("127.0.0.2", hole.port(), false));

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
            assertThat(why).hasMessage("127.0.0.2:" + hole.port() + ": 127.0.0.2 no answer");
        }
    }

    @Test
    void aDomainThatDoesNotExistIsNotFound() throws Exception {
        Unreachable why = unreachable("montague.example", null);

        assertThat(why.condition()).isEqualTo(Condition.REMOTE_SERVER_NOT_FOUND);
        assertThat(why).hasMessage("montague.example:5269: no address");
    }

    @Test
    void aDomainWithoutXmppIsNotFound() throws Exception {
        server.service(SERVICE, 0, 0, 0, ".").host(DOMAIN, "127.0.0.1");

        Unreachable why = unreachable(DOMAIN, null);

        assertThat(why.condition()).isEqualTo(Condition.REMOTE_SERVER_NOT_FOUND);
        assertThat(why).hasMessage("the domain offers no XMPP service");
    }

    @Test
    void aDomainThatNobodyKnowsAboutMayExist() throws Exception {
        server.fails(SERVICE);

        assertThat(unreachable(DOMAIN, null).condition()).isEqualTo(Condition.REMOTE_SERVER_TIMEOUT);
    }

    @Test
    void aKnownTargetIsUsedInPlaceOfDns() throws Exception {
        try (ServerSocket listener = listen("127.0.0.1", 0)) {
            server.service(SERVICE, 1, 0, refused("127.0.0.1"), "v4.capulet.example");
            Target instead = new Target("v4.capulet.example", listener.getLocalPort(), true);

            Connected connected = connect(DOMAIN, instead);

            assertThat(connected.target()).isEqualTo(instead);
            meets(connected, listener);
            assertThat(server.asked()).noneMatch(question -> question.contains("SRV"));
        }
    }

    @Test
    void theOtherTargetsCanBeTriedLater() throws Exception {
        try (ServerSocket first = listen("127.0.0.1", 0);
                ServerSocket second = listen("127.0.0.1", 0)) {
            server.service(SERVICE, 1, 0, first.getLocalPort(), "v4.capulet.example");
            server.service(SERVICE, 2, 0, second.getLocalPort(), "v4.capulet.example");
            Connected connected = connect(DOMAIN, null);

            meets(await(call(() -> connector.connect(connected.others()))), second);
        }
    }

    @Test
    void aConnectionThatComesAfterCancellingIsClosed() throws Exception {
        try (BlackHole hole = new BlackHole("127.0.0.2", 0)) {
            Attempt<Connected> attempt =
                    call(() -> connector.connect(DOMAIN, new Target("127.0.0.2", hole.port(), false)));
            Promise<Connected> result = Promise.promise();
            context.runOnContext(_ -> {
                attempt.cancel();
                attempt.result().onComplete(result);
            });

            assertThat(result.future()
                            .otherwiseEmpty()
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS))
                    .isNull();
            assertThat(result.future().cause()).isInstanceOf(CancellationException.class);
            try (Socket late = hole.open()) {
                assertThat(late.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    /// Otherwise a quarter of an hour goes by until TCP gives up a host that has vanished.
    @Test
    void tcpSoonGivesUpAHostThatConfirmsNothing() throws Exception {
        try (ServerSocket listener = listen("127.0.0.1", 0)) {
            Connected connected = connect(DOMAIN, new Target("127.0.0.1", listener.getLocalPort(), false));

            Channel channel = ((NetSocketInternal) connected.socket())
                    .channelHandlerContext()
                    .channel();
            assumeTrue(channel.getClass().getName().contains("epoll"), "only Linux can do this");
            ChannelOption<Integer> userTimeout =
                    ChannelOption.valueOf("io.netty.channel.epoll.EpollChannelOption#TCP_USER_TIMEOUT");
            assertThat(channel.config().getOption(userTimeout)).isEqualTo(SILENCE);
        }
    }
}
