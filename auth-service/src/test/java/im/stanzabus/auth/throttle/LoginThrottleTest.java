package im.stanzabus.auth.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.Jid;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
    private static final Jid JULIET = Jid.of("juliet@example.org");
    private static final String HOME = "192.0.2.1";

    private final AtomicLong ticks = new AtomicLong();
    private final LoginThrottle throttle =
            new LoginThrottle(new LoginThrottle.Limits(Duration.ofMinutes(5), 3, 10, 20), ticks::get);

    private void pass(Duration time) {
        ticks.addAndGet(time.toNanos());
    }

    private void logIn(String address) {
        assertThat(throttle.admit(JULIET, address)).isTrue();
        throttle.succeeded(JULIET, address);
    }

    @Test
    void blocksAnAccountFromOneAddress() {
        for (int i = 0; i < 3; i++) {
            assertThat(throttle.isBlocked(JULIET, HOME)).isFalse();
            assertThat(throttle.admit(JULIET, HOME)).isTrue();
        }
        assertThat(throttle.isBlocked(JULIET, HOME)).isTrue();
        assertThat(throttle.admit(JULIET, HOME)).isFalse();
        assertThat(throttle.admit(JULIET, "192.0.2.2")).isTrue();
    }

    @Test
    void blockEndsWithItsWindowHoweverOftenItIsTried() {
        for (int minute = 0; minute < 5; minute++) {
            for (int i = 0; i < 50; i++) {
                throttle.admit(JULIET, HOME);
            }
            assertThat(throttle.isBlocked(JULIET, HOME)).isTrue();
            pass(Duration.ofMinutes(1));
        }
        assertThat(throttle.admit(JULIET, HOME)).isTrue();
    }

    @Test
    void blocksAnAddressOverManyAccounts() {
        for (int i = 0; i < 10; i++) {
            assertThat(throttle.admit(Jid.of("user" + i + "@example.org"), HOME))
                    .isTrue();
        }
        assertThat(throttle.isBlocked(JULIET, HOME)).isTrue();
        assertThat(throttle.admit(JULIET, HOME)).isFalse();
    }

    @Test
    void ownSuccessDoesNotClearTheAddress() {
        for (int i = 0; i < 10; i++) {
            assertThat(throttle.admit(Jid.of("user" + i + "@example.org"), HOME))
                    .isTrue();
            if (i < 9) {
                logIn(HOME);
            }
        }
        assertThat(throttle.isBlocked(JULIET, HOME)).isTrue();
    }

    @Test
    void manyAddressesCannotLockTheUserOutAtHome() {
        logIn(HOME);
        for (int i = 0; i < 100; i++) {
            throttle.admit(JULIET, "198.51.100." + i);
        }
        assertThat(throttle.isBlocked(JULIET, "203.0.113.1"))
                .as("a new address")
                .isTrue();
        assertThat(throttle.admit(JULIET, "203.0.113.1")).isFalse();
        assertThat(throttle.isBlocked(JULIET, HOME)).isFalse();
        logIn(HOME);
    }

    @Test
    void attemptThatIsTurnedAwayCountsNowhere() {
        for (int i = 0; i < 3; i++) {
            throttle.admit(JULIET, HOME);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(throttle.admit(JULIET, HOME)).isFalse();
        }
        assertThat(throttle.isBlocked(Jid.of("romeo@example.org"), HOME)).isFalse();
    }

    @Test
    void attemptThatCouldNotBeCheckedIsTakenBack() {
        for (int i = 0; i < 100; i++) {
            assertThat(throttle.admit(JULIET, HOME)).isTrue();
            throttle.takeBack(JULIET, HOME);
        }
        assertThat(throttle.isBlocked(JULIET, HOME)).isFalse();
    }

    @Test
    void keepsABoundedNumberOfKeys() {
        WindowCounter<Integer> counter = new WindowCounter<>(ticks::get, Duration.ofMinutes(5), 3, 1_000);
        for (int i = 0; i < 100_000; i++) {
            counter.tryAdd(i);
        }
        assertThat(counter.size()).isLessThanOrEqualTo(1_000);
    }

    @Test
    void forgetsWhatIsOver() {
        WindowCounter<String> counter = new WindowCounter<>(ticks::get, Duration.ofMinutes(5), 1);
        assertThat(counter.tryAdd("a")).isTrue();
        assertThat(counter.tryAdd("a")).isFalse();
        pass(Duration.ofMinutes(5));
        assertThat(counter.isFull("a")).isFalse();
        assertThat(counter.size()).isZero();
    }

    @Test
    void networkOfAnAddress() {
        assertThat(PeerAddress.of("192.0.2.1")).isNotEqualTo(PeerAddress.of("192.0.2.2"));
        assertThat(PeerAddress.of("2001:db8:1:2:3::4")).isEqualTo(PeerAddress.of("2001:db8:1:2::5"));
        assertThat(PeerAddress.of("2001:db8:1:2::5")).isNotEqualTo(PeerAddress.of("2001:db8:1:3::5"));
        assertThat(PeerAddress.of("::ffff:192.0.2.1")).isEqualTo(PeerAddress.of("192.0.2.1"));
        assertThat(PeerAddress.of("not:an:address").network()).isEqualTo("not:an:address");
    }
}
