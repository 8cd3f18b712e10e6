package im.stanzabus.s2s.remote;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.s2s.dns.IpFamily;
import im.stanzabus.s2s.dns.Location;
import im.stanzabus.s2s.dns.Target;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// RFC 8305 with the times that it recommends.
class RaceTest {
    private static final Target A = new Target("a.example", 5269, false);
    private static final Target B = new Target("b.example", 5270, true);
    private static final Target C = new Target("c.example", 5269, false);

    private final FakeTimers timers = new FakeTimers();
    private final FakeNetwork network = new FakeNetwork(timers);
    private final Race<String> race = new Race<>(network, network, timers, Pace.DEFAULT);

    private void start(Target... targets) {
        race.start(Future.succeededFuture(new Location.Served(List.of(targets))));
    }

    private Race.Won<String> won() {
        assertThat(race.result().succeeded()).isTrue();
        assertThat(timers.running()).isZero();
        return race.result().result();
    }

    private Unreachable lost() {
        assertThat(race.result().cause()).isInstanceOf(Unreachable.class);
        assertThat(timers.running()).isZero();
        return (Unreachable) race.result().cause();
    }

    /// Section 4 and 5.
    @Test
    void familiesTakeTurnsBeginningWithIpv6() {
        network.host("a.example", "192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2");
        start(A);
        timers.pass(2_000);

        assertThat(network.log)
                .containsExactly(
                        "0 2001:db8::1/5269",
                        "250 192.0.2.1/5269",
                        "500 2001:db8::2/5269",
                        "750 192.0.2.2/5269",
                        "1000 192.0.2.3/5269");
    }

    @Test
    void theNextAddressIsTriedAtOnceAfterAFailure() {
        network.host("a.example", "192.0.2.1", "2001:db8::1", "2001:db8::2");
        start(A);
        timers.pass(100);
        network.refuse("2001:db8::1/5269");
        timers.pass(250);

        assertThat(network.log).containsExactly("0 2001:db8::1/5269", "100 192.0.2.1/5269", "350 2001:db8::2/5269");
    }

    @Test
    void theFirstConnectionWinsAndTheOthersAreClosed() {
        network.host("a.example", "192.0.2.1", "2001:db8::1", "2001:db8::2");
        start(A, B);
        timers.pass(600);
        network.accept("192.0.2.1/5269");

        assertThat(won()).isEqualTo(new Race.Won<>("192.0.2.1/5269", A, List.of(B)));

        network.accept("2001:db8::1/5269");
        network.refuse("2001:db8::2/5269");
        timers.pass(60_000);
        assertThat(network.closed).containsExactly("2001:db8::1/5269");
        assertThat(network.log).hasSize(3);
    }

    /// Section 3: the resolution delay.
    @Test
    void ipv6AddressesAreWaitedForBriefly() {
        network.host("a.example", "192.0.2.1");
        Promise<List<InetAddress>> ipv6 = network.slow("a.example", IpFamily.V6);
        start(A);
        timers.pass(40);
        ipv6.complete(List.of(InetAddress.ofLiteral("2001:db8::1")));
        timers.pass(300);

        assertThat(network.log).containsExactly("40 2001:db8::1/5269", "290 192.0.2.1/5269");
    }

    @Test
    void butNotForLong() {
        network.host("a.example", "192.0.2.1", "192.0.2.2");
        Promise<List<InetAddress>> ipv6 = network.slow("a.example", IpFamily.V6);
        start(A);
        timers.pass(60);
        ipv6.complete(List.of(InetAddress.ofLiteral("2001:db8::1")));
        timers.pass(600);

        assertThat(network.log).containsExactly("50 192.0.2.1/5269", "300 2001:db8::1/5269", "550 192.0.2.2/5269");
    }

    @Test
    void andNotAtAllWhenThereAreNone() {
        network.host("a.example", "192.0.2.1");
        start(A);

        assertThat(network.log).containsExactly("0 192.0.2.1/5269");
    }

    @Test
    void ipv4AddressesThatComeLateAreTriedToo() {
        network.host("a.example", "2001:db8::1");
        Promise<List<InetAddress>> ipv4 = network.slow("a.example", IpFamily.V4);
        start(A);
        network.refuse("2001:db8::1/5269");
        timers.pass(3_000);
        ipv4.complete(List.of(InetAddress.ofLiteral("192.0.2.1")));

        assertThat(network.log).containsExactly("0 2001:db8::1/5269", "3000 192.0.2.1/5269");
    }

    @Test
    void theNextTargetIsTriedWhenAllAddressesOfOneHaveFailed() {
        network.host("a.example", "192.0.2.1", "192.0.2.2").host("b.example", "192.0.2.3");
        start(A, B, C);
        network.refuse("192.0.2.1/5269");
        network.refuse("192.0.2.2/5269");
        network.accept("192.0.2.3/5270");

        assertThat(won()).isEqualTo(new Race.Won<>("192.0.2.3/5270", B, List.of(C)));
        assertThat(timers.now()).isZero();
    }

    @Test
    void targetsWithoutAddressesAreSkipped() {
        network.slow("b.example", IpFamily.V6).fail("192.0.2.53:53 says SERVFAIL(2)");
        network.host("c.example", "192.0.2.1");
        start(A, B, C);
        network.accept("192.0.2.1/5269");

        assertThat(won().target()).isEqualTo(C);
    }

    /// A server far away must not lose against the one that is only there in case it is down.
    @Test
    void aSlowTargetIsNotGivenUpSoon() {
        network.host("a.example", "192.0.2.1").host("b.example", "192.0.2.2");
        start(A, B);
        timers.pass(4_900);

        assertThat(network.log).containsExactly("0 192.0.2.1/5269");
    }

    @Test
    void aTargetThatDoesNotAnswerDoesNotKeepFromTheNext() {
        network.host("a.example", "192.0.2.1").host("b.example", "192.0.2.2");
        start(A, B);
        timers.pass(5_000);
        assertThat(network.log).containsExactly("0 192.0.2.1/5269", "5000 192.0.2.2/5270");

        network.refuse("192.0.2.2/5270");
        network.accept("192.0.2.1/5269");
        assertThat(won().target()).isEqualTo(A);
    }

    @Test
    void aLookUpThatDoesNotEndDoesNotKeepFromTheNext() {
        network.slow("a.example", IpFamily.V6);
        network.slow("a.example", IpFamily.V4);
        network.host("b.example", "192.0.2.2");
        start(A, B);
        timers.pass(5_000);

        assertThat(network.log).containsExactly("5000 192.0.2.2/5270");
    }

    @Test
    void whyThereIsNoConnectionIsToldInOneLine() {
        network.host("a.example", "192.0.2.1", "2001:db8::1");
        network.slow("b.example", IpFamily.V6).fail("192.0.2.53:53 does not answer");
        start(A, B, C);
        network.refuse("2001:db8::1/5269");
        network.refuse("192.0.2.1/5269");

        assertThat(lost())
                .hasMessage("a.example:5269: 2001:db8::1 refused, 192.0.2.1 refused; "
                        + "b.example:5270 (TLS): DNS: 192.0.2.53:53 does not answer; c.example:5269: no address");
        assertThat(lost().condition()).isEqualTo(Condition.REMOTE_SERVER_TIMEOUT);
    }

    /// RFC 6120 section 8.3.3.16.
    @Test
    void aDomainWithoutAnyAddressIsNotFound() {
        start(A, B);

        assertThat(lost().condition()).isEqualTo(Condition.REMOTE_SERVER_NOT_FOUND);
        assertThat(lost()).hasMessage("a.example:5269: no address; b.example:5270 (TLS): no address");
    }

    @Test
    void aDomainThatMayHaveAnAddressIsNotSaidNotToExist() {
        network.slow("a.example", IpFamily.V4).fail("192.0.2.53:53 does not answer");
        start(A, B);

        assertThat(lost().condition()).isEqualTo(Condition.REMOTE_SERVER_TIMEOUT);
    }

    @Test
    void allOfItIsBoundedInTime() {
        network.host("a.example", "192.0.2.1").host("b.example", "192.0.2.2");
        start(A, B);
        timers.pass(19_999);
        assertThat(race.result().isComplete()).isFalse();
        timers.pass(1);

        assertThat(lost().condition()).isEqualTo(Condition.REMOTE_SERVER_TIMEOUT);
        assertThat(lost()).hasMessage("a.example:5269: 192.0.2.1 no answer; b.example:5270 (TLS): 192.0.2.2 no answer");
        network.accept("192.0.2.1/5269");
        assertThat(network.closed).containsExactly("192.0.2.1/5269");
    }

    @Test
    void alsoTheLookUp() {
        Promise<Location> location = Promise.promise();
        race.start(location.future());
        timers.pass(20_000);

        assertThat(lost()).hasMessage("DNS: no answer");
        assertThat(lost().condition()).isEqualTo(Condition.REMOTE_SERVER_TIMEOUT);
        location.complete(new Location.Served(List.of(A)));
        assertThat(network.log).isEmpty();
    }

    @Test
    void whatDnsSaysDecidesOnTheError() {
        race.start(Future.succeededFuture(new Location.NotServed("the domain offers no XMPP service")));
        assertThat(lost().condition()).isEqualTo(Condition.REMOTE_SERVER_NOT_FOUND);

        Race<String> other = new Race<>(network, network, timers, Pace.DEFAULT);
        other.start(Future.succeededFuture(new Location.Unknown("DNS: 192.0.2.53:53 does not answer")));
        assertThat(other.result().cause())
                .isInstanceOfSatisfying(
                        Unreachable.class,
                        why -> assertThat(why.condition()).isEqualTo(Condition.REMOTE_SERVER_TIMEOUT))
                .hasMessage("DNS: 192.0.2.53:53 does not answer");
    }

    @Test
    void itCanBeCancelled() {
        network.host("a.example", "192.0.2.1", "192.0.2.2");
        start(A);
        race.cancel();

        assertThat(race.result().cause()).isInstanceOf(CancellationException.class);
        assertThat(timers.running()).isZero();
        network.accept("192.0.2.1/5269");
        assertThat(network.closed).containsExactly("192.0.2.1/5269");
        race.cancel();
    }

    @Test
    void cancellingDoesNothingAfterTheEnd() {
        network.host("a.example", "192.0.2.1");
        start(A);
        network.accept("192.0.2.1/5269");
        race.cancel();

        assertThat(won().connection()).isEqualTo("192.0.2.1/5269");
        assertThat(network.closed).isEmpty();
    }

    /// A domain decides how many addresses its hosts have, not how many connections we try to open.
    @Test
    void aHostWithVeryManyAddressesIsGivenUpAtSomePoint() {
        String[] many = IntStream.range(1, 60).mapToObj(i -> "192.0.2." + i).toArray(String[]::new);
        network.host("a.example", many).host("b.example", "198.51.100.1");
        start(A, B);
        for (int i = 1; i <= 16; i++) {
            network.refuse("192.0.2." + i + "/5269");
        }

        assertThat(network.log).hasSize(17).endsWith("0 198.51.100.1/5270");
    }
}
