package im.stanzabus.s2s.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.testkit.DnsServer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// With name servers on the loopback interface.
@Timeout(60)
class DnsTest {
    private static final Duration BRIEF = Duration.ofMillis(800);
    private static final String SERVICE = "_xmpp-server._tcp.capulet.example";

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final Context context = vertx.getOrCreateContext();
    private final DnsServer server = DnsServer.start();
    private final DnsServer second = DnsServer.start();

    @AfterEach
    void stop() throws Exception {
        server.close();
        second.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Dns dns(InetSocketAddress... servers) {
        return dns(Duration.ofSeconds(8), 1, servers);
    }

    private Dns dns(Duration timeout, int rounds, InetSocketAddress... servers) {
        DnsConfig config =
                new DnsConfig(List.of(servers), timeout, rounds, Duration.ofHours(1), Duration.ofMinutes(1), 1 << 20);
        return new Dns(context, config);
    }

    private <T> T call(Supplier<Future<T>> task) throws Exception {
        Promise<T> result = Promise.promise();
        context.runOnContext(_ -> task.get().onComplete(result));
        return result.future().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static Location served(Target... targets) {
        return new Location.Served(List.of(targets));
    }

    @Test
    void bothKindsOfServicesAreFound() throws Exception {
        server.service(SERVICE, 20, 1, 5269, "XMPP.capulet.example");
        server.service("_xmpps-server._tcp.capulet.example", 10, 1, 5270, "xmpp.capulet.example");
        Dns dns = dns(server.address());

        assertThat(call(() -> dns.locate("capulet.example")))
                .isEqualTo(served(
                        new Target("xmpp.capulet.example", 5270, true),
                        new Target("xmpp.capulet.example", 5269, false)));
    }

    @Test
    void answersAreRememberedAlsoThatThereAreNone() throws Exception {
        server.service(SERVICE, 1, 1, 5269, "xmpp.capulet.example");
        Dns dns = dns(server.address());

        Location first = call(() -> dns.locate("capulet.example"));

        assertThat(server.asked()).hasSize(2);
        assertThat(call(() -> dns.locate("capulet.example"))).isEqualTo(first);
        assertThat(server.asked()).hasSize(2);
    }

    @Test
    void withoutServicesTheDomainIsTheTarget() throws Exception {
        server.host("capulet.example", "192.0.2.1", "192.0.2.2", "2001:db8::1");
        Dns dns = dns(server.address());

        assertThat(call(() -> dns.locate("capulet.example")))
                .isEqualTo(served(new Target("capulet.example", 5269, false)));
        assertThat(call(() -> dns.addresses("capulet.example", IpFamily.V4)))
                .containsExactlyInAnyOrder(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("192.0.2.2"));
        assertThat(call(() -> dns.addresses("capulet.example", IpFamily.V6)))
                .containsExactly(InetAddress.ofLiteral("2001:db8::1"));
        assertThat(call(() -> dns.addresses("montague.example", IpFamily.V4))).isEmpty();
    }

    @Test
    void aDomainMaySayThatItHasNoService() throws Exception {
        server.service(SERVICE, 0, 0, 0, ".");
        Dns dns = dns(server.address());

        assertThat(call(() -> dns.locate("capulet.example"))).isInstanceOf(Location.NotServed.class);
    }

    @Test
    void aliasesAreFollowed() throws Exception {
        server.alias(SERVICE, "srv.hosting.example").service("srv.hosting.example", 1, 1, 5269, "a.hosting.example");
        server.alias("a.hosting.example", "b.hosting.example").alias("b.hosting.example", "C.hosting.example");
        server.host("c.hosting.example", "192.0.2.3");
        Dns dns = dns(server.address());

        assertThat(call(() -> dns.locate("capulet.example")))
                .isEqualTo(served(new Target("a.hosting.example", 5269, false)));
        assertThat(call(() -> dns.addresses("a.hosting.example", IpFamily.V4)))
                .containsExactly(InetAddress.ofLiteral("192.0.2.3"));
        assertThat(call(() -> dns.addresses("a.hosting.example", IpFamily.V6))).isEmpty();
    }

    @Test
    void aliasesThatGoInCirclesLeadNowhere() throws Exception {
        server.alias("a.example", "b.example").alias("b.example", "a.example");
        Dns dns = dns(server.address());

        assertThat(call(() -> dns.addresses("a.example", IpFamily.V4))).isEmpty();
    }

    @Test
    void whatDoesNotFitIntoADatagramComesOverTcp() throws Exception {
        server.service(SERVICE, 1, 1, 5269, "xmpp.capulet.example").onlyByTcp(SERVICE);
        Dns dns = dns(server.address());

        assertThat(call(() -> dns.locate("capulet.example")))
                .isEqualTo(served(new Target("xmpp.capulet.example", 5269, false)));
        assertThat(server.asked()).contains("udp SRV " + SERVICE, "tcp SRV " + SERVICE);
    }

    @Test
    void largeAnswersAreTakenWhole() throws Exception {
        for (int i = 0; i < 60; i++) {
            server.service(SERVICE, i, 1, 5269, "a-host-with-quite-a-long-name-" + i + ".capulet.example");
        }
        Dns dns = dns(server.address());

        Location.Served found = (Location.Served) call(() -> dns.locate("capulet.example"));

        assertThat(found.targets()).hasSize(16);
        assertThat(found.targets().getFirst().host()).isEqualTo("a-host-with-quite-a-long-name-0.capulet.example");
        assertThat(server.asked()).contains("tcp SRV " + SERVICE);
    }

    @Test
    void theNextServerIsAskedWhenOneIsSilent() throws Exception {
        server.silent(SERVICE);
        second.service(SERVICE, 1, 1, 5269, "xmpp.capulet.example");
        Dns dns = dns(BRIEF, 1, server.address(), second.address());

        assertThat(call(() -> dns.locate("capulet.example")))
                .isEqualTo(served(new Target("xmpp.capulet.example", 5269, false)));
    }

    @Test
    void theNextServerIsAskedWhenOneFails() throws Exception {
        server.fails(SERVICE);
        second.service(SERVICE, 1, 1, 5269, "xmpp.capulet.example");
        Dns dns = dns(server.address(), second.address());

        assertThat(call(() -> dns.locate("capulet.example")))
                .isEqualTo(served(new Target("xmpp.capulet.example", 5269, false)));
    }

    /// A datagram may be lost.
    @Test
    void aServerIsAskedAgain() throws Exception {
        server.silent(SERVICE);
        Dns dns = dns(BRIEF, 3, server.address());

        assertThat(call(() -> dns.locate("capulet.example"))).isInstanceOf(Location.Unknown.class);
        assertThat(server.asked().stream().filter(("udp SRV " + SERVICE)::equals))
                .hasSize(3);
    }

    @Test
    void whenNobodySaysWhereItIsThatIsTold() throws Exception {
        server.fails(SERVICE).silent("_xmpp-server._tcp.montague.example").fails("xmpp.capulet.example");
        Dns dns = dns(BRIEF, 1, server.address());
        String address = "127.0.0.1:" + server.address().getPort();

        assertThat(call(() -> dns.locate("capulet.example")))
                .isEqualTo(new Location.Unknown("DNS: " + address + " says ServFail(2)"));
        assertThat(call(() -> dns.locate("montague.example")))
                .isEqualTo(new Location.Unknown("DNS: " + address + " does not answer"));
        assertThatThrownBy(() -> call(() -> dns.addresses("xmpp.capulet.example", IpFamily.V4)))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(DnsFailure.class);
    }

    /// What comes from DNS goes to the log and to TLS; it must be a host name.
    @Test
    void targetsThatAreNoHostNamesAreLeftOut() throws Exception {
        server.service(SERVICE, 1, 1, 5269, "a b.capulet.example");
        server.service(SERVICE, 1, 1, 5269, "line\nbreak.capulet.example");
        server.service(SERVICE, 1, 1, 5269, "\u00fc.capulet.example");
        server.service(SERVICE, 2, 1, 5269, "xmpp_1.capulet.example");
        Dns dns = dns(server.address());

        assertThat(call(() -> dns.locate("capulet.example")))
                .isEqualTo(served(new Target("xmpp_1.capulet.example", 5269, false)));
    }

    @Test
    void literalsAndTheHostsFileNeedNoServer() throws Exception {
        Dns dns = dns(server.address());

        assertThat(call(() -> dns.addresses("192.0.2.1", IpFamily.V4)))
                .containsExactly(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(call(() -> dns.addresses("192.0.2.1", IpFamily.V6))).isEmpty();
        assertThat(call(() -> dns.addresses("2001:db8::1", IpFamily.V6))).hasSize(1);
        assertThat(call(() -> dns.addresses("localhost", IpFamily.V4)))
                .containsExactly(InetAddress.ofLiteral("127.0.0.1"));
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void manyNamesAtOnceAreAllAnswered() throws Exception {
        for (int i = 0; i < 500; i++) {
            server.service("_xmpp-server._tcp.d" + i + ".example", 1, 1, 5269, "h" + i + ".example");
        }
        Dns dns = dns(Duration.ofSeconds(8), 3, server.address());

        List<Future<Location>> found = call(() -> {
            List<Future<Location>> all = IntStream.range(0, 500)
                    .mapToObj(i -> dns.locate("d" + i + ".example"))
                    .toList();
            return Future.all(all).map(all);
        });

        for (int i = 0; i < 500; i++) {
            assertThat(found.get(i).result()).isEqualTo(served(new Target("h" + i + ".example", 5269, false)));
        }
    }
}
